//! Random mixes of outcomes on several threads: nothing is counted twice, and nothing is lost.

use std::time::Duration;

use mcp_observe::mcp_tool;
use mcp_observe_tests::{Capture, attribute};
use proptest::prelude::*;
use rmcp::ErrorData;
use rmcp::model::CallToolResult;

/// How a call is made to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Success,
    ToolError,
    CallersFault,
    ServersFault,
    Panic,
    Dropped,
}

impl End {
    fn any() -> impl Strategy<Value = Self> {
        prop_oneof![
            Just(Self::Success),
            Just(Self::ToolError),
            Just(Self::CallersFault),
            Just(Self::ServersFault),
            Just(Self::Panic),
            Just(Self::Dropped),
        ]
    }

    fn status(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Dropped => "cancelled",
            _ => "error",
        }
    }

    fn counted(self) -> Option<&'static str> {
        match self {
            Self::Success | Self::Dropped => None,
            Self::ToolError => Some("tool_error"),
            Self::CallersFault => Some("-32602"),
            Self::ServersFault => Some("-32603"),
            Self::Panic => Some("panic"),
        }
    }

    fn error_type(self) -> Option<&'static str> {
        match self {
            Self::CallersFault => None,
            Self::Dropped => Some("cancelled"),
            other => other.counted(),
        }
    }
}

#[mcp_tool]
async fn mixed(end: End, yields: u8) -> Result<CallToolResult, ErrorData> {
    for _ in 0..yields {
        tokio::task::yield_now().await;
    }
    match end {
        End::Success => Ok(CallToolResult::success(vec![])),
        End::ToolError => Ok(CallToolResult::error(vec![])),
        End::CallersFault => Err(ErrorData::invalid_params("no", None)),
        End::ServersFault => Err(ErrorData::internal_error("no", None)),
        // Without the hook's noise: it is called only by `panic!`.
        End::Panic => std::panic::resume_unwind(Box::new(())),
        End::Dropped => std::future::pending().await,
    }
}

async fn call(end: End, yields: u8) {
    if end == End::Dropped {
        // Polled at least once, or it would be no call.
        let call = tokio::time::timeout(Duration::ZERO, mixed(end, 0));
        call.await.expect_err("it never returns");
    } else {
        let ended = tokio::spawn(mixed(end, yields)).await;
        assert_eq!(ended.is_err(), end == End::Panic);
    }
}

/// What all signals have counted so far.
#[derive(Debug, PartialEq)]
struct Counts {
    spans: usize,
    by_error_type: Vec<(String, usize)>,
    operations: usize,
    calls: usize,
    by_status: Vec<usize>,
    by_counted: Vec<(String, usize)>,
    active: isize,
}

const CLASSES: [&str; 4] = ["tool_error", "-32602", "-32603", "panic"];
const ERROR_TYPES: [&str; 4] = ["tool_error", "-32603", "panic", "cancelled"];
const STATUSES: [&str; 3] = ["success", "error", "cancelled"];

impl Counts {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small counts"
    )]
    fn exported(capture: &Capture) -> Self {
        let tool = ("tool_name", "mixed");
        let sum = |name: &str, labels: &[(&str, &str)]| capture.sum(name, labels) as usize;
        let spans = capture.spans_named("tools/call mixed");
        let of_type = |class: &str| {
            let is = |span: &&_| attribute(span, "error.type").as_deref() == Some(class);
            (class.to_owned(), spans.iter().filter(is).count())
        };
        Self {
            by_error_type: ERROR_TYPES.iter().map(|class| of_type(class)).collect(),
            operations: sum(
                "mcp_server_operation_duration_seconds_count",
                &[("gen_ai_tool_name", "mixed")],
            ),
            calls: sum("mcp_tool_calls_total", &[tool]),
            by_status: STATUSES
                .iter()
                .map(|status| {
                    let labels = [tool, ("status", status)];
                    sum("mcp_tool_invocation_duration_seconds_count", &labels)
                })
                .collect(),
            by_counted: CLASSES
                .iter()
                .map(|class| {
                    let labels = [tool, ("error_type", class)];
                    ((*class).to_owned(), sum("mcp_tool_errors_total", &labels))
                })
                .collect(),
            active: capture.sum("mcp_tool_active", &[tool]) as isize,
            spans: spans.len(),
        }
    }

    fn expected(ends: &[End]) -> Self {
        let count = |is: &dyn Fn(End) -> bool| ends.iter().filter(|end| is(**end)).count();
        let by = |classes: &[&str], of: fn(End) -> Option<&'static str>| {
            let of_class = |class: &&str| {
                let number = count(&|end| of(end) == Some(class));
                ((*class).to_owned(), number)
            };
            classes.iter().map(of_class).collect()
        };
        Self {
            spans: ends.len(),
            by_error_type: by(&ERROR_TYPES, End::error_type),
            operations: ends.len(),
            calls: ends.len(),
            by_status: STATUSES
                .iter()
                .map(|status| count(&|end| end.status() == *status))
                .collect(),
            by_counted: by(&CLASSES, End::counted),
            active: 0,
        }
    }
}

#[test]
fn calls_in_are_spans_out_are_samples() {
    let capture = Capture::installed();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_time()
        .build()
        .expect("a runtime");
    // The instance lives on from case to case, so each adds to what is expected.
    let made = std::sync::Mutex::new(Vec::new());
    let mix = prop::collection::vec((End::any(), 0..4_u8), 1..200);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&mix, |mix| {
            runtime.block_on(async {
                let calls: Vec<_> = mix
                    .iter()
                    .map(|&(end, yields)| tokio::spawn(call(end, yields)))
                    .collect();
                for call in calls {
                    call.await.expect("the call ends as it should");
                }
            });
            let mut made = made.lock().expect("not poisoned");
            made.extend(mix.iter().map(|(end, _)| *end));
            prop_assert_eq!(Counts::exported(capture), Counts::expected(&made));
            Ok(())
        })
        .expect("all signals agree");
}
