//! Another SDK's client: Python's `mcp`, with OpenTelemetry on.

use mcp_observe_tests::runtimes::Python;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use serde::Deserialize;

use crate::collector::{Collector, attribute, hex};
use crate::process::hidden_variables;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/python/call_tools.py");

/// What the script tells of its session.
#[derive(Debug, Deserialize)]
pub(crate) struct Session {
    pub(crate) protocol_version: String,
    pub(crate) calls: Vec<Call>,
}

/// A call as the client saw it.
#[derive(Debug, Deserialize)]
pub(crate) struct Call {
    pub(crate) tool: String,
    pub(crate) is_error: bool,
    pub(crate) trace_id: String,
    pub(crate) span_id: String,
}

/// Calls the tools of a weather server: one at a URL, or one that the client starts from a path. The
/// environment is the server's too, if the client starts it.
pub(crate) fn call_tools(server: &str, mode: &str, environment: &[(&str, &str)]) -> Session {
    let python = Python::installed(env!("CARGO_TARGET_TMPDIR"));
    let mut command = python.script(SCRIPT);
    hidden_variables().for_each(|name| {
        command.env_remove(name);
    });
    let output = command
        .args([server, mode])
        .envs(environment.iter().copied())
        .output()
        .expect("the interpreter starts");
    assert!(
        output.status.success(),
        "{SCRIPT}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("the script's output: {error}: {output:?}"))
}

/// The session went as the script means it to, and every call's trace goes on in the server.
pub(crate) fn assert_traces_go_on(session: &Session, version: &str, collector: &mut Collector) {
    assert_eq!(session.protocol_version, version);
    let called: Vec<_> = session
        .calls
        .iter()
        .map(|call| (call.tool.as_str(), call.is_error))
        .collect();
    assert_eq!(
        called,
        [
            ("get_weather", false),
            ("query_database", false),
            ("send_report", false),
            ("send_report", true),
        ]
    );

    for call in &session.calls {
        // The parent's id tells the calls apart.
        let server = collector.wait_for("server's span", |span| {
            hex(&span.parent_span_id) == call.span_id
        });
        let server = &server.span;
        assert_eq!(hex(&server.trace_id), call.trace_id, "{server:#?}");
        assert_eq!(server.name, format!("tools/call {}", call.tool));
        assert_eq!(server.kind(), SpanKind::Server, "{server:#?}");
        let value = |key| attribute(&server.attributes, key);
        assert_eq!(value("mcp.protocol.version"), Some(version));
        assert_eq!(value("error.type"), call.is_error.then_some("timeout"));
        let status = server.status.clone().unwrap_or_default().code();
        assert_eq!(status == StatusCode::Error, call.is_error, "{server:#?}");

        if call.tool == "query_database" {
            let (trace, parent) = (server.trace_id.clone(), server.span_id.clone());
            let nested = collector.wait_for("nested span", |span| span.parent_span_id == parent);
            assert_eq!(nested.span.name, "db.query");
            assert_eq!(nested.span.trace_id, trace);
        }
    }
}
