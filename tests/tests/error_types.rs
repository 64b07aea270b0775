//! Errors that name their classes: on every signal, and at zero from the start.

#![expect(clippy::float_cmp, reason = "counts are whole numbers")]

use std::error::Error;
use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use mcp_observe::rmcp::Observed;
use mcp_observe::{ErrorType, mcp_tool, tools};
use mcp_observe_tests::connect::connect;
use mcp_observe_tests::expected::Expected;
use mcp_observe_tests::{Capture, attribute};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::model::CallToolRequestParams;
use rmcp::{ErrorData, ServerHandler, tool, tool_handler, tool_router};

fn poll_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the tools of this test never wait"),
    }
}

#[derive(Debug, thiserror::Error, ErrorType)]
enum WeatherError {
    #[error("there is no {city}")]
    UnknownCity { city: String },
    #[error("come back later")]
    #[error_type("rate_limited")]
    TooMany(u32),
    #[error(transparent)]
    #[error_type(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    #[error_type(transparent)]
    Io(#[from] io::Error),
}

#[derive(Debug, thiserror::Error, ErrorType)]
#[error("the archive is closed")]
#[error_type("archive_closed")]
struct ArchiveError;

/// An error with a class by its own name.
#[derive(Debug, ErrorType)]
struct QuotaExceeded;

fn unknown_city() -> WeatherError {
    WeatherError::UnknownCity {
        city: "Atlantis".to_owned(),
    }
}

#[mcp_tool]
async fn of_variant() -> Result<String, WeatherError> {
    Err(unknown_city())
}

#[mcp_tool]
fn renamed() -> Result<(), WeatherError> {
    Err(WeatherError::TooMany(3))
}

#[mcp_tool]
async fn transparent() -> Result<(), WeatherError> {
    Err(ArchiveError)?
}

#[mcp_tool]
fn transparent_timeout() -> Result<(), WeatherError> {
    Err(io::Error::from(io::ErrorKind::TimedOut))?
}

#[mcp_tool]
fn of_struct() -> Result<(), QuotaExceeded> {
    Err(QuotaExceeded)
}

type Alias<T> = Result<T, QuotaExceeded>;

#[mcp_tool]
fn behind_an_alias() -> Alias<u8> {
    Err(QuotaExceeded)
}

#[mcp_tool]
fn with_impl_in_it() -> Result<impl Send, QuotaExceeded> {
    if cfg!(test) {
        return Err(QuotaExceeded);
    }
    Ok(1)
}

#[mcp_tool]
fn boxed_future() -> std::pin::Pin<Box<dyn Future<Output = Result<(), QuotaExceeded>>>> {
    Box::pin(async move { Err(QuotaExceeded) })
}

#[mcp_tool]
fn of_generic<E: ErrorType>(error: E) -> Result<(), E> {
    Err(error)
}

#[mcp_tool]
fn of_dyn_error() -> Result<(), Box<dyn Error>> {
    Err(Box::new(unknown_city()))
}

#[mcp_tool]
fn of_anyhow() -> anyhow::Result<()> {
    Err(anyhow::anyhow!("no"))
}

#[mcp_tool]
fn of_string() -> Result<(), String> {
    Err("no".to_owned())
}

#[derive(Clone)]
struct Tools {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Tools {
    #[mcp_tool]
    #[tool]
    async fn through_rmcp(&self) -> Result<String, ServedError> {
        Err(ServedError::NotToday)
    }

