//! TypeScript's clients, whose SDKs know nothing of OpenTelemetry: the agent makes spans of its calls
//! and puts them into `_meta`.

use mcp_observe_tests::runtimes::Node;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;

use crate::rust_server;
use crate::transport::Transport;
use crate::versions::{LEGACY, MODERN};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/interop/client.mjs");

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
    let node = Node::installed(env!("CARGO_TARGET_TMPDIR"));
    let spans = rust_server::session(transport, |server| {
        let mut script = node.script(SCRIPT);
        script.args([version, server]);
        script
    })
    .await;

    let calls = ["tools/call query_archive", "tools/call close_archive"];
    let agent = spans.one("typescript-client", SpanKind::Internal, "agent");
    for call in calls {
        let asked = spans.one("typescript-client", SpanKind::Client, call);
        assert_eq!(spans.parent(asked).map(|it| &it.id), Some(&agent.id));
        rust_server::assert_handled(&spans, asked, call, version, transport);
    }

    let others: &[&str] = if version == LEGACY {
        &["initialize", "notifications/initialized"]
    } else {
        &["server/discover"]
    };
    for message in others {
        rust_server::assert_without_meta(&spans, message, agent);
    }
    rust_server::assert_all_handled(&spans, [&calls[..], others].concat());
}
