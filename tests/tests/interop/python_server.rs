//! Python's server, whose SDK makes a span of every message, as a child of what `_meta` says.

use std::process::Command;

use mcp_observe_tests::runtimes::Python;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;

use crate::process::{Server, run};
use crate::received::Receiver;
use crate::transport::Transport;
use crate::versions::{LEGACY, MODERN};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/interop/server.py");

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
    let receiver = Receiver::start().await;
    let environment = receiver.environment();
    let python = Python::installed(env!("CARGO_TARGET_TMPDIR")).script(SCRIPT);
    let mut client = Command::new(env!("CARGO_BIN_EXE_interop-client"));
    client.arg(version);
    match transport {
        Transport::Stdio => {
            client.arg(python.get_program());
            client.args(python.get_args()).arg("stdio");
            run(client, &environment).await;
        }
        Transport::Http => {
            let mut server = python;
            server.arg("http");
            let server = Server::start(server, &environment).await;
            client.arg(&server.url);
            run(client, &environment).await;
            server.end().await;
        }
    }
    let spans = receiver.spans().await;

    let agent = spans.one("rust-client", SpanKind::Internal, "agent");
    assert_eq!(
        spans.tree(agent),
        "\
rust-client Internal agent
  rust-client Client tools/list
    python-server Server tools/list
  rust-client Client tools/call query_archive
    python-server Server tools/call query_archive
      python-server Client db.query
  rust-client Client tools/call close_archive
    python-server Server tools/call close_archive
"
    );

    for asked in spans.children(agent) {
        let handled = spans.children(asked).next().expect("in the tree");
        for key in ["mcp.method.name", "gen_ai.tool.name", "error.type"] {
            assert_eq!(asked.attribute(key), handled.attribute(key), "{asked:#?}");
        }
        // What rmcp may answer from its cache, lists, has no id that is known.
        if asked.name.starts_with("tools/call ") {
            let id = "jsonrpc.request.id";
            assert_eq!(asked.attribute(id), handled.attribute(id), "{asked:#?}");
        }
        let is_error = asked.name == "tools/call close_archive";
        let mut expected = vec![
            ("mcp.protocol.version", Some(version)),
            ("error.type", is_error.then_some("tool_error")),
        ];
        expected.extend(transport.attributes());
        for (key, value) in expected {
            assert_eq!(asked.attribute(key), value, "{key} of {asked:#?}");
        }
        let is_http = transport == Transport::Http;
        let address = asked.attribute("server.address");
        assert_eq!(address, is_http.then_some("127.0.0.1"), "{asked:#?}");
        assert_eq!(asked.attribute("server.port").is_some(), is_http);
    }
}
