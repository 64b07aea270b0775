//! However the server ends, what it recorded has arrived before it is gone.

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use serde_json::{Value, json};

use super::{start, whole_session};
use crate::collector::{Collector, attribute, hex};
use crate::process::{Ended, Program};
use crate::session::{self, PARENT, TRACE, VERSION, ask, call, message_of, request, tell};

#[test]
fn at_the_end_of_stdin() {
    assert_complete(Program::close_stdin);
}

#[test]
fn at_sigterm() {
    assert_complete(|server| server.signal("TERM"));
}

#[test]
fn at_ctrl_c() {
    assert_complete(|server| server.signal("INT"));
}

fn assert_clean(ended: &Ended) {
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended:#?}"
    );
}

fn assert_complete(end: impl FnOnce(&mut Program)) {
    let mut collector = Collector::start();
    // By default exports are further apart than the session is long: only the last one counts.
    let [endpoint, _] = collector.environment();
    let mut server = start(&[endpoint]);
    whole_session(&mut server);
    end(&mut server);
    assert_clean(&server.wait());

    // Nothing is waited for from here on.
    for (id, name, error_type) in [
        (0, "initialize", None),
        (1, "ping", None),
        (2, "tools/list", None),
        (3, "tools/call get_weather", None),
        (4, "tools/call query_database", None),
        (5, "tools/call send_report", Some("timeout")),
        (6, "tools/call query_database", Some("invalid_arguments")),
        (7, "tools/call", None),
        (8, "_OTHER", None),
        (9, "prompts/list", None),
    ] {
        let id = id.to_string();
        let found =
            collector.one(|span| attribute(&span.attributes, "jsonrpc.request.id") == Some(&id));
        assert_eq!(found.service, "weather-stdio");
        let span = &found.span;
        assert_eq!(span.name, name, "{span:#?}");
        assert_eq!(span.kind(), SpanKind::Server);
        assert_eq!(attribute(&span.attributes, "error.type"), error_type);
        assert_eq!(
            attribute(&span.attributes, "network.transport"),
            Some("pipe")
        );
        if name.starts_with("tools/call") {
            assert_eq!(hex(&span.trace_id), TRACE, "{span:#?}");
            assert_eq!(hex(&span.parent_span_id), PARENT, "{span:#?}");
        }
    }

    for (tool, calls, errors) in [
        ("get_weather", 1.0, None),
        ("query_database", 2.0, Some("invalid_arguments")),
        ("send_report", 1.0, Some("timeout")),
    ] {
        let of_tool = ("tool_name", tool);
        let called = collector.total("mcp.tool.calls", &[of_tool]);
        assert!(called.total_cmp(&calls).is_eq(), "{tool}: {called}");
        assert_eq!(collector.last("mcp.tool.active", &[of_tool]), Some(0.0));
        if let Some(error) = errors {
            let labels = [of_tool, ("error_type", error)];
            assert_eq!(collector.last("mcp.tool.errors", &labels), Some(1.0));
        }
        let failed = f64::from(u8::from(errors.is_some()));
        for (status, count) in [("success", calls - failed), ("error", failed)] {
            let labels = [of_tool, ("status", status)];
            let counted = collector.total("mcp.tool.invocation.duration", &labels);
            assert!(counted.total_cmp(&count).is_eq(), "{labels:?}: {counted}");
        }
    }
}

/// A call that reads the archive of so many days.
fn query(days: u16) -> Value {
    call(
        1,
        "query_database",
        json!({ "city": "Porto", "days": days }),
    )
}

