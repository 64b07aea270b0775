//! The layer around an MCP service: carries the context of each request to the operation in it, and
//! opens the operations of the messages that no handler gets to see.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};

use http::{Method, Request, Response};
use http_body::Body;
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::arrival::Arrival;
use super::exchange::{Exchange, Server};
use super::received::Received;
use super::request::RequestBody;
use super::response::ResponseBody;
use crate::telemetry::Telemetry;

/// Observes an MCP service over HTTP: the one layer to put around it.
///
/// It does what the handler inside cannot:
///
/// * It carries the context of the HTTP request to the MCP operation: a span around the request (such
///   as that of `tower_http`'s `TraceLayer` with `tracing-opentelemetry`) becomes a link of the
///   operation's span, or its parent where the message itself carries no context. Without this layer
///   the `traceparent` header takes the same part.
/// * A message that is refused before any handler sees it is an operation as well: that its session
///   is unknown, its headers contradict it, it cannot be read, its caller is not let in, and so on. Its
///   span and its `mcp.server.operation.duration` have the method that it named, or `_OTHER` where
///   that was not read; never a tool. With a JSON-RPC error it ends like any other operation; else
///   `http.response.status_code` says how, which from 500 is also the `error.type`: below that the
///   caller is to blame, and the server did not fail.
/// * A request that is not let in, answered 401, 403 or 429, is an event `mcp.auth` of the
///   [security log](crate::security), if there is one: whatever its HTTP method, and whether or not it
///   had a message. It has the address of the client and the session that the request claims to be in;
///   who it is, it has as a [`Subject`](crate::security::Subject) from whoever knows.
///
/// Put it around the MCP service and what guards it (authentication, rate limits): what is refused
/// outside of it, it cannot see. Put it inside whatever makes a span for the HTTP request, and around
/// no other route, whose refusals would be taken for those of MCP messages: axum's `route_layer` does
/// that. Where nothing guards the service, put it straight around it (see below): each layer of a router has
/// axum copy the service once more for every request, which for rmcp's is much of what observing costs.
///
/// What passes through is not changed, held up or buffered; the first 64 KiB of a request are copied
/// as they go by, to be looked at if it is refused.
///
/// # What is an operation
/// A `POST` that is answered with a status of 400 or more, or with a JSON-RPC error, and that neither
/// [`Observed`](crate::rmcp::Observed) nor a tool with `#[mcp_tool]` has seen; a batch of messages that
/// is refused is one. `GET` (a stream of events) and `DELETE` are no messages, nor is a client's answer
/// to the server; what a client breaks off before it is answered was not refused.
///
/// Where no `Observed` is known to be inside (none has handled a message yet), a JSON-RPC error may be
/// the handler's own: then only those codes count that a transport gives (-32700, -32600, -32020,
/// -32022), together with an HTTP error. Nor is a `tools/call` with a status of 500 or more counted,
/// because the tool itself may have seen it.
///
/// # Example
/// ```
/// # use axum::Router;
/// # fn with<S>(mcp: S) -> Router
/// # where
/// #     S: tower_service::Service<axum::extract::Request, Error = std::convert::Infallible>
/// #         + Clone + Send + Sync + 'static,
/// #     S::Response: axum::response::IntoResponse,
/// #     S::Future: Send + 'static,
/// # {
/// use mcp_observe::http::ObserveLayer;
///
/// Router::new()
///     .nest_service("/mcp", mcp)
///     .route_layer(ObserveLayer::new())
/// # }
/// ```
///
/// Straight around a service that nothing guards:
/// ```
/// # use axum::Router;
/// # use axum::body::Body;
/// # use mcp_observe::http::RequestBody;
/// # fn with<S>(mcp: S) -> Router
/// # where
/// #     S: tower_service::Service<
/// #             axum::http::Request<RequestBody<Body>>,
/// #             Response = axum::response::Response,
/// #             Error = std::convert::Infallible,
/// #         > + Clone + Send + Sync + 'static,
/// #     S::Future: Send + 'static,
/// # {
/// use mcp_observe::http::ObserveLayer;
/// use tower_layer::Layer as _;
///
/// Router::new().nest_service("/mcp", ObserveLayer::new().layer(mcp))
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct ObserveLayer {
    telemetry: Option<Telemetry>,
    server: Arc<Server>,
}

impl ObserveLayer {
    /// Makes the layer, which observes by the process's default [`Telemetry`]: the one that is
    /// installed when a request comes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Observes by this instance, and not by the process's default.
    #[must_use]
    pub fn telemetry(mut self, telemetry: &Telemetry) -> Self {
        self.telemetry = Some(telemetry.clone());
        self
    }
}

impl<S> Layer<S> for ObserveLayer {
    type Service = Observe<S>;

    fn layer(&self, inner: S) -> Observe<S> {
        Observe {
            inner,
            layer: self.clone(),
        }
    }
}

/// See [`ObserveLayer`].
#[derive(Debug, Clone)]
pub struct Observe<S> {
    inner: S,
    layer: ObserveLayer,
}

impl<S, B, R> Service<Request<B>> for Observe<S>
where
    S: Service<Request<RequestBody<B>>, Response = Response<R>>,
    B: Body,
    R: Body,
{
    type Response = Response<ResponseBody<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, task: &mut TaskContext<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, mut request: Request<B>) -> ResponseFuture<S::Future> {
        let telemetry = match &self.layer.telemetry {
            Some(telemetry) => Some(telemetry.clone()),
            None => Telemetry::installed(),
        };
        // Only a POST is a message; of other requests nothing is told but that they were not let in.
        let is_message = request.method() == Method::POST;
        let telemetry = telemetry.filter(|it| is_message || it.security_log().is_some());
        let span = Context::map_current(|current| current.span().span_context().clone());
        if telemetry.is_none() && !span.is_valid() {
            return ResponseFuture {
                inner: self.inner.call(request.map(RequestBody::passing)),
                request: None,
            };
        }
        let exchange = Exchange::new(span, Arc::clone(&self.layer.server));
        request.extensions_mut().insert(exchange.clone());
        let open = telemetry.map(|telemetry| {
            let arrival = Arrival::now(telemetry, exchange.clone(), &request);
            if is_message {
                OpenRequest::Message(Received::now(arrival, &request))
            } else {
                OpenRequest::Other(arrival)
            }
        });
        let request = match &open {
            Some(OpenRequest::Message(_)) => {
                request.map(|body| RequestBody::kept_for(exchange, body))
            }
            Some(OpenRequest::Other(_)) | None => request.map(RequestBody::passing),
        };
        ResponseFuture {
            inner: self.inner.call(request),
            request: open,
        }
    }
}

/// A request that is not answered yet.
#[derive(Debug)]
enum OpenRequest {
    Message(Received),
    Other(Arrival),
}

pin_project! {
    /// The future of [`Observe`].
    #[must_use = "futures do nothing unless awaited"]
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        request: Option<OpenRequest>,
    }
}

impl<F, R, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body,
{
    type Output = Result<Response<ResponseBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.inner.poll(task))?;
        let (head, body) = response.into_parts();
        let answered = match this.request.take() {
            Some(OpenRequest::Message(received)) => received.answered(&head),
            Some(OpenRequest::Other(arrival)) => {
                arrival.answered(&head);
                None
            }
            None => None,
        };
        Poll::Ready(Ok(Response::from_parts(
            head,
            ResponseBody::new(body, answered),
        )))
    }
}
