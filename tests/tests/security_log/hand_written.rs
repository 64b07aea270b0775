//! Servers that are written by hand: `#[mcp_tool]` is all that they have of this crate.

use std::time::Duration;

use mcp_observe::mcp_tool;
use mcp_observe_tests::security::Lines;
use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Value, json};

/// Does not tell which tools it has.
pub(crate) struct Dispatching;

#[mcp_tool]
async fn dispatched() -> CallToolResult {
    CallToolResult::success(vec![])
}

impl ServerHandler for Dispatching {
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        match &*request.name {
            "alias" => Ok(dispatched().await.into()),
            _ => Err(ErrorData::invalid_params("no such tool", None)),
        }
    }
}

#[mcp_tool(error_message = true)]
async fn alone(fails: bool, #[meta] _meta: &Value) -> Result<(), String> {
    if fails {
        return Err("it fails".to_owned());
    }
    inner();
    Ok(())
}

#[mcp_tool]
async fn waits() {
    std::future::pending().await
}

/// Called by another tool's body: no message.
#[mcp_tool]
fn inner() {}

/// Without rmcp, and without a wrapper around anything.
#[tokio::test]
async fn the_attribute_alone() {
    let lines = Lines::default();
    let log = lines.builder().subject(|caller| {
        // The test's own: no server should believe it.
        caller.unverified_meta("user").map(str::to_owned)
    });
    let telemetry = mcp_observe::Telemetry::builder()
        .security_log(log)
        .install()
        .expect("nothing else is installed");
    let meta = json!({ "user": "of-meta" });
    alone(false, &meta).await.expect("it succeeds");
    alone(true, &meta).await.expect_err("it fails");
    let dropped = tokio::time::timeout(Duration::ZERO, waits()).await;
    dropped.expect_err("it waits for ever");
    let events = lines.events(&telemetry);
    assert_eq!(events.len(), 3, "{events:#?}");
    events[0].assert_is(&json!({
        "event.category": "mcp.tool_call",
        "mcp.method.name": "tools/call",
        "mcp.tool.name": "alone",
        "usr.id": "of-meta",
        "http.status": 200,
        "status": "success",
    }));
    events[1].assert_is(&json!({
        "event.category": "mcp.tool_call",
        "mcp.method.name": "tools/call",
        "mcp.tool.name": "alone",
        "usr.id": "of-meta",
        "http.status": 500,
        "status": "error",
        "error.kind": "tool_error",
        "error.message": "it fails",
    }));
    events[2].assert_is(&json!({
        "event.category": "mcp.tool_call",
        "mcp.method.name": "tools/call",
        "mcp.tool.name": "waits",
        "http.status": 499,
        "status": "cancelled",
        "error.kind": "cancelled",
    }));
    // There is no tracing, and so there are no ids.
    assert!(events.iter().all(|it| it.get("trace_id").is_none()));
}
