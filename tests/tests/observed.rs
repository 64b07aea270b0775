//! Every row of the outcome table, for tools called through `Observed` by a real client: what the
//! attribute knows and what the client is answered come together in one record.

#![expect(clippy::unused_self, reason = "tools are methods")]

use std::sync::Arc;
use std::time::Duration;

use mcp_observe::mcp_tool;
use mcp_observe::rmcp::Observed;
use mcp_observe_tests::connect::connect;
use mcp_observe_tests::expected::Expected;
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::{SpanKind, Status};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{
    CallToolRequestParams, CallToolResult, CancelledNotificationParam, ClientRequest,
    InputRequiredResult, Request, ServerCapabilities, ServerConfig,
};
use rmcp::service::{PeerRequestOptions, RequestContext, RunningService};
use rmcp::{ErrorData, RoleClient, RoleServer, ServerHandler, tool, tool_handler, tool_router};
use tokio::sync::Notify;

/// A server with a tool for each way to end.
#[derive(Clone)]
struct Tools {
    tool_router: ToolRouter<Self>,
    waiting: Arc<Notify>,
    go_on: Arc<Notify>,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct City {
    city: String,
}

#[tool_router]
impl Tools {
    fn new() -> Self {
        Self {
            tool_router: Self::tool_router(),
            waiting: Arc::new(Notify::new()),
            go_on: Arc::new(Notify::new()),
        }
    }

    /// Tells the weather.
    #[mcp_tool]
    #[tool]
    async fn weather(&self, Parameters(City { city }): Parameters<City>) -> String {
        format!("sunny in {city}")
    }

    #[mcp_tool]
    #[tool(name = "in.band")]
    fn in_band(&self) -> CallToolResult {
        CallToolResult::error(vec![])
    }

    #[mcp_tool]
    #[tool]
    async fn string_error(&self) -> Result<String, String> {
        Err("no".to_owned())
    }

    #[mcp_tool]
    #[tool]
    async fn callers_fault(&self) -> Result<CallToolResult, ErrorData> {
        Err(ErrorData::invalid_params("no", None))
    }

    #[mcp_tool]
    #[tool]
    async fn servers_fault(&self) -> Result<CallToolResult, ErrorData> {
        Err(ErrorData::internal_error("no", None))
    }

    #[mcp_tool]
    #[tool]
    async fn timed_out(&self) -> Result<CallToolResult, ErrorData> {
        self.too_slow()
            .await
            .map_err(|_| ErrorData::internal_error("too slow", None))
    }

    #[mcp_tool]
    #[tool]
    async fn interim(&self) -> InputRequiredResult {
        InputRequiredResult::from_request_state("state")
    }

    #[mcp_tool]
    #[tool]
    async fn waits(&self, _context: RequestContext<RoleServer>) -> String {
        self.waiting.notify_one();
        self.go_on.notified().await;
        "done".to_owned()
    }

    #[tool]
    async fn without_attribute(&self) -> Result<String, String> {
        Err("no".to_owned())
    }

    /// Runs another tool in a task of its own, as `TaskManager` does.
    #[mcp_tool]
    #[tool]
    async fn spawns(&self, context: RequestContext<RoleServer>) -> String {
        let this = self.clone();
        tokio::spawn(async move { this.in_task(context).await })
            .await
            .expect("the task ends")
    }

    async fn too_slow(&self) -> Result<CallToolResult, tokio::time::error::Elapsed> {
        tokio::time::timeout(Duration::ZERO, std::future::pending()).await
    }

    #[mcp_tool]
    async fn in_task(&self, _context: RequestContext<RoleServer>) -> String {
        "done".to_owned()
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }
}

/// A client of an observed server.
struct Session {
    capture: Capture,
    tools: Tools,
    client: RunningService<RoleClient, ()>,
}

impl Session {
    async fn start() -> Self {
        let capture = Capture::new();
        let tools = Tools::new();
        let handler = Observed::builder(tools.clone())
            .telemetry(&capture.telemetry)
            .build();
        let client = connect(handler).await;
        Self {
            capture,
            tools,
            client,
        }
    }

    async fn call(&self, tool: &'static str, arguments: serde_json::Value) {
        let mut params = CallToolRequestParams::new(tool);
        params.arguments = arguments.as_object().cloned();
        // How the client sees it is rmcp's business; what was recorded is this test's.
        let _ = self.client.call_tool(params).await;
    }

