//! What is plugged into telemetry may panic: the call goes on and is counted.

use std::time::Duration;

use mcp_observe::{Carrier, Telemetry, mcp_tool};
use mcp_observe_tests::series;
use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};

#[derive(Debug)]
struct Panicking;

impl SpanProcessor for Panicking {
    fn on_start(&self, _: &mut Span, _: &Context) {}
    fn on_end(&self, _: SpanData) {
        resume();
    }
    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }
    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

struct PanickingCarrier;

impl Carrier for PanickingCarrier {
    fn get(&self, _: &str) -> Option<&str> {
        resume()
    }
}

/// Panics without the noise of the hook.
fn resume() -> ! {
    std::panic::resume_unwind(Box::new(()))
}

#[mcp_tool]
async fn survives(#[meta] _meta: PanickingCarrier) -> i32 {
    1
}

#[mcp_tool]
fn survives_in_a_drop() {
    resume();
}

#[tokio::test]
async fn panics_of_others_do_not_reach_the_tool() {
    let telemetry = Telemetry::builder()
        .span_processor(Panicking)
        .install()
        .expect("nothing is installed");
    assert_eq!(survives(PanickingCarrier).await, 1);
    // The span is ended while the tool's own panic unwinds: a second panic there would abort.
    std::panic::catch_unwind(survives_in_a_drop).expect_err("the tool's own panic goes on");
    let series = series(&telemetry.prometheus_text());
    for (tool, status) in [("survives", "success"), ("survives_in_a_drop", "error")] {
        assert!(series.iter().any(|it| {
            it.name == "mcp_tool_invocation_duration_seconds_count"
                && it
                    .labels
                    .contains(&("tool_name".to_owned(), tool.to_owned()))
                && it
                    .labels
                    .contains(&("status".to_owned(), status.to_owned()))
                && (it.value - 1.0).abs() < f64::EPSILON
        }));
    }
}
