//! What rmcp knows of who sent a message.

use http::request::Parts;
use rmcp::RoleServer;
use rmcp::model::Extensions;
use rmcp::service::Peer;
use serde_json::{Map, Value};

use crate::operation::message::cut;

/// Longest name of a client that is copied, in bytes; of that the log has what it wants.
const MAX_NAME: usize = 128;

/// Where a message itself says what its client is.
const META_CLIENT_INFO: &str = "io.modelcontextprotocol/clientInfo";

/// A message's sender.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'a> {
    /// The head of the HTTP request that the message came in.
    pub(super) parts: Option<&'a Parts>,
    pub(super) extensions: &'a Extensions,
    pub(super) meta: &'a Map<String, Value>,
    pub(super) peer: &'a Peer<RoleServer>,
}

impl<'a> Origin<'a> {
    /// The head of the HTTP request that the message came in.
    pub(crate) fn parts(self) -> Option<&'a Parts> {
        self.parts
    }

    pub(crate) fn meta(self) -> &'a Map<String, Value> {
        self.meta
    }

    pub(crate) fn extension<T: Send + Sync + 'static>(self) -> Option<&'a T> {
        self.extensions.get()
    }

    /// The name that the client gives itself: of this very message, or, where there is a session, as
    /// it was initialised. Without one, rmcp makes a client up for the message.
    pub(crate) fn client_name(self, is_in_session: bool) -> Option<String> {
        let of_message = self.meta.get(META_CLIENT_INFO);
        if let Some(name) = of_message.and_then(|info| info.get("name")?.as_str()) {
            return Some(cut(name, MAX_NAME).to_owned());
        }
        let info = self.peer.peer_info().filter(|_| is_in_session)?;
        Some(cut(&info.client_info.name, MAX_NAME).to_owned())
    }
}
