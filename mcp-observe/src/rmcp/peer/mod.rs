//! `ObservedPeer`: a peer whose every message is an operation of whoever sends it.

pub(super) mod answer;
#[cfg(feature = "client")]
mod asking;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "elicitation")]
mod elicitation;
#[cfg(feature = "client")]
mod lists;
mod notification;
pub(super) mod outgoing;
mod pending;
pub(super) mod role;
#[cfg(feature = "client")]
mod rounds;
mod sending;
mod server;

use std::fmt;
use std::sync::Arc;
#[cfg(feature = "client")]
use std::sync::atomic::AtomicBool;

use rmcp::service::{Peer, ServiceRole};

use crate::closed::ProtocolVersion;
use crate::sent::endpoint::Endpoint;
use crate::sent::execute_tools;
use crate::telemetry::Telemetry;
pub use pending::ObservedRequest;
pub use role::Role;
#[cfg(feature = "client")]
pub use rounds::ObservedClient;

/// A peer whose every request and notification is observed, and carries the caller's trace context:
/// [`Peer`] with the same methods.
///
/// Each message is a span of kind `CLIENT` below the span that is current where the method is called,
/// and a sample of `mcp.client.operation.duration`. Its context goes along in `params._meta`, as the
/// configured propagators write it; everything else in there stays as it is. If you wrote a
/// `traceparent` into it yourself, that is the parent. A call that is dropped before its answer came
/// ends as `cancelled`.
///
/// On a client it wraps the peer of the server; on a server, the peer of the client that a tool finds
/// in its `RequestContext`, for requests of the server's own (sampling, elicitation, roots): see
/// [`of`](Self::of).
///
/// Not seen here is what rmcp sends by itself: `initialize`, `server/discover` at the start,
/// `notifications/cancelled` for a call that is dropped. `ObservedTransport` (feature `client`) sees
/// those as well.
///
/// # Example
/// ```
/// # #[cfg(feature = "client")]
/// # async fn call(session: rmcp::service::RunningService<rmcp::RoleClient, ()>)
/// # -> Result<(), Box<dyn std::error::Error>> {
/// use mcp_observe::rmcp::{Endpoint, ObservedPeer};
/// use rmcp::model::CallToolRequestParams;
///
/// let server = ObservedPeer::builder(session.peer().clone())
///     .endpoint(Endpoint::http("https://weather.example.com/mcp")?)
///     .build();
/// let result = server.call_tool(CallToolRequestParams::new("get_weather")).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ObservedPeer<R: ServiceRole> {
    peer: Peer<R>,
    options: Arc<Options>,
}

/// What an [`ObservedPeer`] and its clones have in common.
#[derive(Default)]
pub(super) struct Options {
    pub(super) telemetry: Option<Telemetry>,
    pub(super) endpoint: Option<Arc<Endpoint>>,
    /// Known where the messages belong to a request that is being handled.
    version: Option<ProtocolVersion>,
    session: Option<Box<str>>,
    pub(super) error_message: bool,
    /// Messages of this peer were seen by an [`ObservedTransport`](super::ObservedTransport): what
    /// it did not see was not sent.
    #[cfg(feature = "client")]
    is_seen: AtomicBool,
}

/// Who has a session's id may take part in it: it is not for logs.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("telemetry", &self.telemetry)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// The instance that observes; none if nothing is installed.
    pub(super) fn telemetry(&self) -> Option<Telemetry> {
        match &self.telemetry {
            Some(telemetry) => Some(telemetry.clone()),
            None => Telemetry::installed(),
        }
    }
}

/// Sets an [`ObservedPeer`] up; see [`ObservedPeer::builder`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct ObservedPeerBuilder<R: ServiceRole> {
    peer: Peer<R>,
    options: Options,
}

impl<R: ServiceRole> ObservedPeer<R> {
    /// Observes what is sent to `peer`, by the process's default [`Telemetry`]: the one that is
    /// installed when a message is sent.
    #[must_use]
    pub fn new(peer: Peer<R>) -> Self {
        Self::builder(peer).build()
    }

    /// Starts setting up how `peer` is observed.
    pub fn builder(peer: Peer<R>) -> ObservedPeerBuilder<R> {
        ObservedPeerBuilder {
            peer,
            options: Options::default(),
        }
    }

    /// The peer, for messages that are not to be observed.
    #[must_use]
    pub fn peer(&self) -> &Peer<R> {
        &self.peer
    }
}

impl<R: ServiceRole> Clone for ObservedPeer<R>
where
    Peer<R>: Clone,
{
    fn clone(&self) -> Self {
        Self {
            peer: self.peer.clone(),
            options: Arc::clone(&self.options),
        }
    }
}

impl<R: ServiceRole> ObservedPeerBuilder<R> {
    /// Observes by this instance, and not by the process's default.
    pub fn telemetry(mut self, telemetry: &Telemetry) -> Self {
        self.options.telemetry = Some(telemetry.clone());
        self
    }

    /// Says where the peer is: `server.address`, `server.port` and `network.transport`, which rmcp does
    /// not tell. Default: unknown, and the attributes are left out.
    pub fn endpoint(mut self, endpoint: Endpoint) -> Self {
        self.options.endpoint = Some(Arc::new(endpoint));
        self
    }

    /// Records what the peer says of an error as the description of the span's status, as the
    /// conventions ask, without what looks like a secret. Default: off, since that is free text, and
    /// may quote what was sent.
    pub fn error_message(mut self, on: bool) -> Self {
        self.options.error_message = on;
        self
    }

    /// Makes the peer.
    #[must_use]
    pub fn build(self) -> ObservedPeer<R> {
        if R::IS_CLIENT {
            execute_tools::want();
        }
        ObservedPeer {
            peer: self.peer,
            options: Arc::new(self.options),
        }
    }
}
