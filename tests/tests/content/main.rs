//! What is recorded of a call's content: arguments and results as they are declared, and texts of
//! errors without what looks like a secret; on the call's own span, and only if it is turned on.

mod alone;

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
