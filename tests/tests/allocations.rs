//! Allocations per call, by mode, counted on the calling thread.
//!
//! One test: the modes share the process's default instance, one after the other.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use mcp_observe::{Telemetry, TelemetryBuilder, mcp_tool};
use opentelemetry_sdk::trace::{Sampler, SpanData, SpanProcessor};

fn allocations(call: impl Fn()) -> usize {
    // Tables are filled and thread-locals made by the first calls.
    for _ in 0..3 {
        call();
    }
    let measured = allocation_counter::measure(|| {
        for _ in 0..100 {
            call();
        }
    });
    let total = usize::try_from(measured.count_total).expect("few enough");
    assert_eq!(
        total % 100,
        0,
        "calls allocate differently: {total} in 100 calls"
    );
    total / 100
}

#[mcp_tool]
async fn alloc_async(a: i64, b: i64) -> Result<i64, std::num::TryFromIntError> {
    i8::try_from(a)?;
    Ok(a + b)
}

#[mcp_tool]
fn alloc_sync(a: i64, b: i64) -> i64 {
    a + b
}

#[mcp_tool]
async fn alloc_nested(a: i64) -> i64 {
    alloc_sync(a, 1)
}

#[derive(mcp_observe::LabelValue)]
#[label(max = 3)]
struct Team<'a>(&'a str);

#[mcp_tool(labels(fast, team: Team<'_> = Team(owner)))]
fn alloc_labelled(fast: bool, owner: &str) -> usize {
    usize::from(fast) + owner.len()
}

fn poll_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the tools of this test never wait"),
    }
}

fn calls() -> [(&'static str, usize); 5] {
    [
        (
            "async",
            allocations(|| {
                poll_once(alloc_async(1, 2)).expect("in range");
            }),
        ),
        (
            "async, error",
            allocations(|| {
                poll_once(alloc_async(1_000, 2)).expect_err("out of range");
            }),
        ),
        (
            "sync",
            allocations(|| {
                alloc_sync(1, 2);
            }),
        ),
        (
            "labelled",
            allocations(|| {
                alloc_labelled(true, "red");
                alloc_labelled(false, "blue");
            }),
        ),
        (
            "nested",
            allocations(|| {
                poll_once(alloc_nested(1));
            }),
        ),
    ]
}

/// Takes spans and lets them go.
#[derive(Debug)]
struct Discard;

impl SpanProcessor for Discard {
    fn on_start(&self, _: &mut opentelemetry_sdk::trace::Span, _: &opentelemetry::Context) {}
    fn on_end(&self, _: SpanData) {}
    fn force_flush(&self) -> opentelemetry_sdk::error::OTelSdkResult {
        Ok(())
    }
    fn shutdown_with_timeout(&self, _: Duration) -> opentelemetry_sdk::error::OTelSdkResult {
        Ok(())
    }
}

fn with(builder: TelemetryBuilder, check: impl FnOnce()) {
    let telemetry = builder.install().expect("nothing is installed");
    check();
    telemetry
        .shutdown(Duration::from_secs(5))
        .expect("nothing is left to flush");
}

#[test]
fn allocations_per_call() {
    assert_eq!(
        calls(),
        [
            ("async", 0),
            ("async, error", 0),
            ("sync", 0),
            ("labelled", 0),
            ("nested", 0)
        ],
        "with nothing installed"
    );
    with(Telemetry::builder(), || {
        assert_eq!(
            calls(),
            [
                ("async", 0),
                ("async, error", 0),
                ("sync", 0),
                ("labelled", 0),
                ("nested", 0)
            ],
            "with metrics only"
        );
    });
    let unsampled = Telemetry::builder()
        .span_processor(Discard)
        .sampler(Sampler::AlwaysOff);
    with(unsampled, || {
        assert_eq!(
            calls(),
            [
                ("async", 2),
                ("async, error", 2),
                ("sync", 2),
                ("labelled", 4),
                ("nested", 4)
            ],
            "unsampled"
        );
    });
    with(Telemetry::builder().span_processor(Discard), || {
        assert_eq!(
            calls(),
            [
                ("async", 3),
                ("async, error", 3),
                ("sync", 3),
                ("labelled", 6),
                ("nested", 6)
            ],
            "sampled"
        );
    });
    assert_eq!(
        calls(),
        [
            ("async", 0),
            ("async, error", 0),
            ("sync", 0),
            ("labelled", 0),
            ("nested", 0)
        ],
        "with nothing installed any more"
    );
}
