//! What is written by hand around each call: its context from `_meta`, its span, its count, its duration.

use std::sync::LazyLock;
use std::time::Instant;

use opentelemetry::metrics::{Counter, Histogram, UpDownCounter};
use opentelemetry::propagation::Extractor;
use opentelemetry::trace::{FutureExt, SpanKind, Status, TraceContextExt, Tracer};
use opentelemetry::{KeyValue, global};
use rmcp::model::RequestMetaObject;
use serde_json::Value;

static INSTRUMENTS: LazyLock<Instruments> = LazyLock::new(Instruments::new);

struct Instruments {
    requests: Counter<u64>,
    in_flight: UpDownCounter<i64>,
    latency: Histogram<f64>,
}

impl Instruments {
    fn new() -> Self {
        let meter = global::meter("tickets");
        Self {
            requests: meter.u64_counter("tool_requests").build(),
            in_flight: meter.i64_up_down_counter("tool_in_flight").build(),
            latency: meter.f64_histogram("tool_latency").with_unit("s").build(),
        }
    }
}

/// `_meta`, as OpenTelemetry's propagators read it.
struct Meta<'a>(&'a RequestMetaObject);

impl Extractor for Meta<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str)
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

/// Carries out a call of a tool, in a span of its own below the caller's.
pub(crate) async fn measured<T, E: ToString>(
    tool: &'static str,
    meta: &RequestMetaObject,
    call: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let parent = global::get_text_map_propagator(|it| it.extract(&Meta(meta)));
    let tracer = global::tracer("tickets");
    let span = tracer
        .span_builder(format!("tool {tool}"))
        .with_kind(SpanKind::Server)
        .with_attributes([KeyValue::new("tool.name", tool)])
        .start_with_context(&tracer, &parent);
    let context = parent.with_span(span);

    let of_tool = [KeyValue::new("tool", tool)];
    INSTRUMENTS.in_flight.add(1, &of_tool);
    let started = Instant::now();
    let result = call.with_context(context.clone()).await;
    let elapsed = started.elapsed().as_secs_f64();
    // A call that is cancelled or panics does not get here.
    INSTRUMENTS.in_flight.add(-1, &of_tool);

    let outcome = if result.is_ok() { "ok" } else { "error" };
    let [of_tool] = of_tool;
    let labels = [of_tool, KeyValue::new("outcome", outcome)];
    INSTRUMENTS.requests.add(1, &labels);
    INSTRUMENTS.latency.record(elapsed, &labels);
    if let Err(error) = &result {
        context.span().set_status(Status::error(error.to_string()));
    }
    context.span().end();
    result
}
