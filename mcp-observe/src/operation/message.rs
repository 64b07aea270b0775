//! What a message says about itself, borrowed from wherever the server keeps it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use opentelemetry::KeyValue;

use super::side::Side;
use crate::closed::{HttpStatus, ProtocolVersion, Transport};
use crate::security::{Sender, UnknownHash};
use crate::semconv::attribute;
use crate::sent::endpoint::Endpoint;

/// Longest string of a peer's that goes onto a span, in bytes. Peers choose request ids, URIs and
/// session headers, and may choose megabytes.
const MAX_PEER_STRING: usize = 1_024;

/// The JSON-RPC id of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RequestId<'a> {
    Number(i64),
    String(&'a str),
}

impl RequestId<'_> {
    /// `jsonrpc.request.id`.
    pub(crate) fn attribute(self) -> KeyValue {
        let id = match self {
            Self::Number(id) => itoa::Buffer::new().format(id).to_owned(),
            Self::String(id) => bounded(id),
        };
        KeyValue::new(attribute::JSONRPC_REQUEST_ID, id)
    }
}

/// What is known of a message beside its method and target.
#[derive(Debug, Clone, Copy, Default)]
pub struct Message<'a> {
    pub(crate) side: Side,
    /// Where it was sent to.
    pub(crate) server: Option<&'a Arc<Endpoint>>,
    pub(crate) request_id: Option<RequestId<'a>>,
    pub(crate) session_id: Option<&'a str>,
    pub(crate) protocol_version: Option<ProtocolVersion>,
    pub(crate) transport: Transport,
    pub(crate) client: Option<SocketAddr>,
    pub(crate) resource_uri: Option<&'a str>,
    /// Who sent it.
    pub(crate) sender: Sender<'a>,
    /// The name of the tool or method that it asked for, where the server may not know it.
    pub(crate) asked_for: Option<&'a str>,
    /// Set if the transport refused it: that is known only once it is answered.
    pub(crate) refused: Option<&'a Refused<'a>>,
}

/// A message that was refused before any handler saw it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refused<'a> {
    /// When it came in.
    pub(crate) since: Instant,
    /// With what it was refused, if that is an error by HTTP.
    pub(crate) status: Option<HttpStatus>,
    /// The session that its headers name. Anyone may name any.
    pub(crate) claimed_session: Option<&'a str>,
    /// Who sent it, as far as whoever refused it knows.
    pub(crate) subject: Option<&'a str>,
    /// Whether anything of it that could be read names a method.
    pub(crate) names_method: bool,
    /// The method that it names, if that is unknown.
    pub(crate) unknown: Option<UnknownHash>,
}

impl Message<'_> {
    /// The attributes that take an allocation, so that only a span that records has them.
    #[inline]
    pub(crate) fn late_attributes(&self, set: &mut dyn FnMut(KeyValue)) {
        if let Some(id) = self.request_id {
            set(id.attribute());
        }
        if let Some(id) = self.session_id {
            set(session_id(id));
        }
        if let Some(uri) = self.resource_uri {
            set(KeyValue::new(attribute::MCP_RESOURCE_URI, bounded(uri)));
        }
        if let Some(client) = self.client {
            set(KeyValue::new(
                attribute::CLIENT_ADDRESS,
                client.ip().to_string(),
            ));
            set(KeyValue::new(
                attribute::CLIENT_PORT,
                i64::from(client.port()),
            ));
        }
    }
}

/// `mcp.session.id`.
pub(crate) fn session_id(id: &str) -> KeyValue {
    KeyValue::new(attribute::MCP_SESSION_ID, bounded(id))
}

/// The string, cut at [`MAX_PEER_STRING`].
fn bounded(string: &str) -> String {
    cut(string, MAX_PEER_STRING).to_owned()
}

/// At most `max` bytes of the string, cut where a character starts.
pub(crate) fn cut(string: &str, max: usize) -> &str {
    let end = (0..=max.min(string.len()))
        .rev()
        .find(|end| string.is_char_boundary(*end))
        .unwrap_or_default();
    &string[..end]
}
