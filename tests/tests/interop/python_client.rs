//! Python's client, whose SDK makes a span of every request and puts it into `_meta`.

use mcp_observe_tests::runtimes::Python;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;

use crate::rust_server;
use crate::transport::Transport;
use crate::versions::{LEGACY, MODERN};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/interop/client.py");

#[tokio::test]
async fn stdio() {
    assert_one_trace(Transport::Stdio, MODERN).await;
}

#[tokio::test]
async fn stdio_with_initialize() {
    assert_one_trace(Transport::Stdio, LEGACY).await;
}

#[tokio::test]
async fn http() {
    assert_one_trace(Transport::Http, MODERN).await;
}

#[tokio::test]
async fn http_with_sessions() {
    assert_one_trace(Transport::Http, LEGACY).await;
}

async fn assert_one_trace(transport: Transport, version: &str) {
    let python = Python::installed(env!("CARGO_TARGET_TMPDIR"));
    let mode = if version == LEGACY { "legacy" } else { "auto" };
    let spans = rust_server::session(transport, |server| {
        let mut script = python.script(SCRIPT);
        script.args([mode, server]);
        script
    })
    .await;

    let mut requests = vec![
        if version == LEGACY {
            "initialize"
        } else {
            "server/discover"
        },
        "tools/call query_archive",
        // For the schema of the result.
        "tools/list",
        "tools/call close_archive",
    ];
    let agent = spans.one("python-client", SpanKind::Internal, "agent");
    let asked = spans.children(agent);
    let asked: Vec<_> = asked
        .filter(|it| it.attribute("mcp.method.name").is_some())
        .collect();
    assert_eq!(asked.len(), requests.len(), "{asked:#?}");
    for (asked, request) in asked.into_iter().zip(&requests) {
        assert_eq!(asked.name, format!("MCP send {request}"));
        let handled = rust_server::assert_handled(&spans, asked, request, version, transport);
        let id = "jsonrpc.request.id";
        assert_eq!(handled.attribute(id), asked.attribute(id));
    }

    if version == LEGACY {
        // The SDK makes no spans of notifications.
        let notification = "notifications/initialized";
        rust_server::assert_without_meta(&spans, notification, agent);
        requests.push(notification);
    }
    rust_server::assert_all_handled(&spans, requests);
}