    #[mcp_tool]
    #[tool]
    async fn protocol_error(&self) -> Result<String, ErrorData> {
        Err(ErrorData::internal_error("no", None))
    }
}

#[derive(Debug, ErrorType)]
enum ServedError {
    NotToday,
}

impl rmcp::model::IntoContents for ServedError {
    fn into_contents(self) -> Vec<rmcp::model::ContentBlock> {
        "not today".to_owned().into_contents()
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Tools {}

#[test]
fn the_class_is_the_same_on_every_signal() {
    let capture = Capture::installed();
    let _ = poll_once(of_variant());
    Expected::failed("unknown_city").check(capture, "of_variant", &[]);
    let _ = renamed();
    Expected::failed("rate_limited").check(capture, "renamed", &[]);
    let _ = poll_once(transparent());
    Expected::failed("archive_closed").check(capture, "transparent", &[]);
    let _ = transparent_timeout();
    Expected::failed("timeout").check(capture, "transparent_timeout", &[]);
    let _ = of_struct();
    Expected::failed("quota_exceeded").check(capture, "of_struct", &[]);
    let _ = behind_an_alias();
    Expected::failed("quota_exceeded").check(capture, "behind_an_alias", &[]);
    let _ = with_impl_in_it();
    Expected::failed("quota_exceeded").check(capture, "with_impl_in_it", &[]);
    let _ = poll_once(boxed_future());
    Expected::failed("quota_exceeded").check(capture, "boxed_future", &[]);
}

#[test]
fn errors_without_classes_are_told_apart_as_far_as_they_can() {
    let capture = Capture::installed();
    let _ = of_dyn_error();
    Expected::failed("tool_error").check(capture, "of_dyn_error", &[]);
    let _ = of_anyhow();
    Expected::failed("tool_error").check(capture, "of_anyhow", &[]);
    let _ = of_string();
    Expected::failed("tool_error").check(capture, "of_string", &[]);
}

/// The tool's constants cannot name the type, so its classes have their series when they occur.
#[test]
fn classes_behind_a_generic_parameter_are_found_when_they_occur() {
    let capture = Capture::installed();
    let _ = of_generic(unknown_city());
    let _ = of_generic(QuotaExceeded);
    let _ = of_generic(QuotaExceeded);
    let spans = capture.spans_named("tools/call of_generic");
    let classes: Vec<_> = spans
        .iter()
        .filter_map(|span| attribute(span, "error.type"))
        .collect();
    assert_eq!(
        classes,
        ["unknown_city", "quota_exceeded", "quota_exceeded"]
    );
    for (class, count) in [("unknown_city", 1.0), ("quota_exceeded", 2.0)] {
        let labels = [("tool_name", "of_generic"), ("error_type", class)];
        assert_eq!(
            capture.metric("mcp_tool_errors_total", &labels),
            Some(count)
        );
        let labels = [("gen_ai_tool_name", "of_generic"), ("error_type", class)];
        assert_eq!(
            capture.sum("mcp_server_operation_duration_seconds_count", &labels),
            count
        );
    }
}

/// A hand-written implementation may return whatever it likes.
#[test]
fn made_up_classes_do_not_make_up_series() {
    struct Inventive(&'static str);
    impl ErrorType for Inventive {
        const TYPES: mcp_observe::ErrorTypes = mcp_observe::ErrorTypes::new(&["known"], &[]);
        fn error_type(&self) -> &'static str {
            self.0
        }
    }
    #[mcp_tool]
    fn invents(class: &'static str) -> Result<(), Inventive> {
        Err(Inventive(class))
    }
    let capture = Capture::installed();
    for n in 0..100 {
        let _ = invents(Box::leak(format!("class_{n}").into_boxed_str()));
    }
    // What is no name at all is not shown anywhere.
    let _ = invents("two\nlines");
    let spans = capture.spans_named("tools/call invents");
    let last = spans.last().expect("a span");
    assert_eq!(attribute(last, "error.type").as_deref(), Some("_OTHER"));
    let of_tool = [("tool_name", "invents")];
    assert_eq!(capture.sum("mcp_tool_errors_total", &of_tool), 101.0);
    let other = [of_tool[0], ("error_type", "_OTHER")];
    assert_eq!(capture.metric("mcp_tool_errors_total", &other), Some(69.0));
}

#[test]
fn every_class_is_there_at_zero() {
    let capture = Capture::new();
    for class in ["unknown_city", "rate_limited", "archive_closed", "timeout"] {
        let labels = [("tool_name", "of_variant"), ("error_type", class)];
        assert_eq!(
            capture.metric("mcp_tool_errors_total", &labels),
            Some(0.0),
            "{class}"
        );
    }
    for tool in [
        "behind_an_alias",
        "with_impl_in_it",
        "boxed_future",
        "of_struct",
    ] {
        let labels = [("tool_name", tool), ("error_type", "quota_exceeded")];
        assert_eq!(
            capture.metric("mcp_tool_errors_total", &labels),
            Some(0.0),
            "{tool}"
        );
    }
}

#[test]
fn classes_are_listed_and_counted() {
    let of = |name: &str| {
        let tool = tools().into_iter().find(|tool| tool.name == name);
        tool.expect("it is listed")
    };
    // `timeout` and `tool_error` every tool has.
    let own = ["unknown_city", "rate_limited", "archive_closed"];
    assert_eq!(of("of_variant").error_types, own);
    assert_eq!(of("of_variant").series, of("of_string").series + 3);
    assert!(of("of_anyhow").error_types.is_empty());
    assert!(of("of_generic").error_types.is_empty());
}

#[tokio::test]
async fn the_class_is_found_through_rmcp() {
    let capture = Capture::new();
    let observed = Observed::builder(Tools {
        tool_router: Tools::tool_router(),
    });
    let client = connect(observed.telemetry(&capture.telemetry).build()).await;
    let call = async |tool: &'static str| client.call_tool(CallToolRequestParams::new(tool)).await;
    let pipe = [
        ("mcp_protocol_version", "2025-11-25"),
        ("network_transport", "pipe"),
    ];
    let result = call("through_rmcp").await.expect("an answer");
    assert_eq!(result.is_error, Some(true));
    Expected::failed("not_today").check(&capture, "through_rmcp", &pipe);
    call("protocol_error").await.expect_err("an error");
    Expected::servers_fault("-32603").check(&capture, "protocol_error", &pipe);
}
