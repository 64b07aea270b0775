//! The tool with `tracing`: `#[instrument]` with the same attributes as fields, made a span of
//! OpenTelemetry's by tracing-opentelemetry with its default options. It has no metrics.

use opentelemetry::trace::TracerProvider as _;
use tracing::Span;
use tracing::field::Empty;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::bare::Sum;
use crate::providers;
use crate::scenario::Mode;

/// The tool.
#[tracing::instrument(skip_all, fields(
    otel.name = "tools/call add",
    otel.kind = "server",
    mcp.method.name = "tools/call",
    gen_ai.operation.name = "execute_tool",
    gen_ai.tool.name = "add",
    otel.status_code = Empty,
    error.type = Empty,
))]
pub(crate) async fn add(a: i64, b: i64) -> Sum {
    let result = crate::bare::add(a, b).await;
    if result.is_err() {
        failed("tool_error");
    }
    result
}

/// The tool, with its arguments on the span, as fields of their own.
#[tracing::instrument(fields(
    otel.name = "tools/call add",
    otel.kind = "server",
    mcp.method.name = "tools/call",
    gen_ai.operation.name = "execute_tool",
    gen_ai.tool.name = "add",
    otel.status_code = Empty,
    error.type = Empty,
))]
pub(crate) async fn add_recorded(a: i64, b: i64) -> Sum {
    let result = crate::bare::add(a, b).await;
    if result.is_err() {
        failed("tool_error");
    }
    result
}

/// The current span's work failed.
pub(crate) fn failed(class: &'static str) {
    let span = Span::current();
    span.record("otel.status_code", "ERROR");
    span.record("error.type", class);
}

/// Installs the subscriber of the mode.
pub(crate) fn install(mode: Mode) {
    let Some(tracers) = providers::tracers(mode) else {
        return;
    };
    let layer = tracing_opentelemetry::layer().with_tracer(tracers.tracer("mcp-observe"));
    tracing_subscriber::registry().with(layer).init();
}
