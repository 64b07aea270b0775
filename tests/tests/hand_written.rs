//! A hand-written handler, without `get_tool`, which dispatches itself: what makes its tools known.

use std::sync::Arc;

use mcp_observe::mcp_tool;
use mcp_observe::rmcp::Observed;
use mcp_observe_tests::connect::connect;
use mcp_observe_tests::{Capture, attribute};
use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Tool};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};

struct Proxy;

#[mcp_tool]
async fn dispatched(_context: RequestContext<RoleServer>) -> Result<CallToolResult, ErrorData> {
    Ok(CallToolResult::error(vec![]))
}

impl ServerHandler for Proxy {
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        match &*request.name {
            "dispatched" | "alias" => Ok(dispatched(context).await?.into()),
            "upstream" | "untold" => Ok(CallToolResult::success(vec![]).into()),
            _ => Err(ErrorData::invalid_params("no such tool", None)),
        }
    }
}

async fn call(tool: &'static str) -> Capture {
    let capture = Capture::new();
    let handler = Observed::builder(Proxy)
        .telemetry(&capture.telemetry)
        .known_tools(["upstream"])
        .build();
    let client = connect(handler).await;
    let _ = client.call_tool(CallToolRequestParams::new(tool)).await;
    capture
}

#[tokio::test]
async fn the_attribute_makes_a_tool_known() {
    let capture = call("dispatched").await;
    let span = capture.span("tools/call dispatched");
    assert_eq!(
        attribute(&span, "error.type").as_deref(),
        Some("tool_error")
    );
}

/// Called by a name that only the handler knows: the function that runs says which tool it is.
#[tokio::test]
async fn the_function_that_runs_names_the_tool() {
    let capture = call("alias").await;
    let span = capture.span("tools/call dispatched");
    assert_eq!(
        attribute(&span, "gen_ai.tool.name").as_deref(),
        Some("dispatched")
    );
    let name = [("tool_name", "dispatched")];
    assert_eq!(capture.metric("mcp_tool_calls_total", &name), Some(1.0));
    assert_eq!(capture.metric("mcp_tool_active", &name), Some(0.0));
    let unknown = capture.metric("mcp_unknown_total", &[("kind", "tool")]);
    assert_eq!(unknown, Some(0.0));
}

#[tokio::test]
async fn tools_of_a_proxy_are_named_to_the_builder() {
    let capture = call("upstream").await;
    assert_eq!(capture.spans_named("tools/call upstream").len(), 1);
    let name = [("tool_name", "upstream")];
    assert_eq!(capture.metric("mcp_tool_calls_total", &name), Some(1.0));
}

/// Nobody told of it, but a server that answers well has the tool.
#[tokio::test]
async fn a_tool_that_answers_well_is_not_counted_as_unknown() {
    let capture = call("untold").await;
    let span = capture.span("tools/call");
    assert_eq!(
        attribute(&span, "gen_ai.tool.name").as_deref(),
        Some("_OTHER")
    );
    let unknown = capture.metric("mcp_unknown_total", &[("kind", "tool")]);
    assert_eq!(unknown, Some(0.0));
}

/// Answers before it enters a function.
struct Guarding;

#[mcp_tool]
async fn guarded() {}

impl ServerHandler for Guarding {
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if request.arguments.is_none() {
            let closed = ContentBlock::text("closed for repairs");
            return Ok(CallToolResult::error(vec![closed]).into());
        }
        guarded().await;
        Ok(CallToolResult::success(vec![]).into())
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        (name == "guarded").then(|| Tool::new("guarded", "closed", Arc::default()))
    }
}

/// It is not the caller who is to blame.
#[tokio::test]
async fn what_fails_before_its_function_is_entered_is_no_invalid_argument() {
    let capture = Capture::new();
    let handler = Observed::builder(Guarding)
        .telemetry(&capture.telemetry)
        .build();
    let client = connect(handler).await;
    let result = client
        .call_tool(CallToolRequestParams::new("guarded"))
        .await;
    assert_eq!(result.expect("a result").is_error, Some(true));
    let span = capture.span("tools/call guarded");
    assert_eq!(
        attribute(&span, "error.type").as_deref(),
        Some("tool_error")
    );
}

/// Another server of the process, which tells what it has.
struct Other;

impl ServerHandler for Other {
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        match &*request.name {
            "own" => Ok(CallToolResult::success(vec![]).into()),
            _ => Err(ErrorData::invalid_params("no such tool", None)),
        }
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        (name == "own").then(|| Tool::new("own", "its own", Arc::default()))
    }
}

/// What one server has, another one of the same process need not have.
#[tokio::test]
async fn the_attribute_makes_a_tool_known_to_its_own_server_alone() {
    let capture = call("dispatched").await;
    let other = Observed::builder(Other)
        .telemetry(&capture.telemetry)
        .build();
    let client = connect(other).await;
    let _ = client
        .call_tool(CallToolRequestParams::new("dispatched"))
        .await;
    let span = capture.span("tools/call");
    assert_eq!(
        attribute(&span, "gen_ai.tool.name").as_deref(),
        Some("_OTHER")
    );
    let unknown = capture.metric("mcp_unknown_total", &[("kind", "tool")]);
    assert_eq!(unknown, Some(1.0));
    let calls = capture.metric("mcp_tool_calls_total", &[("tool_name", "dispatched")]);
    assert_eq!(calls, Some(1.0));
}
