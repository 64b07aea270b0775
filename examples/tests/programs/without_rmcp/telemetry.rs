//! What the attribute makes of its calls.

use std::collections::BTreeSet;

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use serde_json::json;

use super::{end, start};
use crate::collector::{Collector, attribute, hex};
use crate::session::{self, PARENT, TRACE, ask, call, request};

#[test]
fn every_call_is_in_its_callers_trace_and_counted_by_how_it_ended() {
    let mut collector = Collector::start();
    let [endpoint, _] = collector.environment();
    let mut server = start(&[endpoint]);
    session::open(&mut server);
    // Tool, arguments, what became of it.
    let calls = [
        ("add", json!({ "a": 1, "b": 2 }), None),
        ("add", json!({ "a": 1 }), Some("tool_error")),
        ("divide", json!({ "a": 1, "b": 2 }), None),
        ("divide", json!({ "a": 1, "b": 0 }), Some("tool_error")),
        ("pause", json!({ "seconds": 0, "limit": 60 }), None),
        (
            "pause",
            json!({ "seconds": 60, "limit": 0 }),
            Some("timeout"),
        ),
        (
            "pause",
            json!({ "seconds": -1, "limit": 1 }),
            Some("tool_error"),
        ),
    ];
    for (id, (tool, arguments, _)) in (1..).zip(&calls) {
        ask(&mut server, &call(id, tool, arguments.clone()));
    }
    // Neither is a call of any tool of its.
    ask(&mut server, &call(98, "no_such_tool", json!({})));
    ask(&mut server, &request(99, "tools/list", json!({})));
    end(server);

    let spans = collector.arrived();
    assert_eq!(spans.len(), calls.len(), "{spans:#?}");
    for (span, (tool, _, error_type)) in spans.iter().zip(&calls) {
        assert_eq!(span.service, "without-rmcp");
        let span = &span.span;
        assert_eq!(span.name, format!("tools/call {tool}"));
        assert_eq!(span.kind(), SpanKind::Server, "{span:#?}");
        assert_eq!(hex(&span.trace_id), TRACE, "{span:#?}");
        assert_eq!(hex(&span.parent_span_id), PARENT, "{span:#?}");
        assert_eq!(attribute(&span.attributes, "gen_ai.tool.name"), Some(*tool));
        assert_eq!(attribute(&span.attributes, "error.type"), *error_type);
        let status = span.status.clone().unwrap_or_default().code();
        assert_eq!(status == StatusCode::Error, error_type.is_some());
    }

    for (tool, calls, error_type, errors) in [
        ("add", 2.0, "tool_error", 1.0),
        ("divide", 2.0, "tool_error", 1.0),
        ("pause", 3.0, "tool_error", 1.0),
        ("pause", 3.0, "timeout", 1.0),
    ] {
        let tool = ("tool_name", tool);
        assert_eq!(collector.last("mcp.tool.calls", &[tool]), Some(calls));
        assert_eq!(collector.last("mcp.tool.active", &[tool]), Some(0.0));
        let of_type = [tool, ("error_type", error_type)];
        assert_eq!(collector.last("mcp.tool.errors", &of_type), Some(errors));
        let succeeded = [tool, ("status", "success")];
        let durations = collector.last("mcp.tool.invocation.duration", &succeeded);
        assert_eq!(durations, Some(1.0));
    }
    // The weather server's tools are none of this program's.
    assert_eq!(
        collector.label_values("mcp.tool.calls", "tool_name"),
        BTreeSet::from(["add", "divide", "pause"].map(ToOwned::to_owned))
    );
}

#[test]
fn a_call_without_context_begins_a_trace_of_its_own() {
    let mut collector = Collector::start();
    let mut server = start(&collector.environment());
    session::open(&mut server);
    let sum = json!({ "name": "add", "arguments": { "a": 1, "b": 2 } });
    let answer = ask(&mut server, &request(1, "tools/call", sum));
    assert_eq!(answer["result"]["isError"], false, "{answer}");
    end(server);
    let span = &collector.one(|_| true).span;
    assert_eq!(span.parent_span_id, [0_u8; 0], "{span:#?}");
    assert_ne!(hex(&span.trace_id), TRACE);
}
