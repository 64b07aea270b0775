//! The places in which a message that is sent may have a `_meta`.

use rmcp::model::{
    ClientNotification, ClientRequest, CustomNotification, CustomRequest, GetExtensions,
    JsonObject, MetaObject, NotificationMetaObject, RequestMetaObject,
};
use serde_json::Value;

use crate::closed::ProtocolVersion;
use crate::context::carrier::Carrier;
use crate::rmcp::message::META_PROTOCOL_VERSION;

/// The first goes before the others on the wire.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layers<'a>([Option<&'a JsonObject>; 3]);

impl<'a> Layers<'a> {
    /// Those of a request that has `params` in its parameters.
    pub(super) fn of_request(
        request: &'a ClientRequest,
        params: Option<&'a RequestMetaObject>,
    ) -> Self {
        let params = match request {
            ClientRequest::CustomRequest(CustomRequest { params, .. }) => custom(params.as_ref()),
            _ => params.map(|meta| &meta.0.0),
        };
        let extensions = request.extensions();
        Self([
            extensions.get::<RequestMetaObject>().map(|meta| &meta.0.0),
            extensions.get::<MetaObject>().map(|meta| &meta.0),
            params,
        ])
    }

    pub(super) fn of_notification(notification: &'a ClientNotification) -> Self {
        let typed = |meta: &'a Option<NotificationMetaObject>| Some(&meta.as_ref()?.0.0);
        let params = match notification {
            ClientNotification::CancelledNotification(it) => typed(&it.params.meta),
            ClientNotification::ProgressNotification(it) => typed(&it.params.meta),
            ClientNotification::CustomNotification(CustomNotification { params, .. }) => {
                custom(params.as_ref())
            }
            _ => None,
        };
        let extensions = notification.extensions();
        Self([
            extensions
                .get::<NotificationMetaObject>()
                .map(|meta| &meta.0.0),
            extensions.get::<MetaObject>().map(|meta| &meta.0),
            params,
        ])
    }

    /// The protocol version that the message itself names: since 2026-07-28 every request does.
    pub(super) fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.get(META_PROTOCOL_VERSION).map(ProtocolVersion::parse)
    }
}

impl Carrier for Layers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let mut layers = self.0.iter().flatten();
        layers.find_map(|meta| Carrier::get(*meta, key))
    }
}

fn custom(params: Option<&Value>) -> Option<&JsonObject> {
    params?.get("_meta")?.as_object()
}
