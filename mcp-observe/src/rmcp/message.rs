//! What rmcp knows of a message.

use std::net::SocketAddr;

use http::request::Parts;
use rmcp::RoleServer;
use rmcp::model::{Extensions, RequestId as Id};
use rmcp::service::{NotificationContext, Peer, RequestContext};
use serde_json::{Map, Value};

use crate::closed::{ProtocolVersion, Transport};
use crate::message::{Message, RequestId};

const META_PROTOCOL_VERSION: &str = "io.modelcontextprotocol/protocolVersion";

pub(super) fn of_request(context: &RequestContext<RoleServer>) -> Message<'_> {
    Message {
        request_id: Some(match &context.id {
            Id::Number(id) => RequestId::Number(*id),
            Id::String(id) => RequestId::String(id),
        }),
        ..of(&context.meta, &context.extensions, &context.peer)
    }
}

pub(super) fn of_notification(context: &NotificationContext<RoleServer>) -> Message<'_> {
    of(&context.meta, &context.extensions, &context.peer)
}

fn of<'a>(
    meta: &'a Map<String, Value>,
    extensions: &'a Extensions,
    peer: &Peer<RoleServer>,
) -> Message<'a> {
    let parts = extensions.get::<Parts>();
    Message {
        request_id: None,
        // A header proves nothing: see `Session::id`.
        session_id: None,
        protocol_version: protocol_version(meta, peer),
        transport: parts.map_or(Transport::Pipe, |parts| transport(parts.version)),
        client: parts.and_then(client),
        resource_uri: None,
    }
}

/// The version of this very request, or what the session was initialised with. Read in place: the
/// accessors of rmcp copy.
fn protocol_version(meta: &Map<String, Value>, peer: &Peer<RoleServer>) -> Option<ProtocolVersion> {
    match meta.get(META_PROTOCOL_VERSION).and_then(Value::as_str) {
        Some(version) => Some(ProtocolVersion::parse(version)),
        None => peer
            .peer_info()
            .map(|info| ProtocolVersion::parse(info.protocol_version.as_str())),
    }
}

fn transport(version: http::Version) -> Transport {
    match version {
        http::Version::HTTP_2 => Transport::Http2,
        http::Version::HTTP_3 => Transport::Http3,
        http::Version::HTTP_11 => Transport::Http11,
        _ => Transport::Http10,
    }
}

fn client(parts: &Parts) -> Option<SocketAddr> {
    #[cfg(feature = "http")]
    {
        let info = parts
            .extensions
            .get::<axum::extract::ConnectInfo<SocketAddr>>()?;
        Some(info.0)
    }
    #[cfg(not(feature = "http"))]
    {
        let _ = parts;
        None
    }
}
