//! The tool with OpenTelemetry by hand: the work that `#[mcp_tool]` does, written out for this one
//! tool by someone who knows what costs. Handles are bound beforehand, one monotonic duration is
//! shared, and a guard records the calls that never return.

use std::sync::OnceLock;
use std::thread;
use std::time::Instant;

use opentelemetry::metrics::{
    BoundCounter, BoundHistogram, BoundUpDownCounter, Meter, MeterProvider as _,
};
use opentelemetry::trace::{FutureExt as _, TracerProvider as _};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::SdkTracer;

use crate::bare::{self, Sum};
use crate::providers;
use crate::scenario::Mode;
use crate::spans_by_hand::OpenSpan;

static HANDLES: OnceLock<Handles> = OnceLock::new();

/// What is installed; none in the mode without telemetry.
pub(crate) fn handles() -> Option<&'static Handles> {
    HANDLES.get()
}

/// Everything that a call needs, resolved.
pub(crate) struct Handles {
    pub(crate) tracer: Option<SdkTracer>,
    calls: BoundCounter<u64>,
    active: BoundUpDownCounter<i64>,
    errors: BoundCounter<u64>,
    succeeded: Durations,
    failed: Durations,
    cancelled: Durations,
}

/// The two durations of calls with one outcome.
struct Durations {
    invocation: BoundHistogram<f64>,
    operation: BoundHistogram<f64>,
}

/// The tool.
pub(crate) async fn add(a: i64, b: i64) -> Sum {
    match handles() {
        Some(handles) => carry_out(start(handles, || None), a, b).await,
        None => bare::add(a, b).await,
    }
}

/// The tool, with its arguments on the span.
pub(crate) async fn add_recorded(a: i64, b: i64) -> Sum {
    #[derive(serde::Serialize)]
    struct Arguments {
        a: i64,
        b: i64,
    }
    let Some(handles) = handles() else {
        return bare::add(a, b).await;
    };
    let arguments = || {
        let json = serde_json::to_string(&Arguments { a, b }).ok()?;
        Some(KeyValue::new("gen_ai.tool.call.arguments", json))
    };
    carry_out(start(handles, arguments), a, b).await
}

fn start(handles: &'static Handles, late: impl FnOnce() -> Option<KeyValue>) -> Call {
    Context::map_current(|parent| {
        Call::start(handles, |tracer| {
            let mut attributes = Vec::with_capacity(5);
            attributes.extend([
                KeyValue::new("mcp.method.name", "tools/call"),
                KeyValue::new("gen_ai.operation.name", "execute_tool"),
                KeyValue::new("gen_ai.tool.name", "add"),
            ]);
            OpenSpan::start(tracer, "tools/call add", attributes, parent, late)
        })
    })
}

async fn carry_out(call: Call, a: i64, b: i64) -> Sum {
    let result = match call.context() {
        Some(context) => bare::add(a, b).with_context(context).await,
        None => bare::add(a, b).await,
    };
    call.finish(if result.is_ok() {
        Outcome::Success
    } else {
        Outcome::Failure("tool_error")
    });
    result
}

/// How a call ended.
#[derive(Clone, Copy)]
pub(crate) enum Outcome {
    Success,
    Failure(&'static str),
    Cancelled,
}

/// A call going on. Dropped before it is finished, it panicked or was cancelled.
pub(crate) struct Call {
    handles: &'static Handles,
    started: Instant,
    span: Option<OpenSpan>,
    open: bool,
}

impl Call {
    pub(crate) fn start(
        handles: &'static Handles,
        span: impl FnOnce(&SdkTracer) -> OpenSpan,
    ) -> Self {
        let started = Instant::now();
        let span = handles.tracer.as_ref().map(span);
        handles.calls.add(1);
        handles.active.add(1);
        Self {
            handles,
            started,
            span,
            open: true,
        }
    }

    pub(crate) fn context(&self) -> Option<Context> {
        self.span.as_ref().map(|span| span.context.clone())
    }

    pub(crate) fn finish(mut self, outcome: Outcome) {
        self.open = false;
        self.close(outcome);
    }

    fn close(&self, outcome: Outcome) {
        let handles = self.handles;
        let elapsed = self.started.elapsed();
        let (durations, error) = match outcome {
            Outcome::Success => (&handles.succeeded, None),
            Outcome::Failure(class) => (&handles.failed, Some(class)),
            Outcome::Cancelled => (&handles.cancelled, Some("cancelled")),
        };
        if let Some(span) = &self.span {
            span.end(elapsed, error);
        }
        let seconds = elapsed.as_secs_f64();
        durations.operation.record(seconds);
        handles.active.add(-1);
        durations.invocation.record(seconds);
        if let Outcome::Failure(_) = outcome {
            handles.errors.add(1);
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if self.open {
            self.close(if thread::panicking() {
                Outcome::Failure("panic")
            } else {
                Outcome::Cancelled
            });
        }
    }
}

/// Installs the handles of the mode.
pub(crate) fn install(mode: Mode) {
    let Some(meters) = providers::meters(mode) else {
        return;
    };
    let meter = meters.meter_with_scope(scope());
    let tool = KeyValue::new("tool_name", "add");
    let tracers = providers::tracers(mode);
    let handles = Handles {
        tracer: tracers.map(|tracers| tracers.tracer_with_scope(scope())),
        calls: counter(&meter, "mcp.tool.calls", std::slice::from_ref(&tool)),
        active: meter
            .i64_up_down_counter("mcp.tool.active")
            .build()
            .bind(std::slice::from_ref(&tool)),
        errors: counter(
            &meter,
            "mcp.tool.errors",
            &[tool.clone(), KeyValue::new("error_type", "tool_error")],
        ),
        succeeded: Durations::bind(&meter, &tool, "success", None),
        failed: Durations::bind(&meter, &tool, "error", Some("tool_error")),
        cancelled: Durations::bind(&meter, &tool, "cancelled", Some("cancelled")),
    };
    assert!(HANDLES.set(handles).is_ok(), "installed twice");
    // The readers of a provider that is gone collect nothing, but its instruments would still count:
    // it lives as long as the process, as a server's does.
    std::mem::forget(meters);
}

/// As the runtime's: the SDK copies it into every span.
fn scope() -> InstrumentationScope {
    InstrumentationScope::builder("by-hand")
        .with_version("0.1.0")
        .with_schema_url("https://opentelemetry.io/schemas/gen-ai-dev/1.42.0-dev")
        .build()
}

fn counter(meter: &Meter, name: &'static str, attributes: &[KeyValue]) -> BoundCounter<u64> {
    meter.u64_counter(name).build().bind(attributes)
}

impl Durations {
    fn bind(
        meter: &Meter,
        tool: &KeyValue,
        status: &'static str,
        error: Option<&'static str>,
    ) -> Self {
        let mut operation = vec![
            KeyValue::new("mcp.method.name", "tools/call"),
            KeyValue::new("gen_ai.operation.name", "execute_tool"),
            KeyValue::new("gen_ai.tool.name", "add"),
        ];
        operation.extend(error.map(|class| KeyValue::new("error.type", class)));
        Self {
            invocation: meter
                .f64_histogram("mcp.tool.invocation.duration")
                .with_boundaries(vec![0.01, 0.05, 0.1, 0.5, 1.0, 5.0])
                .build()
                .bind(&[tool.clone(), KeyValue::new("status", status)]),
            operation: meter
                .f64_histogram("mcp.server.operation.duration")
                .with_boundaries(vec![
                    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0,
                ])
                .build()
                .bind(&operation),
        }
    }
}
