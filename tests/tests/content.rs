//! What is recorded of a call's content: arguments and results as they are declared, and texts of
//! errors without what looks like a secret; on the call's own span, and only if it is turned on.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use mcp_observe::rmcp::Observed;
use mcp_observe::{HashKey, Record, Scrubber, Telemetry, mcp_tool};
use mcp_observe_tests::connect::connect;
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::Status;
use opentelemetry_sdk::trace::{InMemorySpanExporter, Sampler, SimpleSpanProcessor};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::{Json, Parameters};
use rmcp::model::{CallToolRequestParams, CallToolResult, ContentBlock};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler, tool, tool_handler, tool_router};
use serde_json::{Value, json};

const ARGUMENTS: &str = "gen_ai.tool.call.arguments";
const RESULT: &str = "gen_ai.tool.call.result";

#[derive(serde::Deserialize, schemars::JsonSchema, Record)]
#[serde(rename_all = "camelCase")]
struct Transfer {
    #[record]
    amount: u64,
    #[redact(keep_last = 4)]
    account_number: String,
    #[redact(hash)]
    customer: String,
    #[redact]
    comment: Option<String>,
    #[expect(dead_code, reason = "what is not declared is not recorded")]
    note: String,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Undeclared {
    text: String,
}

#[derive(serde::Serialize, schemars::JsonSchema, Record)]
struct Receipt {
    #[record]
    number: u32,
    balance: u64,
}

#[derive(Clone)]
struct Bank {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Bank {
    #[mcp_tool(result(record))]
    #[tool]
    async fn transfer(
        &self,
        Parameters(transfer): Parameters<Transfer>,
        _context: RequestContext<RoleServer>,
    ) -> Json<Receipt> {
        Json(Receipt {
            number: 7,
            balance: transfer.amount + transfer.account_number.len() as u64,
        })
    }

    /// Its arguments declare nothing, and so nothing is recorded of them.
    #[mcp_tool]
    #[tool]
    async fn undeclared(&self, Parameters(Undeclared { text }): Parameters<Undeclared>) -> String {
        text
    }

