//! What rmcp knows of a message.

use std::net::SocketAddr;

use http::request::Parts;
#[cfg(feature = "client")]
use rmcp::RoleClient;
use rmcp::RoleServer;
use rmcp::model::{Extensions, NotificationMetaObject, RequestId as Id};
use rmcp::service::{NotificationContext, Peer, RequestContext, ServiceRole};
use serde_json::{Map, Value};

use super::origin::Origin;
use crate::closed::{ProtocolVersion, Transport};
use crate::operation::message::{Message, RequestId};
use crate::security::Sender;

/// Where a message itself names its protocol version.
pub(super) const META_PROTOCOL_VERSION: &str = "io.modelcontextprotocol/protocolVersion";

/// What the peer said of itself when it initialised, and is of interest here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Initialized {
    version: ProtocolVersion,
    pub(super) takes_tasks: bool,
}

impl Initialized {
    /// Read in place: the accessors of rmcp copy.
    pub(super) fn of(peer: &Peer<RoleServer>) -> Option<Self> {
        peer.peer_info().map(|info| Self {
            version: ProtocolVersion::parse(info.protocol_version.as_str()),
            takes_tasks: info.capabilities.supports_tasks(),
        })
    }
}

/// The request, and what its peer initialised the session with, where that had to be asked for.
pub(super) fn of_request(
    context: &RequestContext<RoleServer>,
) -> (Message<'_>, Option<Initialized>) {
    let (message, initialized) = of(&context.meta, &context.extensions, &context.peer);
    let message = Message {
        request_id: Some(RequestId::of(&context.id)),
        ..message
    };
    (message, initialized)
}

pub(super) fn of_notification(context: &NotificationContext<RoleServer>) -> Message<'_> {
    of(meta_of(context), &context.extensions, &context.peer).0
}

/// The `_meta` of a notification: rmcp 3.11 takes the extensions out before it takes `_meta` out of
/// them, so that there it still is.
pub(super) fn meta_of<R: ServiceRole>(context: &NotificationContext<R>) -> &NotificationMetaObject {
    match context.extensions.get() {
        Some(meta) if context.meta.is_empty() => meta,
        _ => &context.meta,
    }
}

/// The version of the session that a server's messages belong to.
#[cfg(feature = "client")]
pub(super) fn version_of(peer: &Peer<RoleClient>) -> Option<ProtocolVersion> {
    let info = peer.peer_info()?;
    Some(ProtocolVersion::parse(info.protocol_version.as_str()))
}

impl<'a> RequestId<'a> {
    pub(super) fn of(id: &'a Id) -> Self {
        match id {
            Id::Number(id) => Self::Number(*id),
            Id::String(id) => Self::String(id),
        }
    }
}

fn of<'a>(
    meta: &'a Map<String, Value>,
    extensions: &'a Extensions,
    peer: &'a Peer<RoleServer>,
) -> (Message<'a>, Option<Initialized>) {
    let parts = extensions.get::<Parts>();
    // The version of this very request, or what the session was initialised with.
    let declared = meta.get(META_PROTOCOL_VERSION).and_then(Value::as_str);
    let initialized = match declared {
        Some(_) => None,
        None => Initialized::of(peer),
    };
    let origin = Origin {
        parts,
        extensions,
        meta,
        peer,
    };
    let message = Message {
        request_id: None,
        // A header proves nothing: see `Session::id`.
        session_id: None,
        protocol_version: declared
            .map(ProtocolVersion::parse)
            .or(initialized.map(|it| it.version)),
        transport: parts.map_or(Transport::Pipe, |parts| Transport::of_http(parts.version)),
        client: parts.and_then(client),
        sender: Sender::Rmcp(origin),
        ..Message::default()
    };
    (message, initialized)
}

fn client(parts: &Parts) -> Option<SocketAddr> {
    #[cfg(feature = "http")]
    {
        crate::http::client(&parts.extensions)
    }
    #[cfg(not(feature = "http"))]
    {
        let _ = parts;
        None
    }
}
