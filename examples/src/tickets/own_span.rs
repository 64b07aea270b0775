//! A span of the server's own, through OpenTelemetry's API: it is below whichever span is open around it.

use opentelemetry::trace::{FutureExt, TraceContextExt, Tracer};
use opentelemetry::{Context, global};

/// Carries out a part of a call in a span of its own.
pub(crate) async fn in_span<T>(name: &'static str, part: impl Future<Output = T>) -> T {
    let span = global::tracer("tickets").start(name);
    part.with_context(Context::current_with_span(span)).await
}
