//! Every row of the outcome table, for tools whose `#[mcp_tool]` opens the operation itself: span,
//! durations and counters agree.

use std::error::Error;
use std::fmt;
use std::future::pending;
use std::io;
use std::time::Duration;

use mcp_observe::mcp_tool;
use mcp_observe_tests::expected::Expected;
use mcp_observe_tests::{Capture, attribute};
use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock, ErrorCode, InputRequiredResult};
use serde_json::{Value, json};

/// Checks the one call of `tool`.
fn check(tool: &str, expected: &Expected) {
    expected.check(Capture::installed(), tool, &[]);
}

macro_rules! row {
    ($name:ident, $call:expr, $expected:expr) => {
        #[tokio::test]
        async fn $name() {
            Capture::installed();
            let _ = $call.await;
            check(stringify!($name), &$expected);
        }
    };
}

mod tools {
    use super::*;

    #[mcp_tool]
    pub(super) async fn returned() -> i32 {
        tokio::task::yield_now().await;
        1
    }

    #[mcp_tool]
    pub(super) async fn is_error() -> CallToolResult {
        CallToolResult::error(vec![ContentBlock::text("no")])
    }

    #[mcp_tool]
    pub(super) async fn ok_is_error() -> Result<CallToolResult, ErrorData> {
        Ok(CallToolResult::error(vec![ContentBlock::text("no")]))
    }

    #[mcp_tool]
    pub(super) async fn json_is_error() -> Value {
        json!({"content": [], "isError": true})
    }

    #[mcp_tool]
    pub(super) async fn string_error() -> Result<i32, String> {
        Err("no".to_owned())
    }

    #[mcp_tool]
    pub(super) async fn question_mark() -> Result<i32, std::num::ParseIntError> {
        let number: i32 = "x".parse()?;
        Ok(number)
    }

    #[mcp_tool]
    pub(super) async fn callers_fault() -> Result<CallToolResult, ErrorData> {
        Err(ErrorData::invalid_params("no", None))
    }

    #[mcp_tool]
    pub(super) async fn servers_fault() -> Result<CallToolResult, ErrorData> {
        Err(ErrorData::internal_error("no", None))
    }

    #[mcp_tool]
    pub(super) async fn own_code() -> Result<CallToolResult, ErrorData> {
        Err(ErrorData::new(ErrorCode(-32_050), "no", None))
    }

    #[mcp_tool]
    pub(super) async fn elapsed() -> Result<i32, tokio::time::error::Elapsed> {
        tokio::time::timeout(Duration::ZERO, pending()).await
    }

    #[mcp_tool]
    pub(super) async fn io_timeout() -> Result<i32, io::Error> {
        Err(io::ErrorKind::TimedOut.into())
    }

    #[mcp_tool]
    pub(super) async fn boxed_timeout() -> Result<i32, Box<dyn Error + Send + Sync>> {
        Ok(tokio::time::timeout(Duration::ZERO, pending()).await?)
    }

    #[mcp_tool]
    pub(super) async fn source_timeout() -> Result<i32, Wrapped> {
        Err(Wrapped(io::ErrorKind::TimedOut.into()))
    }

    #[mcp_tool]
    pub(super) async fn boxed_error() -> Result<i32, Box<dyn Error>> {
        Err("no".into())
    }

    #[mcp_tool]
    pub(super) async fn input_required() -> InputRequiredResult {
        InputRequiredResult::from_request_state("state")
    }

    #[mcp_tool]
    pub(super) async fn generic<T: Clone + Send + Sync>(value: &T) -> Result<T, fmt::Error> {
        Ok(value.clone())
    }

    #[mcp_tool]
    pub(super) async fn dropped() {
        pending().await
    }

    #[mcp_tool]
    pub(super) async fn panicked() {
        panic!("a secret");
    }

    #[mcp_tool]
    pub(super) fn sync_returned() -> i32 {
        1
    }

    #[mcp_tool]
    pub(super) fn sync_failed(x: i32) -> Result<i32, String> {
        if x > 0 {
            return Err("no".to_owned());
        }
        Ok(x)
    }

    #[mcp_tool]
    pub(super) fn sync_panicked() {
        panic!("a secret");
    }
}

/// An error with a source.
#[derive(Debug)]
struct Wrapped(io::Error);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wrapped")
    }
}

