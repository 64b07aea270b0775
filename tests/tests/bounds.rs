//! Whatever callers and servers name, the number of series is bounded, and nothing is lost from the
//! sums.

#![expect(clippy::float_cmp, reason = "counts are whole numbers")]

use std::sync::Arc;

use mcp_observe::__private as private;
use mcp_observe::rmcp::Observed;
use mcp_observe::{ErrorType, ErrorTypes, mcp_tool};
use mcp_observe_tests::connect::connect;
use mcp_observe_tests::{Capture, Series, series};
use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult, Tool};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};

/// Has any tool that it is asked for.
struct Wildcard;

impl ServerHandler for Wildcard {
    async fn call_tool(
        &self,
        _: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        Ok(CallToolResult::success(vec![]).into())
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        Some(Tool::new(name.to_owned(), "any", Arc::default()))
    }
}

/// Has none.
struct Nothing;

impl ServerHandler for Nothing {}

async fn call_many(capture: &Capture, handler: impl ServerHandler, calls: usize) {
    let handler = Observed::builder(handler)
        .telemetry(&capture.telemetry)
        .build();
    let client = connect(handler).await;
    for call in 0..calls {
        let _ = client
            .call_tool(CallToolRequestParams::new(format!("tool-{call}")))
            .await;
    }
}

#[tokio::test]
async fn tools_of_a_server_that_has_any_are_told_apart_up_to_a_bound() {
    let capture = Capture::new();
    call_many(&capture, Wildcard, 300).await;
    let text = capture.telemetry.prometheus_text();
    let tools = series(&text)
        .into_iter()
        .filter(|it| it.name == "mcp_tool_calls_total" && it.value > 0.0)
        .count();
    assert_eq!(tools, 128 + 1, "128 names and `_OTHER`");
    assert_eq!(capture.sum("mcp_tool_calls_total", &[]), 300.0);
    assert_eq!(capture.sum("mcp_tool_active", &[]), 0.0);
    let other = capture.metric("mcp_tool_calls_total", &[("tool_name", "_OTHER")]);
    assert_eq!(other, Some(300.0 - 128.0));
    let operations = "mcp_server_operation_duration_seconds_count";
    let labels = [("mcp_method_name", "tools/call")];
    assert_eq!(capture.sum(operations, &labels), 300.0);
}

/// Where the caller chooses the name, it is nowhere if it could do harm there.
#[tokio::test]
async fn names_that_are_not_fit_to_be_shown_are_not() {
    let capture = Capture::new();
    let handler = Observed::builder(Wildcard)
        .telemetry(&capture.telemetry)
        .build();
    let client = connect(handler).await;
    let long = "long".repeat(1_000);
    let names = [
        "",
        "zwei\nzeilen",
        "\u{1b}[31mred",
        "\u{202e}gnp.exe",
        "a\"} 1",
        &long,
    ];
    for name in names {
        client
            .call_tool(CallToolRequestParams::new(name.to_owned()))
            .await
            .expect("it has any tool");
    }
    let other = capture.metric("mcp_tool_calls_total", &[("tool_name", "_OTHER")]);
    assert_eq!(other, Some(6.0));
    let spans = capture.spans_named("tools/call");
    assert_eq!(spans.len(), names.len());
    let exported = format!(
        "{:?}{}",
        capture.spans(),
        capture.telemetry.prometheus_text()
    );
    for part in ["zwei", "zeilen", "[31m", "gnp", "longlong"] {
        assert!(!exported.contains(part), "{part} is exported");
    }
}

#[tokio::test]
async fn a_flood_of_unknown_tools_makes_no_series() {
    let capture = Capture::new();
    call_many(&capture, Nothing, 1).await;
    let before = series(&capture.telemetry.prometheus_text()).len();
    call_many(&capture, Nothing, 500).await;
    // The first session is over by now, and has its duration.
    let sessions = "mcp_server_session_duration_seconds";
    let after = series(&capture.telemetry.prometheus_text());
    let after = after
        .iter()
        .filter(|it| !it.name.starts_with(sessions))
        .count();
    assert!(
        after <= before,
        "{after} series, and {before} before the flood"
    );
    let unknown = capture.metric("mcp_unknown_total", &[("kind", "tool")]);
    assert_eq!(unknown, Some(501.0));
}

/// Where the linker did not see a tool, such as in a library loaded later, its calls are observed all
/// the same.
#[test]
fn a_tool_that_is_not_in_the_catalogue_shares_a_series() {
    static CALLSITE: private::Callsite = private::Callsite::new(private::Facts::new(
        "loaded_later",
        "tools/call loaded_later",
        "execute_tool loaded_later",
        module_path!(),
        file!(),
        line!(),
    ));
    let capture = Capture::installed();
    let mut call = private::open(&CALLSITE, private::NoCarrier);
    let result = call.run_sync(|| 1);
    call.finish(private::classify!(&result));
    assert_eq!(capture.spans_named("tools/call loaded_later").len(), 1);
    let calls = capture.metric("mcp_tool_calls_total", &[("tool_name", "_OTHER")]);
    assert_eq!(calls, Some(1.0));
    let labels = [("gen_ai_tool_name", "_OTHER")];
    let operations = "mcp_server_operation_duration_seconds_count";
    assert_eq!(capture.sum(operations, &labels), 1.0);
}

/// Callers can vary protocol revisions and transports, and a tool its errors: what one tool can have
/// of the operation duration is bounded, and no call goes missing.
#[test]
fn one_tool_has_a_share_of_the_operation_duration() {
    const CLASSES: [&str; 20] = [
        "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r",
        "s", "t",
    ];
    struct Nth(usize);
    impl ErrorType for Nth {
        const TYPES: ErrorTypes = ErrorTypes::new(&CLASSES, &[]);
        fn error_type(&self) -> &'static str {
            CLASSES[self.0]
        }
    }
    #[mcp_tool]
    fn fails_in_many_ways(way: usize) -> Result<(), Nth> {
        Err(Nth(way))
    }
    let capture = Capture::installed();
    for way in 0..CLASSES.len() {
        let _ = fails_in_many_ways(way);
        let _ = fails_in_many_ways(way);
    }
    let metric = "mcp_server_operation_duration_seconds_count";
    let of_tool: Vec<Series> = series(&capture.telemetry.prometheus_text())
        .into_iter()
        .filter(|series| series.name == metric)
        .filter(|series| {
            series
                .labels
                .iter()
                .any(|(_, it)| it == "fails_in_many_ways")
        })
        .collect();
    assert_eq!(of_tool.len(), 10 + 1, "{of_tool:#?}");
    let other = [
        ("gen_ai_tool_name", "fails_in_many_ways"),
        ("mcp_protocol_version", "_OTHER"),
        ("error_type", "_OTHER"),
    ];
    assert_eq!(capture.sum(metric, &other), 20.0);
    assert_eq!(capture.sum(metric, &other[..1]), 40.0);
    // Its own counters tell all of them apart.
    for class in CLASSES {
        let labels = [("tool_name", "fails_in_many_ways"), ("error_type", class)];
        assert_eq!(capture.metric("mcp_tool_errors_total", &labels), Some(2.0));
    }
}