#[test]
fn a_call_under_way_at_sigterm_is_cancelled_if_it_takes_too_long() {
    let mut collector = Collector::start();
    let mut server = start(&collector.environment());
    session::open(&mut server);
    // It would take a quarter of an hour.
    tell(&mut server, &query(60_000));
    // A server takes its messages in the order in which they come: then the call has begun.
    ask(&mut server, &request(2, "ping", json!({})));
    server.signal("TERM");
    let ended = server.wait();
    assert_clean(&ended);
    assert_eq!(ended.stdout.lines().count(), 2, "{ended:#?}");

    let call = &collector
        .one(|span| span.name == "tools/call query_database")
        .span;
    assert_eq!(hex(&call.trace_id), TRACE);
    let error_type = attribute(&call.attributes, "error.type");
    assert_eq!(error_type, Some("cancelled"), "{call:#?}");
    let call = call.span_id.clone();
    let query = collector.one(|span| span.name == "db.query");
    assert_eq!(query.span.parent_span_id, call);

    let tool = ("tool_name", "query_database");
    let labelled = [("range", "longer"), tool];
    assert_eq!(collector.last("mcp.tool.calls", &labelled), Some(1.0));
    assert_eq!(collector.last("mcp.tool.active", &[tool]), Some(0.0));
    let cancelled = [labelled[0], tool, ("status", "cancelled")];
    assert_eq!(
        collector.last("mcp.tool.invocation.duration", &cancelled),
        Some(1.0)
    );
}

#[test]
fn a_call_under_way_at_sigterm_is_answered_if_it_is_soon_over() {
    let (answers, error_type) = last_call(|server| {
        tell(server, &query(14));
        // After this the call has begun; if it is over as well, the rest is true all the same.
        tell(server, &request(2, "ping", json!({})));
        server.line();
        server.signal("TERM");
    });
    assert_eq!(answers.len(), 3, "{answers:#?}");
    // rmcp cancels calls' tokens when it is stopped, and still answers: the span may say either.
    let either = error_type.as_deref().is_none_or(|it| it == "cancelled");
    assert!(either, "{error_type:?}");
}

#[test]
fn a_call_under_way_at_the_end_of_stdin_is_answered() {
    let (answers, error_type) = last_call(|server| {
        tell(server, &query(14));
        server.close_stdin();
    });
    assert_eq!(answers.len(), 2, "{answers:#?}");
    assert_eq!(error_type, None);
}

/// Runs a session; returns the messages that came, and the `error.type` of the one call's span.
fn last_call(rest: impl FnOnce(&mut Program)) -> (Vec<Value>, Option<String>) {
    let mut collector = Collector::start();
    let mut server = start(&collector.environment());
    session::open(&mut server);
    rest(&mut server);
    let ended = server.wait();
    assert_clean(&ended);
    let answers: Vec<_> = ended.stdout.split_inclusive('\n').map(message_of).collect();
    let answer = answers.iter().find(|answer| answer["id"] == 1);
    let answer = answer.expect("the call is answered");
    assert_eq!(answer["result"]["isError"], false, "{answer}");

    let call = &collector
        .one(|span| span.name == "tools/call query_database")
        .span;
    assert_eq!(hex(&call.trace_id), TRACE, "{call:#?}");
    let error_type = attribute(&call.attributes, "error.type");
    (answers, error_type.map(ToOwned::to_owned))
}

#[test]
fn a_client_that_says_nothing() {
    let mut collector = Collector::start();
    let mut server = start(&collector.environment());
    server.close_stdin();
    assert_clean(&server.wait());
    // Every series is there although nothing was called.
    let calls = collector.last("mcp.tool.calls", &[("tool_name", "get_weather")]);
    assert_eq!(calls, Some(0.0));
}

#[test]
fn sigterm_while_the_session_is_being_opened() {
    let mut collector = Collector::start();
    let mut server = start(&collector.environment());
    let hello = json!({
        "protocolVersion": VERSION,
        "capabilities": {},
        "clientInfo": { "name": "script", "version": "1" },
    });
    ask(&mut server, &request(0, "initialize", hello));
    // The client has yet to say that it is ready.
    server.signal("TERM");
    assert_clean(&server.wait());
    collector.one(|span| span.name == "initialize");
}

#[test]
fn a_client_that_does_not_open_a_session() {
    let mut server = start(&[]);
    tell(
        &mut server,
        &json!({ "jsonrpc": "2.0", "method": "none", "params": { "city": "Porto" } }),
    );
    let ended = server.wait();
    assert_eq!(ended.code, Some(1), "{ended:#?}");
    assert_eq!(ended.stdout, "");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:#?}");
    assert!(!ended.stderr.contains("Porto"), "{ended:#?}");
}