    #[mcp_tool(error_message = true, result(record))]
    #[tool]
    async fn fails_in_band(&self, _: Parameters<Transfer>) -> CallToolResult {
        CallToolResult::error(vec![ContentBlock::text(
            "no account for bob@example.com, password=hunter2",
        )])
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Bank {}

fn transfer() -> Value {
    json!({
        "amount": 12,
        "accountNumber": "DE0012345678",
        "customer": "bob",
        "comment": null,
        "note": "a gift",
    })
}

async fn call(capture: &Capture, tool: &'static str, arguments: &Value) -> CallToolResult {
    let observed = Observed::builder(Bank {
        tool_router: Bank::tool_router(),
    });
    let client = connect(observed.telemetry(&capture.telemetry).build()).await;
    let arguments = arguments.as_object().expect("an object").clone();
    client
        .call_tool(CallToolRequestParams::new(tool).with_arguments(arguments))
        .await
        .expect("an answer")
}

fn on() -> Capture {
    Capture::with(|builder| {
        builder
            .capture_content(true)
            .hash_key(HashKey::new([1; 16]))
    })
}

#[tokio::test]
async fn arguments_and_results_are_recorded_as_declared() {
    let capture = on();
    call(&capture, "transfer", &transfer()).await;
    let span = capture.span("tools/call transfer");
    let arguments: Value =
        serde_json::from_str(&attribute(&span, ARGUMENTS).expect("recorded")).expect("JSON");
    let hash = arguments["customer"].as_str().expect("a hash").to_owned();
    assert!(hash.starts_with("[hash:") && hash.len() == 39, "{hash}");
    assert_eq!(
        arguments,
        json!({
            "amount": 12,
            "accountNumber": "[redacted]5678",
            "customer": hash,
            "comment": null,
        })
    );
    assert_eq!(attribute(&span, RESULT).as_deref(), Some(r#"{"number":7}"#));

    // The same key, the same hash.
    let again = on();
    call(&again, "transfer", &transfer()).await;
    let span = again.span("tools/call transfer");
    assert!(
        attribute(&span, ARGUMENTS)
            .expect("recorded")
            .contains(&hash)
    );
}

#[tokio::test]
async fn nothing_is_recorded_unless_it_is_turned_on() {
    let capture = Capture::new();
    call(&capture, "transfer", &transfer()).await;
    let span = capture.span("tools/call transfer");
    assert_eq!(attribute(&span, ARGUMENTS), None);
    assert_eq!(attribute(&span, RESULT), None);
}

#[tokio::test]
async fn what_declares_nothing_is_not_recorded() {
    let capture = on();
    call(&capture, "undeclared", &json!({ "text": "a secret" })).await;
    let span = capture.span("tools/call undeclared");
    assert_eq!(attribute(&span, ARGUMENTS), None);
    assert_eq!(attribute(&span, RESULT), None);
}

#[tokio::test]
async fn texts_of_errors_lose_their_secrets_and_failures_have_no_result() {
    let capture = on();
    let result = call(&capture, "fails_in_band", &transfer()).await;
    assert_eq!(result.is_error, Some(true));
    let span = capture.span("tools/call fails_in_band");
    let description = "no account for [redacted:email], password=[redacted:secret]";
    assert_eq!(span.status, Status::error(description));
    assert_eq!(attribute(&span, RESULT), None);
    assert!(attribute(&span, ARGUMENTS).is_some());
}

#[derive(Debug, Record)]
#[record(all)]
struct City {
    name: String,
    #[redact]
    token: u8,
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a server hands arguments over"
)]
#[mcp_tool(record_all, result(redact(hash)))]
fn everything(
    city: &City,
    days: u8,
    #[redact] secret: &str,
    #[record(serde)] raw: Undeclarable,
    #[meta] _meta: &serde_json::Map<String, Value>,
) -> Result<String, String> {
    Ok(format!(
        "{} {days} {} {}",
        city.name,
        secret.len() + usize::from(city.token),
        raw.0
    ))
}

#[derive(serde::Serialize)]
struct Undeclarable(u8);

#[mcp_tool]
fn some(#[record] r#type: &str, #[redact] _code: u8, quiet: u8) -> usize {
    r#type.len() + usize::from(quiet)
}

/// Not inside of an operation that someone else opened.
#[test]
fn the_attribute_alone_records_as_well() {
    let capture = installed();
    let city = City {
        name: "Paris".to_owned(),
        token: 1,
    };
    everything(&city, 3, "abc", Undeclarable(4), &serde_json::Map::new()).expect("it works");
    let span = capture.span("tools/call everything");
    assert_eq!(
        attribute(&span, ARGUMENTS).as_deref(),
        Some(
            r#"{"city":{"name":"Paris","token":"[redacted]"},"days":3,"secret":"[redacted]","raw":4}"#
        )
    );
    let result = attribute(&span, RESULT).expect("recorded");
    assert!(result.starts_with(r#"{"result":"[hash:"#), "{result}");

    some("visit", 1, 2);
    let span = capture.span("tools/call some");
    assert_eq!(
        attribute(&span, ARGUMENTS).as_deref(),
        Some(r#"{"type":"visit","_code":"[redacted]"}"#)
    );
    assert_eq!(attribute(&span, RESULT), None);
}

/// A tool that another one calls has a span of its own, and its content there.
#[test]
fn an_inner_call_has_its_own_content() {
    #[mcp_tool]
    fn inner_content(#[record] n: u8) -> u8 {
        n
    }
    #[mcp_tool]
    fn outer_content(#[record] n: u8) -> u8 {
        inner_content(n + 1)
    }
    let capture = installed();
    outer_content(1);
    for (span, arguments) in [
        ("tools/call outer_content", r#"{"n":1}"#),
        ("execute_tool inner_content", r#"{"n":2}"#),
    ] {
        let span = capture.span(span);
        assert_eq!(attribute(&span, ARGUMENTS).as_deref(), Some(arguments));
    }
}

#[derive(Debug)]
struct Unspeakable;

impl fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("while the error is written")
    }
}

struct Unwritable;

impl Record for Unwritable {
    fn record(&self, _: mcp_observe::Recorder<'_>) {
        panic!("while the argument is written")
    }
}

/// Telemetry never harms the call: values write themselves by the user's own code.
#[test]
fn values_that_panic_while_they_are_written_are_left_out() {
    #[mcp_tool(error_message = true)]
    fn unwritable(#[record] _value: Unwritable) -> Result<(), Unspeakable> {
        Err(Unspeakable)
    }
    let capture = installed();
    unwritable(Unwritable).expect_err("as it was");
    let span = capture.span("tools/call unwritable");
    assert_eq!(attribute(&span, ARGUMENTS), None);
    assert_eq!(span.status, Status::error(""));
    assert_eq!(
        attribute(&span, "error.type").as_deref(),
        Some("tool_error")
    );
}

#[test]
fn large_arguments_are_cut_and_stay_json() {
    #[mcp_tool]
    fn large(#[record] items: &[String]) -> usize {
        items.len()
    }
    let capture = installed();
    large(&vec!["x".repeat(100); 1_000]);
    let json = attribute(&capture.span("tools/call large"), ARGUMENTS).expect("recorded");
    assert!(json.len() <= 4_096, "{}", json.len());
    let value: Value = serde_json::from_str(&json).expect("JSON");
    assert!(value["items"].as_array().expect("an array").len() > 30);
}

#[test]
fn the_scrubber_is_the_users() {
    #[mcp_tool(error_message = true)]
    fn own_scrubber() -> Result<(), String> {
        Err("order 4711 of bob@example.com".to_owned())
    }
    let spans = InMemorySpanExporter::default();
    let scrubber = Scrubber::empty()
        .with_pattern(r"order \d+")
        .expect("a pattern");
    let telemetry = Telemetry::builder()
        .span_processor(SimpleSpanProcessor::new(spans.clone()))
        .scrubber(scrubber)
        .build()
        .expect("it can be made");
    let handler = Observed::builder(Outer(own_scrubber)).telemetry(&telemetry);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let client = connect(handler.known_tools(["own_scrubber"]).build()).await;
        let _ = client
            .call_tool(CallToolRequestParams::new("own_scrubber"))
            .await;
    });
    let spans = spans.get_finished_spans().expect("the exporter works");
    let span = spans
        .iter()
        .find(|span| span.name == "tools/call own_scrubber");
    let description = "[redacted:custom] of bob@example.com";
    assert_eq!(span.expect("a span").status, Status::error(description));
}

/// A hand-written handler.
struct Outer(fn() -> Result<(), String>);

impl ServerHandler for Outer {
    async fn call_tool(
        &self,
        _: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<rmcp::model::CallToolResponse, rmcp::ErrorData> {
        match (self.0)() {
            Ok(()) => Ok(CallToolResult::success(vec![]).into()),
            Err(_) => Ok(CallToolResult::error(vec![]).into()),
        }
    }
}

#[tokio::test]
async fn what_is_not_sampled_is_not_even_written() {
    let capture =
        Capture::with(|builder| builder.capture_content(true).sampler(Sampler::AlwaysOff));
    let handler = Observed::builder(Unsampled).telemetry(&capture.telemetry);
    let client = connect(handler.known_tools(["unsampled"]).build()).await;
    client
        .call_tool(CallToolRequestParams::new("unsampled"))
        .await
        .expect("an answer");
    assert!(!WRITTEN.load(Ordering::SeqCst));
}

/// A hand-written handler.
struct Unsampled;

impl ServerHandler for Unsampled {
    async fn call_tool(
        &self,
        _: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<rmcp::model::CallToolResponse, rmcp::ErrorData> {
        watched(Watched).await;
        Ok(CallToolResult::success(vec![]).into())
    }
}

static WRITTEN: AtomicBool = AtomicBool::new(false);

struct Watched;

impl Record for Watched {
    fn record(&self, _: mcp_observe::Recorder<'_>) {
        WRITTEN.store(true, Ordering::SeqCst);
    }
}

#[mcp_tool(name = "unsampled")]
async fn watched(#[record] _value: Watched) {}

/// An installed instance that records.
fn installed() -> &'static Capture {
    Capture::installed_with(|builder| builder.capture_content(true))
}
