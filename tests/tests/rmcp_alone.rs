//! `#[mcp_tool]` in an rmcp server that `Observed` is not around: the attribute opens the operation, and
//! learns of the message from the parameter that has its context.

use std::sync::Arc;
use std::time::Duration;

use mcp_observe::mcp_tool;
use mcp_observe_tests::connect::connect;
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::SpanKind;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::model::{
    CallToolRequestParams, CancelledNotificationParam, ClientRequest, Request, RequestMetaObject,
    RequestParamsMeta as _,
};
use rmcp::service::{PeerRequestOptions, RequestContext, RunningService};
use rmcp::{RoleClient, RoleServer, ServerHandler, tool, tool_handler, tool_router};
use tokio::sync::Notify;

#[derive(Clone)]
struct Server {
    tool_router: ToolRouter<Self>,
    waiting: Arc<Notify>,
    go_on: Arc<Notify>,
}

#[tool_router]
impl Server {
    #[mcp_tool]
    #[tool]
    async fn with_context(&self, context: RequestContext<RoleServer>) -> String {
        // The parameter is read, not consumed.
        context.id.to_string()
    }

    #[mcp_tool]
    #[tool]
    async fn with_meta(&self, meta: RequestMetaObject) -> String {
        meta.get_traceparent().unwrap_or("none").to_owned()
    }

    #[mcp_tool]
    #[tool]
    async fn without(&self) -> Result<String, String> {
        Err("no".to_owned())
    }

    #[mcp_tool]
    #[tool]
    async fn cancelled(&self, _context: RequestContext<RoleServer>) -> String {
        self.waiting.notify_one();
        self.go_on.notified().await;
        "done".to_owned()
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Server {}

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

async fn start() -> (Server, RunningService<RoleClient, ()>) {
    let handler = Server {
        tool_router: Server::tool_router(),
        waiting: Arc::default(),
        go_on: Arc::default(),
    };
    let client = connect(handler.clone()).await;
    (handler, client)
}

fn call(tool: &'static str) -> CallToolRequestParams {
    let mut params = CallToolRequestParams::new(tool);
    params.set_traceparent(TRACEPARENT);
    params
}

#[tokio::test]
async fn the_context_parameter_tells_all_of_the_message() {
    let capture = Capture::installed();
    let (_, client) = start().await;
    client
        .call_tool(call("with_context"))
        .await
        .expect("it answers");
    let span = capture.span("tools/call with_context");
    assert_eq!(span.span_kind, SpanKind::Server);
    assert_eq!(span.parent_span_id.to_string(), "b7ad6b7169203331");
    assert_eq!(
        attribute(&span, "network.transport").as_deref(),
        Some("pipe")
    );
    assert_eq!(
        attribute(&span, "mcp.protocol.version").as_deref(),
        Some("2025-11-25")
    );
    assert!(attribute(&span, "jsonrpc.request.id").is_some());
}

#[tokio::test]
async fn the_meta_parameter_tells_the_parent() {
    let capture = Capture::installed();
    let (_, client) = start().await;
    let answer = client
        .call_tool(call("with_meta"))
        .await
        .expect("it answers");
    let text = serde_json::to_string(&answer).expect("it is JSON");
    assert!(
        text.contains(TRACEPARENT),
        "the function has its parameter all the same: {text}"
    );
    let span = capture.span("tools/call with_meta");
    assert_eq!(span.parent_span_id.to_string(), "b7ad6b7169203331");
}

#[tokio::test]
async fn without_a_parameter_the_call_is_counted_all_the_same() {
    let capture = Capture::installed();
    let (_, client) = start().await;
    let _ = client.call_tool(call("without")).await;
    let span = capture.span("tools/call without");
    assert_eq!(span.span_kind, SpanKind::Server);
    assert_eq!(
        attribute(&span, "error.type").as_deref(),
        Some("tool_error")
    );
    let calls = capture.metric("mcp_tool_calls_total", &[("tool_name", "without")]);
    assert_eq!(calls, Some(1.0));
}

#[tokio::test]
async fn cancellation_is_seen_through_the_context_parameter() {
    let capture = Capture::installed();
    let (server, client) = start().await;
    let request = ClientRequest::CallToolRequest(Request::new(call("cancelled")));
    let options = PeerRequestOptions::default();
    let sent = client
        .send_cancellable_request(request, options)
        .await
        .expect("it is sent");
    server.waiting.notified().await;
    let cancelled = CancelledNotificationParam::new(Some(sent.id.clone()), None);
    client
        .notify_cancelled(cancelled)
        .await
        .expect("it is sent");
    // Handled after the notification that came before it, so the token is set from here on.
    client.list_all_tools().await.expect("the session goes on");
    server.go_on.notify_one();
    let ended = async {
        while capture.spans_named("tools/call cancelled").is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), ended)
        .await
        .expect("it ends");
    let span = capture.span("tools/call cancelled");
    assert_eq!(attribute(&span, "error.type").as_deref(), Some("cancelled"));
    let labels = [("tool_name", "cancelled"), ("status", "cancelled")];
    let invocations = "mcp_tool_invocation_duration_seconds_count";
    assert_eq!(capture.metric(invocations, &labels), Some(1.0));
}
