//! What rmcp answers from its cache: nothing is sent, so nothing is measured.

use mcp_observe::rmcp::{Observed, ObservedPeer};
use mcp_observe_tests::connect::connect;
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::SpanKind;
use rmcp::model::{ListToolsResult, PaginatedRequestParams};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::json;

/// Its list of tools is good for a minute.
struct Lasting;

impl ServerHandler for Lasting {
    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let result = json!({ "tools": [], "ttlMs": 60_000, "cacheScope": "public" });
        Ok(serde_json::from_value(result).expect("a valid answer"))
    }
}

#[tokio::test]
async fn a_list_out_of_the_cache_is_a_span_that_says_so_and_no_sample() {
    let capture = Capture::new();
    let server = Observed::builder(Lasting).telemetry(&capture.telemetry);
    let client = connect(server.build()).await;
    let peer = ObservedPeer::builder(client.peer().clone())
        .telemetry(&capture.telemetry)
        .build();
    for _ in 0..3 {
        peer.list_tools(None).await.unwrap();
    }
    let mut lists = capture.spans_named("tools/list");
    let handled = lists.extract_if(.., |span| span.span_kind == SpanKind::Server);
    assert_eq!(handled.count(), 1, "rmcp's cache still works");
    let cached: Vec<_> = lists
        .iter()
        .map(|span| attribute(span, "mcp.response.cached"))
        .collect();
    let yes = Some("true".to_owned());
    assert_eq!(cached, [None, yes.clone(), yes]);
    let count = "mcp_client_operation_duration_seconds_count";
    let samples = capture.sum(count, &[("mcp_method_name", "tools/list")]);
    assert!((samples - 1.0).abs() < 0.1, "{samples}");
}