    /// Checks the one call of `tool`.
    fn check(&self, tool: &str, expected: &Expected) {
        let transport = [
            ("mcp_protocol_version", "2025-11-25"),
            ("network_transport", "pipe"),
        ];
        expected.check(&self.capture, tool, &transport);
    }
}

#[tokio::test]
async fn each_way_to_end() {
    let session = Session::start().await;
    session
        .call("weather", serde_json::json!({"city": "Oslo"}))
        .await;
    session.check("weather", &Expected::SUCCESS);
    session.call("in.band", serde_json::json!({})).await;
    session.check("in.band", &Expected::failed("tool_error"));
    session.call("string_error", serde_json::json!({})).await;
    session.check("string_error", &Expected::failed("tool_error"));
    session
        .call("without_attribute", serde_json::json!({}))
        .await;
    session.check("without_attribute", &Expected::failed("tool_error"));
    session.call("callers_fault", serde_json::json!({})).await;
    session.check("callers_fault", &Expected::callers_fault("-32602"));
    session.call("servers_fault", serde_json::json!({})).await;
    let expected = Expected::servers_fault("-32603");
    session.check("servers_fault", &expected);
}

#[tokio::test]
async fn arguments_that_are_rejected_before_the_function_runs() {
    let session = Session::start().await;
    session
        .call("weather", serde_json::json!({"city": 7}))
        .await;
    session.check("weather", &Expected::failed("invalid_arguments"));
}

/// The answer is what the client gets: this one cannot take interim rounds, so rmcp refuses.
#[tokio::test]
async fn a_round_that_the_client_cannot_take_is_a_refusal() {
    let session = Session::start().await;
    session.call("interim", serde_json::json!({})).await;
    session.check("interim", &Expected::callers_fault("-32600"));
}

#[tokio::test]
async fn a_timeout_that_the_function_hides_is_a_servers_fault() {
    let session = Session::start().await;
    session.call("timed_out", serde_json::json!({})).await;
    let expected = Expected::servers_fault("-32603");
    session.check("timed_out", &expected);
}

#[tokio::test]
async fn an_unknown_tool_is_counted_without_its_name() {
    let session = Session::start().await;
    session.call("no_such_tool", serde_json::json!({})).await;
    let span = session.capture.span("tools/call");
    assert_eq!(
        attribute(&span, "gen_ai.tool.name").as_deref(),
        Some("_OTHER")
    );
    assert_eq!(span.status, Status::Unset);
    let unknown = session
        .capture
        .metric("mcp_unknown_total", &[("kind", "tool")]);
    assert_eq!(unknown, Some(1.0));
    let exported = format!("{:?}", session.capture.spans());
    assert!(!exported.contains("no_such_tool"));
    assert!(
        !session
            .capture
            .telemetry
            .prometheus_text()
            .contains("no_such_tool")
    );
}

/// rmcp lets the function run on when the client cancels; what it then returns goes nowhere.
#[tokio::test]
async fn a_call_that_the_client_cancels() {
    let session = Session::start().await;
    let request = ClientRequest::CallToolRequest(Request::new(CallToolRequestParams::new("waits")));
    let options = PeerRequestOptions::default();
    let sent = session
        .client
        .send_cancellable_request(request, options)
        .await;
    let sent = sent.expect("it is sent");
    session.tools.waiting.notified().await;
    let active = session
        .capture
        .metric("mcp_tool_active", &[("tool_name", "waits")]);
    assert_eq!(active, Some(1.0), "the call is going on");
    let cancelled = CancelledNotificationParam::new(Some(sent.id.clone()), None);
    session
        .client
        .notify_cancelled(cancelled)
        .await
        .expect("it is sent");
    // Handled after the notification that came before it, so the token is set from here on.
    session
        .client
        .list_all_tools()
        .await
        .expect("the session goes on");
    session.tools.go_on.notify_one();
    until(|| !session.capture.spans_named("tools/call waits").is_empty()).await;
    session.check("waits", &Expected::CANCELLED);
}

/// Waits for what another task is about to do.
async fn until(mut done: impl FnMut() -> bool) {
    let wait = async {
        while !done() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait)
        .await
        .expect("it is done in time");
}

/// What runs in another task is no message: a record of its own, linked to the call.
#[tokio::test]
async fn work_in_another_task_is_linked_to_the_call() {
    let session = Session::start().await;
    session.call("spawns", serde_json::json!({})).await;
    session.check("spawns", &Expected::SUCCESS);
    let call = session.capture.span("tools/call spawns");
    let task = session.capture.span("execute_tool in_task");
    assert_eq!(task.span_kind, SpanKind::Internal);
    assert_ne!(task.span_context.trace_id(), call.span_context.trace_id());
    let links: Vec<_> = task
        .links
        .iter()
        .map(|link| link.span_context.clone())
        .collect();
    assert_eq!(links, [call.span_context]);
    let calls = session
        .capture
        .metric("mcp_tool_calls_total", &[("tool_name", "in_task")]);
    assert_eq!(calls, Some(0.0));
}

/// What the server's own code calls without a message is none, once the tool's messages are known to come
/// through the wrapper.
#[tokio::test]
async fn a_call_from_the_servers_own_code_is_no_message() {
    let capture = Capture::installed();
    let tools = Tools::new();
    let client = connect(Observed::new(tools.clone())).await;
    let request = CallToolRequestParams::new("string_error");
    client.call_tool(request).await.expect("it is answered");
    tools.string_error().await.expect_err("it always fails");
    assert_eq!(capture.spans_named("tools/call string_error").len(), 1);
    let own = capture.span("execute_tool string_error");
    assert_eq!(own.span_kind, SpanKind::Internal);
}

/// rmcp reads a tool's description from its docs, and only if nothing stands between.
#[tokio::test]
async fn the_description_is_kept() {
    let session = Session::start().await;
    let tools = session
        .client
        .list_all_tools()
        .await
        .expect("they are listed");
    let weather = tools
        .iter()
        .find(|tool| tool.name == "weather")
        .expect("it is served");
    assert_eq!(weather.description.as_deref(), Some("Tells the weather."));
}
