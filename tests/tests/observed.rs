//! Every row of the outcome table, for tools called through `Observed` by a real client: what the
//! attribute knows and what the client is answered come together in one record.

#![expect(clippy::float_cmp, reason = "counts are whole numbers")]
#![expect(clippy::unused_self, reason = "tools are methods")]

use std::sync::Arc;
use std::time::Duration;

use mcp_observe::mcp_tool;
use mcp_observe::rmcp::Observed;
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::{SpanKind, Status};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{
    CallToolRequestParams, CallToolResult, CancelledNotificationParam, ClientRequest,
    InputRequiredResult, Request, ServerCapabilities, ServerConfig,
};
use rmcp::service::{PeerRequestOptions, RequestContext, RunningService};
use rmcp::{
    ErrorData, RoleClient, RoleServer, ServerHandler, ServiceExt, tool, tool_handler, tool_router,
};
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
        let (server, client) = tokio::io::duplex(64 * 1024);
        tokio::spawn(async move {
            let running = handler.serve(server).await.expect("a session begins");
            running.waiting().await
        });
        let client = ().serve(client).await.expect("a session begins");
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

    /// Checks that one call was recorded, and what all signals say of it.
    fn check(&self, tool: &str, expected: &Expected) {
        let Expected {
            status,
            error_type,
            counted,
            code,
        } = *expected;
        let span = self.capture.span(&format!("tools/call {tool}"));
        assert_eq!(span.span_kind, SpanKind::Server);
        assert_eq!(attribute(&span, "gen_ai.tool.name").as_deref(), Some(tool));
        assert_eq!(attribute(&span, "error.type").as_deref(), error_type);
        assert_eq!(
            attribute(&span, "rpc.response.status_code").as_deref(),
            code
        );
        let failed = error_type.is_some();
        assert_eq!(
            span.status == Status::error(""),
            failed,
            "{:?}",
            span.status
        );

        let mut labels = vec![
            ("mcp_method_name", "tools/call"),
            ("gen_ai_operation_name", "execute_tool"),
            ("gen_ai_tool_name", tool),
            ("mcp_protocol_version", "2025-11-25"),
            ("network_transport", "pipe"),
        ];
        labels.extend(error_type.map(|class| ("error_type", class)));
        labels.extend(code.map(|code| ("rpc_response_status_code", code)));
        let operations = "mcp_server_operation_duration_seconds_count";
        assert_eq!(self.capture.metric(operations, &labels), Some(1.0));

        let name = ("tool_name", tool);
        let invocations = "mcp_tool_invocation_duration_seconds_count";
        let labels = [name, ("status", status)];
        assert_eq!(self.capture.metric(invocations, &labels), Some(1.0));
        assert_eq!(self.capture.sum(invocations, &[name]), 1.0);
        assert_eq!(
            self.capture.metric("mcp_tool_calls_total", &[name]),
            Some(1.0)
        );
        assert_eq!(self.capture.metric("mcp_tool_active", &[name]), Some(0.0));
        let errors = counted.map(|class| ("error_type", class));
        assert_eq!(
            self.capture.sum("mcp_tool_errors_total", &[name]),
            f64::from(u8::from(errors.is_some()))
        );
        if let Some(class) = errors {
            let labels = [name, class];
            assert_eq!(
                self.capture.metric("mcp_tool_errors_total", &labels),
                Some(1.0)
            );
        }
    }
}

struct Expected {
    status: &'static str,
    error_type: Option<&'static str>,
    counted: Option<&'static str>,
    code: Option<&'static str>,
}

const SUCCESS: Expected = Expected {
    status: "success",
    error_type: None,
    counted: None,
    code: None,
};

fn failed(class: &'static str) -> Expected {
    Expected {
        status: "error",
        error_type: Some(class),
        counted: Some(class),
        code: None,
    }
}

fn callers_fault(class: &'static str, code: &'static str) -> Expected {
    Expected {
        status: "error",
        error_type: None,
        counted: Some(class),
        code: Some(code),
    }
}

#[tokio::test]
async fn each_way_to_end() {
    let session = Session::start().await;
    session
        .call("weather", serde_json::json!({"city": "Oslo"}))
        .await;
    session.check("weather", &SUCCESS);
    session.call("in.band", serde_json::json!({})).await;
    session.check("in.band", &failed("tool_error"));
    session.call("string_error", serde_json::json!({})).await;
    session.check("string_error", &failed("tool_error"));
    session
        .call("without_attribute", serde_json::json!({}))
        .await;
    session.check("without_attribute", &failed("tool_error"));
    session.call("callers_fault", serde_json::json!({})).await;
    session.check("callers_fault", &callers_fault("-32602", "-32602"));
    session.call("servers_fault", serde_json::json!({})).await;
    let expected = Expected {
        code: Some("-32603"),
        ..failed("-32603")
    };
    session.check("servers_fault", &expected);
}

#[tokio::test]
async fn arguments_that_are_rejected_before_the_function_runs() {
    let session = Session::start().await;
    session
        .call("weather", serde_json::json!({"city": 7}))
        .await;
    session.check("weather", &failed("invalid_arguments"));
}

/// The answer is what the client gets: this one cannot take interim rounds, so rmcp refuses.
#[tokio::test]
async fn a_round_that_the_client_cannot_take_is_a_refusal() {
    let session = Session::start().await;
    session.call("interim", serde_json::json!({})).await;
    session.check("interim", &callers_fault("-32600", "-32600"));
}

#[tokio::test]
async fn a_timeout_that_the_function_hides_is_a_servers_fault() {
    let session = Session::start().await;
    session.call("timed_out", serde_json::json!({})).await;
    let expected = Expected {
        code: Some("-32603"),
        ..failed("-32603")
    };
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
    let expected = Expected {
        status: "cancelled",
        error_type: Some("cancelled"),
        counted: None,
        code: None,
    };
    session.check("waits", &expected);
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
    session.check("spawns", &SUCCESS);
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