impl Error for Wrapped {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

row!(returned, tools::returned(), Expected::SUCCESS);
row!(generic, tools::generic(&1), Expected::SUCCESS);
row!(is_error, tools::is_error(), Expected::failed("tool_error"));
row!(
    ok_is_error,
    tools::ok_is_error(),
    Expected::failed("tool_error")
);
row!(
    json_is_error,
    tools::json_is_error(),
    Expected::failed("tool_error")
);
row!(
    string_error,
    tools::string_error(),
    Expected::failed("tool_error")
);
row!(
    question_mark,
    tools::question_mark(),
    Expected::failed("tool_error")
);
row!(
    boxed_error,
    tools::boxed_error(),
    Expected::failed("tool_error")
);
row!(elapsed, tools::elapsed(), Expected::failed("timeout"));
row!(io_timeout, tools::io_timeout(), Expected::failed("timeout"));
row!(
    boxed_timeout,
    tools::boxed_timeout(),
    Expected::failed("timeout")
);
row!(
    source_timeout,
    tools::source_timeout(),
    Expected::failed("timeout")
);
row!(
    callers_fault,
    tools::callers_fault(),
    Expected::callers_fault("-32602")
);
row!(
    servers_fault,
    tools::servers_fault(),
    Expected::servers_fault("-32603")
);

#[tokio::test]
async fn own_code_stands_on_the_span_alone() {
    let capture = Capture::installed();
    let _ = tools::own_code().await;
    let span = capture.span("tools/call own_code");
    assert_eq!(
        attribute(&span, "rpc.response.status_code").as_deref(),
        Some("-32050")
    );
    assert_eq!(attribute(&span, "error.type").as_deref(), Some("_OTHER"));
    let labels = [("tool_name", "own_code"), ("error_type", "_OTHER")];
    assert_eq!(capture.metric("mcp_tool_errors_total", &labels), Some(1.0));
    assert!(!capture.telemetry.prometheus_text().contains("-32050"));
}

#[tokio::test]
async fn input_required_is_a_success_that_is_marked() {
    let capture = Capture::installed();
    let _ = tools::input_required().await;
    check("input_required", &Expected::SUCCESS);
    let span = capture.span("tools/call input_required");
    assert_eq!(
        attribute(&span, "mcp.result.type").as_deref(),
        Some("input_required")
    );
}

#[tokio::test]
async fn dropped_future_is_cancelled() {
    Capture::installed();
    let call = tokio::time::timeout(Duration::ZERO, tools::dropped());
    call.await.expect_err("the tool never returns");
    check("dropped", &Expected::CANCELLED);
}

#[tokio::test]
async fn panic_goes_on_and_its_message_is_nowhere() {
    let capture = Capture::installed();
    let panicked = tokio::spawn(tools::panicked())
        .await
        .expect_err("it panics");
    assert_eq!(
        *panicked.into_panic().downcast::<&str>().unwrap(),
        "a secret"
    );
    check("panicked", &Expected::failed("panic"));
    assert!(!format!("{:?}", capture.spans()).contains("a secret"));
}

#[test]
fn sync_functions() {
    Capture::installed();
    tools::sync_returned();
    check("sync_returned", &Expected::SUCCESS);
    tools::sync_failed(1).expect_err("it fails");
    check("sync_failed", &Expected::failed("tool_error"));
    std::panic::catch_unwind(tools::sync_panicked).expect_err("it panics");
    check("sync_panicked", &Expected::failed("panic"));
}

/// A call that was never polled is none: nothing was opened.
#[tokio::test]
async fn a_future_that_is_never_polled_is_no_call() {
    #[mcp_tool]
    async fn never_polled() {}

    let capture = Capture::installed();
    drop(never_polled());
    assert!(capture.spans_named("tools/call never_polled").is_empty());
    let calls = capture.metric("mcp_tool_calls_total", &[("tool_name", "never_polled")]);
    assert_eq!(calls, Some(0.0));
}

/// rmcp's `local` tools have futures that stay on their thread.
#[tokio::test]
async fn a_future_need_not_be_send() {
    #[mcp_tool]
    async fn stays_on_its_thread() -> i32 {
        let value = std::rc::Rc::new(1);
        tokio::task::yield_now().await;
        *value
    }

    Capture::installed();
    assert_eq!(stays_on_its_thread().await, 1);
    check("stays_on_its_thread", &Expected::SUCCESS);
}
