//! Each request of a client.

use mcp_observe::rmcp::{Observed, ObservedPeer};
use mcp_observe_tests::connect::connect;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::{Capture, attribute, attributes, names};
use opentelemetry::trace::SpanKind;
use rmcp::model::CallToolRequestParams;

#[tokio::test]
async fn the_servers_span_is_below_the_clients() {
    let capture = Capture::new();
    let server = Observed::builder(Everything::default())
        .telemetry(&capture.telemetry)
        .build();
    let client = connect(server).await;
    let peer = ObservedPeer::builder(client.peer().clone())
        .telemetry(&capture.telemetry)
        .build();
    peer.call_tool(CallToolRequestParams::new("echo"))
        .await
        .unwrap();
    peer.list_all_tools().await.unwrap();
    for span in capture.spans() {
        eprintln!(
            "{:?} {} {:?} parent {:?}\n   {:?}",
            span.span_kind,
            span.name,
            span.span_context.span_id(),
            span.parent_span_id,
            attributes(&span)
        );
    }
    let _ = (attribute, names, SpanKind::Client);
    eprintln!(
        "{}",
        capture
            .telemetry
            .prometheus_text()
            .lines()
            .filter(|l| l.contains("client") && !l.contains("bucket"))
            .collect::<Vec<_>>()
            .join("\n")
    );
}
