//! Servers over HTTP: the layer that carries a request's context to the operation, and `/metrics`.

use std::task::{Context as TaskContext, Poll};

use http::Request;
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use tower_layer::Layer;
use tower_service::Service;

#[cfg(feature = "prometheus")]
mod metrics;
#[cfg(feature = "prometheus")]
pub use metrics::{MetricsListener, metrics_route};

/// Carries the context of an HTTP request to the MCP operations in it.
///
/// Put it around the MCP service and inside whatever makes a span for the HTTP request (such as
/// `tower_http`'s `TraceLayer` with `tracing-opentelemetry`): that span becomes a link of the
/// operation's span, or its parent where the message itself carries no context. Without this layer
/// the `traceparent` header takes the same part.
///
/// # Example
/// ```
/// # use axum::Router;
/// # fn with(mcp: Router) -> Router {
/// Router::new()
///     .nest("/mcp", mcp)
///     .layer(mcp_observe::http::ContextLayer::new())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct ContextLayer {
    _private: (),
}

impl ContextLayer {
    /// Makes the layer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<S> Layer<S> for ContextLayer {
    type Service = ContextService<S>;

    fn layer(&self, inner: S) -> ContextService<S> {
        ContextService { inner }
    }
}

/// See [`ContextLayer`].
#[derive(Debug, Clone)]
pub struct ContextService<S> {
    inner: S,
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for ContextService<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, task: &mut TaskContext<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        let span = Context::map_current(|current| current.span().span_context().clone());
        if span.is_valid() {
            request.extensions_mut().insert(RequestSpan(span));
        }
        self.inner.call(request)
    }
}

/// The span that was current where the request came in. Nothing else of its context goes on: baggage
/// in it is the caller's.
#[derive(Debug, Clone)]
struct RequestSpan(SpanContext);

/// The context of the request that these are the head of.
#[cfg(feature = "rmcp")]
pub(crate) fn context_of(parts: &http::request::Parts) -> Option<Context> {
    let RequestSpan(span) = parts.extensions.get()?;
    Some(Context::new().with_remote_span_context(span.clone()))
}
