//! Installing, replacing and ending instances. One test: they share the process's default.

#![expect(clippy::float_cmp, reason = "counts are whole numbers")]

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use mcp_observe::{SetupError, ShutdownError, Telemetry, mcp_tool};
use mcp_observe_tests::{Capture, series};
use opentelemetry::Context;
use opentelemetry::trace::{Tracer as _, TracerProvider as _};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{
    InMemorySpanExporter, SdkTracerProvider, SimpleSpanProcessor, Span, SpanData, SpanProcessor,
};

const BOUND: Duration = Duration::from_secs(10);

#[mcp_tool]
fn set_up() {}

fn calls(telemetry: &Telemetry) -> f64 {
    series(&telemetry.prometheus_text())
        .iter()
        .filter(|it| it.name == "mcp_tool_calls_total")
        .map(|it| it.value)
        .sum()
}

/// Hangs when it is ended, as an exporter does whose collector does not answer.
#[derive(Debug)]
struct Hanging;

impl SpanProcessor for Hanging {
    fn on_start(&self, _: &mut Span, _: &Context) {}
    fn on_end(&self, _: SpanData) {}
    fn force_flush(&self) -> OTelSdkResult {
        loop {
            thread::park();
        }
    }
    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        loop {
            thread::park();
        }
    }
}

#[test]
fn the_life_of_instances() {
    // A call before anything is installed is not lost on the caller, and not on the next instance.
    set_up();

    let spans = InMemorySpanExporter::default();
    let first = Telemetry::builder()
        .service_name("first")
        .span_processor(SimpleSpanProcessor::new(spans.clone()))
        .install()
        .expect("nothing is installed");
    set_up();
    assert_eq!(
        calls(&first),
        1.0,
        "an install after the first call takes effect"
    );
    assert!(first.prometheus_text().contains("service_name=\"first\""));
    first
        .flush(Duration::MAX)
        .expect("it may take as long as it takes");

    // A thread that has seen this instance sees what becomes of it.
    let (ask, asked) = mpsc::channel();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for () in asked {
            set_up();
            tell.send(()).expect("the test waits");
        }
    });
    let call_there = || {
        ask.send(()).expect("the thread waits");
        told.recv().expect("it called");
    };
    call_there();
    assert_eq!(calls(&first), 2.0);

    let again = Telemetry::builder()
        .install()
        .expect_err("one is installed");
    assert!(matches!(again, SetupError::AlreadyInstalled));
    assert_eq!(
        again.to_string(),
        "telemetry is installed already; shut that instance down first, or use `build` for a second one"
    );

    // Another instance beside it is used only where it is named.
    let second = Capture::new();
    set_up();
    assert_eq!((calls(&first), calls(&second.telemetry)), (3.0, 0.0));

    // The instance's providers are the API's global ones.
    opentelemetry::global::tracer("users own").in_span("a span of the user's", |_| {});
    let finished = spans.get_finished_spans().expect("the exporter works");
    assert!(
        finished
            .iter()
            .any(|span| span.name == "a span of the user's")
    );

    first.shutdown(BOUND).expect("all is flushed");
    first.shutdown(BOUND).expect("a second time is harmless");
    assert!(Telemetry::installed().is_none());
    set_up();
    call_there();

    // A third one after that, with providers of the user's.
    let spans = InMemorySpanExporter::default();
    let traces = SdkTracerProvider::builder()
        .with_simple_exporter(spans.clone())
        .build();
    let metrics = InMemoryMetricExporter::default();
    let meters = SdkMeterProvider::builder()
        .with_reader(PeriodicReader::builder(metrics.clone()).build())
        .build();
    let third = Telemetry::builder()
        .tracer_provider(&traces)
        .meter_provider(meters.clone())
        .install()
        .expect("the first one was shut down");
    set_up();
    call_there();
    third
        .shutdown(BOUND)
        .expect("there is nothing of its own to flush");
    meters.force_flush().expect("the user's providers live on");
    traces.tracer("users own").in_span("after", |_| {});
    let names: Vec<_> = spans
        .get_finished_spans()
        .expect("the exporter works")
        .into_iter()
        .map(|span| span.name)
        .collect();
    assert_eq!(names, ["tools/call set_up", "tools/call set_up", "after"]);
    assert!(
        !metrics
            .get_finished_metrics()
            .expect("the exporter works")
            .is_empty()
    );

    // What hangs is left behind when the time is over.
    let hanging = Telemetry::builder()
        .span_processor(Hanging)
        .install()
        .expect("the third one was shut down");
    let begun = Instant::now();
    let bound = Duration::from_millis(50);
    let error = hanging.shutdown(bound).expect_err("it hangs");
    assert!(matches!(error, ShutdownError::TimedOut(given) if given == bound));
    assert!(begun.elapsed() < BOUND, "it comes back");
    Telemetry::builder()
        .install()
        .expect("it is gone all the same");
}
