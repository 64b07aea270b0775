//! The bytes of a server's request are the same as without us, but for the context in `_meta`.

use mcp_observe::rmcp::{Observed, ObservedPeer};
use mcp_observe_tests::Capture;
use mcp_observe_tests::wire::{Wire, request};
use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Value, json};

use super::delegation::form;
use super::fixture::of;

struct Asks {
    observed: bool,
}

impl ServerHandler for Asks {
    async fn call_tool(
        &self,
        _request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let mut params = form("who?");
        params["_meta"] = json!({ "mine": 1 });
        let request = of(json!({ "method": "elicitation/create", "params": params }));
        if self.observed {
            let _ = ObservedPeer::of(&context).send_request(request).await;
        } else {
            let _ = context.peer.send_request(request).await;
        }
        Ok(CallToolResult::success(vec![]).into())
    }
}

async fn sent(handler: impl ServerHandler) -> Value {
    let mut wire = Wire::initialized(handler, "2025-11-25").await;
    let call = request(1, "tools/call", &json!({ "name": "t" }));
    let asked = wire.ask(&call).await;
    let answer = json!({ "jsonrpc": "2.0", "id": asked["id"], "result": { "action": "cancel" } });
    wire.ask(&answer).await;
    wire.close().await;
    asked
}

#[tokio::test]
async fn a_request_is_the_same_but_for_the_context() {
    let bare = sent(Asks { observed: false }).await;
    let capture = Capture::new();
    let handler = Observed::builder(Asks { observed: true })
        .telemetry(&capture.telemetry)
        .build();
    let mut observed = sent(handler).await;
    let meta = observed["params"]["_meta"].as_object_mut();
    let context = meta.expect("the context").remove("traceparent");
    let span = capture.span("elicitation/create").span_context;
    let expected = format!("00-{}-{}-01", span.trace_id(), span.span_id());
    assert_eq!(context, Some(json!(expected)));
    assert_eq!(observed, bare);
}
