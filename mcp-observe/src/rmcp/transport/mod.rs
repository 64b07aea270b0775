//! `ObservedTransport`: a client's transport that observes what rmcp sends by itself.

mod exchange;
mod layers;
mod pending;
mod session;

use std::borrow::Cow;
use std::error::Error;
use std::marker::PhantomData;
use std::sync::Arc;

use rmcp::RoleClient;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::{IntoTransport, Transport};

use super::expected::Watching;
use super::peer::Options;
use crate::error_class::ErrorClass;
use crate::sent::endpoint::Endpoint;
use crate::telemetry::Telemetry;
use exchange::Exchange;

/// A client's transport that observes every message for which nobody else does: what rmcp sends by
/// itself (`initialize`, `server/discover`, `notifications/initialized`, `notifications/cancelled` for
/// calls that were dropped, `subscriptions/listen`), and all that is sent by a plain rmcp `Peer`.
///
/// It wraps whatever a client can be served with: a child process, a pair of pipes, a transport over
/// HTTP. Each message is a span of kind `CLIENT` and a sample of `mcp.client.operation.duration`, as
/// with [`ObservedPeer`](super::ObservedPeer), and carries its context in `params._meta`. Who sent it is
/// not known here, so each is the root of a trace.
///
/// A message that carries a context already is somebody's operation, and is left as it is. Together
/// with an `ObservedPeer` every message is one operation: the peer's if it was sent through that, else
/// the transport's. The peer's lists and reads have their request ids only here.
///
/// At most 1,024 requests are waited for at one time: beyond, the operation of the oldest ends as
/// `_OTHER`. Those without an answer when the connection ends are `transport_closed`.
///
/// Of sessions (protocol revisions up to 2025-11-25) it measures `mcp.client.session.duration`, from the
/// request to initialise to the transport's end; `error.type` is `transport_closed` where the connection
/// ended in the middle of a request, and `transport_error` where it could not be closed.
///
/// Over HTTP, what rmcp does inside of its transport is not seen: it initialises again there, by itself,
/// when a session has expired.
///
/// # Example
/// ```
/// # async fn connect(pipe: tokio::io::DuplexStream) -> Result<(), Box<dyn std::error::Error>> {
/// use mcp_observe::rmcp::{ObservedPeer, ObservedTransport};
/// use rmcp::ServiceExt;
///
/// let session = ().serve(ObservedTransport::new(pipe)).await?;
/// let server = ObservedPeer::new(session.peer().clone());
/// let tools = server.list_all_tools().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ObservedTransport<T> {
    transport: T,
    options: Options,
}

/// Sets an [`ObservedTransport`] up; see [`ObservedTransport::builder`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct ObservedTransportBuilder<T> {
    transport: T,
    options: Options,
}

impl<T> ObservedTransport<T> {
    /// Observes what `transport` carries, by the process's default [`Telemetry`]: the one that is
    /// installed when a message is sent.
    #[must_use]
    pub fn new(transport: T) -> Self {
        Self::builder(transport).build()
    }

    /// Starts setting up how `transport` is observed.
    ///
    /// # Example
    /// ```
    /// # async fn connect(pipe: tokio::io::DuplexStream) -> Result<(), Box<dyn std::error::Error>> {
    /// use mcp_observe::rmcp::{Endpoint, ObservedTransport};
    /// use rmcp::ServiceExt;
    ///
    /// let transport = ObservedTransport::builder(pipe)
    ///     .endpoint(Endpoint::pipe())
    ///     .build();
    /// let session = ().serve(transport).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(transport: T) -> ObservedTransportBuilder<T> {
        ObservedTransportBuilder {
            transport,
            options: Options::default(),
        }
    }
}

impl<T> ObservedTransportBuilder<T> {
    /// Observes by this instance, and not by the process's default.
    pub fn telemetry(mut self, telemetry: &Telemetry) -> Self {
        self.options.telemetry = Some(telemetry.clone());
        self
    }

    /// Says where the server is: `server.address`, `server.port` and `network.transport`, which rmcp
    /// does not tell. Default: unknown, and the attributes are left out.
    pub fn endpoint(mut self, endpoint: Endpoint) -> Self {
        self.options.endpoint = Some(Arc::new(endpoint));
        self
    }

    /// Records what the server says of an error as the description of the span's status, as the
    /// conventions ask, without what looks like a secret. Default: off, since that is free text, and
    /// may quote what was sent.
    pub fn error_message(mut self, on: bool) -> Self {
        self.options.error_message = on;
        self
    }

    /// Makes the transport.
    #[must_use]
    pub fn build(self) -> ObservedTransport<T> {
        ObservedTransport {
            transport: self.transport,
            options: self.options,
        }
    }
}

/// How an [`ObservedTransport`] becomes a transport: as what is in it does, by `A`.
#[derive(Debug)]
pub struct TransportAdapterObserved<A>(PhantomData<A>);

impl<T, E, A> IntoTransport<RoleClient, E, TransportAdapterObserved<A>> for ObservedTransport<T>
where
    T: IntoTransport<RoleClient, E, A>,
    E: Error + Send + Sync + 'static,
{
    fn into_transport(self) -> impl Transport<RoleClient, Error = E> + 'static {
        Observing {
            exchange: Exchange::new(self.options),
            transport: self.transport.into_transport(),
            _watching: Watching::new(),
        }
    }
}

/// The transport itself.
struct Observing<T> {
    // Dropped first: what is still open is cancelled before the connection goes.
    exchange: Exchange,
    transport: T,
    _watching: Watching,
}

impl<T: Transport<RoleClient>> Transport<RoleClient> for Observing<T> {
    type Error = T::Error;

    fn name() -> Cow<'static, str> {
        T::name()
    }

    fn send(
        &mut self,
        mut message: ClientJsonRpcMessage,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let sending = self.exchange.sending(&mut message);
        let sent = self.transport.send(message);
        async move {
            let result = sent.await;
            sending.done(result.is_ok());
            result
        }
    }

    // rmcp drops this future whenever something else comes first; nothing is lost by that, as nothing
    // happens between a message's arrival and the end.
    async fn receive(&mut self) -> Option<ServerJsonRpcMessage> {
        let message = self.transport.receive().await;
        if let Some(message) = &message {
            self.exchange.received(message);
        } else {
            let was_open = self.exchange.abandon();
            let error = was_open.then_some(ErrorClass::TRANSPORT_CLOSED);
            self.exchange.end(error);
        }
        message
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.exchange.abandon();
        let closed = self.transport.close().await;
        let error = closed.is_err().then_some(ErrorClass::TRANSPORT_ERROR);
        self.exchange.end(error);
        closed
    }
}
