//! The span and the sample of every method, over a pipe as stdio is one.

use mcp_observe::rmcp::Observed;
use mcp_observe_tests::over_http::{IN_META, assert_parent, traceparent};
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::session::{Session, VERSION, assert_span};
use mcp_observe_tests::wire::{self, Wire, eventually, modern_meta, request};
use mcp_observe_tests::{Capture, attribute, series};
use opentelemetry::trace::Status;
use serde_json::json;

#[tokio::test]
async fn every_request_has_its_span_and_its_sample() {
    let mut session = Session::new().await;
    let uri = || json!({ "uri": "memo://one" });
    let completion = json!({
        "ref": { "type": "ref/prompt", "name": "greeting" },
        "argument": { "name": "who", "value": "y" },
    });
    let memo = Some("mcp.resource.uri=memo://one");
    let skill = Some("mcp.resource.uri=skill://one/SKILL.md");
    let table = [
        ("tools/list", json!({}), None),
        ("prompts/list", json!({}), None),
        ("resources/list", json!({}), None),
        ("resources/templates/list", json!({}), None),
        ("resources/read", uri(), memo),
        ("resources/subscribe", uri(), memo),
        ("resources/unsubscribe", uri(), memo),
        ("resources/directory/read", uri(), memo),
        ("completion/complete", completion, None),
        ("logging/setLevel", json!({ "level": "error" }), None),
        ("tasks/get", json!({ "taskId": "one" }), None),
        (
            "tasks/update",
            json!({ "taskId": "one", "inputResponses": {} }),
            None,
        ),
        ("tasks/cancel", json!({ "taskId": "one" }), None),
        ("skills/list", json!({}), None),
        (
            "skills/get",
            json!({ "uri": "skill://one/SKILL.md" }),
            skill,
        ),
    ];
    for (id, (method, params, uri)) in (10..).zip(table) {
        let (answer, span) = session.ask(id, method, &params).await;
        assert!(answer["error"].is_null(), "{method}: {answer}");
        let (name, id) = (
            format!("mcp.method.name={method}"),
            format!("jsonrpc.request.id={id}"),
        );
        let own: Vec<&str> = [&*name, &*id].into_iter().chain(uri).collect();
        assert_span(&session.capture, &span, method, &Status::Unset, &own);
    }
    let (_, span) = session
        .ask(9, "tools/call", &json!({ "name": "echo" }))
        .await;
    let own = [
        "mcp.method.name=tools/call",
        "jsonrpc.request.id=9",
        "gen_ai.operation.name=execute_tool",
        "gen_ai.tool.name=echo",
    ];
    assert_span(
        &session.capture,
        &span,
        "tools/call echo",
        &Status::Unset,
        &own,
    );
}

#[tokio::test]
async fn the_methods_of_2026_07_28_have_theirs() {
    let capture = Capture::new();
    let observed = Observed::builder(Everything::default())
        .telemetry(&capture.telemetry)
        .build();
    let mut wire = Wire::serve(observed);
    let meta = modern_meta(&json!({}));
    wire.ask(&request(1, "server/discover", &json!({ "_meta": meta })))
        .await;
    let filter = json!({ "_meta": meta, "notifications": { "toolsListChanged": true } });
    let acknowledged = wire.ask(&request(2, "subscriptions/listen", &filter)).await;
    assert_eq!(
        acknowledged["method"],
        "notifications/subscriptions/acknowledged"
    );
    wire.line().await;
    for (id, method) in [(1, "server/discover"), (2, "subscriptions/listen")] {
        let own = [
            &*format!("mcp.method.name={method}"),
            &*format!("jsonrpc.request.id={id}"),
            "mcp.protocol.version=2026-07-28",
        ];
        assert_span(
            &capture,
            &capture.span(method),
            method,
            &Status::Unset,
            &own,
        );
    }
    wire.close().await;
    let sessions = capture.sum("mcp_server_session_duration_seconds_count", &[]);
    assert!(sessions.abs() < f64::EPSILON, "2026-07-28 has no sessions");
}

#[tokio::test]
async fn initialize_has_the_version_that_was_agreed_on() {
    for (asked, agreed) in [(VERSION, VERSION), ("1999-12-31", "2025-06-18")] {
        let capture = Capture::new();
        let observed = Observed::builder(Everything::default()).telemetry(&capture.telemetry);
        let mut wire = Wire::serve(observed.build());
        let answer = wire.ask(&wire::initialize(asked)).await;
        assert_eq!(answer["result"]["protocolVersion"], agreed);
        let own = [
            "mcp.method.name=initialize",
            "jsonrpc.request.id=0",
            &*format!("mcp.protocol.version={agreed}"),
        ];
        assert_span(
            &capture,
            &capture.span("initialize"),
            "initialize",
            &Status::Unset,
            &own,
        );
    }
}

#[tokio::test]
async fn notifications_have_no_request_id_and_are_below_the_callers_span() {
    let mut session = Session::new().await;
    let table = [
        (
            "notifications/cancelled",
            json!({ "requestId": 999 }),
            "notifications/cancelled",
        ),
        (
            "notifications/progress",
            json!({ "progressToken": 1, "progress": 1 }),
            "notifications/progress",
        ),
        (
            "notifications/roots/list_changed",
            json!({}),
            "notifications/roots/list_changed",
        ),
        ("notifications/of-nobody", json!({}), "_OTHER"),
    ];
    for (method, mut params, name) in table {
        params["_meta"] = json!({ "traceparent": traceparent(IN_META) });
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        session.wire.send(&message.to_string()).await;
        let capture = &session.capture;
        eventually(method, || !capture.spans_named(name).is_empty()).await;
        let own = [&*format!("mcp.method.name={name}")];
        let span = capture.span(name);
        assert_span(capture, &span, name, &Status::Unset, &own);
        assert_parent(&span, IN_META);
    }
    let initialized = session.capture.span("notifications/initialized");
    let own = ["mcp.method.name=notifications/initialized"];
    assert_span(
        &session.capture,
        &initialized,
        &initialized.name,
        &Status::Unset,
        &own,
    );
    assert!(!session.exported().contains("of-nobody"));
    assert_eq!(
        session
            .capture
            .metric("mcp_unknown_total", &[("kind", "method")]),
        Some(1.0)
    );
}

#[tokio::test]
async fn what_a_peer_may_make_huge_is_cut_where_a_character_starts() {
    let mut session = Session::new().await;
    // "x" first, so that the 1,024th byte is in the middle of a two-byte character.
    let huge = format!("x{}", "é".repeat(500_000));
    let cut = format!("x{}", "é".repeat(511));
    for method in [
        "resources/read",
        "resources/subscribe",
        "resources/unsubscribe",
    ] {
        let (_, span) = session.ask(1, method, &json!({ "uri": huge })).await;
        assert_eq!(attribute(&span, "mcp.resource.uri").as_deref(), Some(&*cut));
    }
    let (answer, span) = session.ask(huge.clone(), "tools/list", &json!({})).await;
    assert_eq!(answer["id"], huge);
    assert_eq!(
        attribute(&span, "jsonrpc.request.id").as_deref(),
        Some(&*cut)
    );
    for id in ["seven", "", "7"] {
        let (answer, span) = session.ask(id, "tools/list", &json!({})).await;
        assert_eq!(answer["id"], id);
        assert_eq!(attribute(&span, "jsonrpc.request.id").as_deref(), Some(id));
    }
}

#[tokio::test]
async fn errors_are_the_callers_fault_or_the_servers() {
    let mut session = Session::new().await;
    let failed = Status::error("");
    let table = [
        ("reject", Status::Unset, Some("-32602"), None, "-32602"),
        (
            "break",
            failed.clone(),
            Some("-32603"),
            Some("-32603"),
            "-32603",
        ),
        (
            "odd",
            failed.clone(),
            Some("-31999"),
            Some("_OTHER"),
            "_OTHER",
        ),
        (
            "fail",
            failed.clone(),
            None,
            Some("tool_error"),
            "tool_error",
        ),
        // A legacy client cannot be given an interim result, so rmcp answers with an error.
        ("ask", Status::Unset, Some("-32600"), None, "-32600"),
    ];
    for (id, (tool, status, code, class, counted)) in (1..).zip(table) {
        let params = json!({ "name": tool, "arguments": { "state": "s" } });
        let (answer, span) = session.ask(id, "tools/call", &params).await;
        let answered = answer["error"]["code"]
            .as_i64()
            .map(|code| code.to_string());
        assert_eq!(answered.as_deref(), code, "{answer}");
        assert_eq!(span.status, status, "{tool}");
        assert_eq!(
            attribute(&span, "rpc.response.status_code").as_deref(),
            code,
            "{tool}"
        );
        assert_eq!(attribute(&span, "error.type").as_deref(), class, "{tool}");
        let labels = [("tool_name", tool), ("error_type", counted)];
        assert_eq!(
            session.capture.metric("mcp_tool_errors_total", &labels),
            Some(1.0),
            "{tool}"
        );
    }
    let (_, ping) = session.ask(20, "ping", &json!({})).await;
    let own = [
        "mcp.method.name=ping",
        "jsonrpc.request.id=20",
        "rpc.response.status_code=-32603",
        "error.type=-32603",
    ];
    assert_span(&session.capture, &ping, "ping", &failed, &own);
    let (_, read) = session
        .ask(21, "resources/read", &json!({ "uri": "memo://none" }))
        .await;
    let own = [
        "mcp.method.name=resources/read",
        "mcp.resource.uri=memo://none",
        "jsonrpc.request.id=21",
        "rpc.response.status_code=-32002",
    ];
    assert_span(
        &session.capture,
        &read,
        "resources/read",
        &Status::Unset,
        &own,
    );
}

/// rmcp rewrites the code of a resource that is not found for clients of 2026-07-28.
#[tokio::test]
async fn the_code_is_the_one_that_the_client_is_answered() {
    let capture = Capture::new();
    let observed = Observed::builder(Everything::default())
        .telemetry(&capture.telemetry)
        .build();
    let mut wire = Wire::serve(observed);
    let meta = modern_meta(&json!({}));
    let params = json!({ "uri": "memo://none", "_meta": meta });
    let answer = wire.ask(&request(1, "resources/read", &params)).await;
    assert_eq!(answer["error"]["code"], -32602);
    let span = capture.span("resources/read");
    assert_eq!(
        attribute(&span, "rpc.response.status_code").as_deref(),
        Some("-32602")
    );
}

#[tokio::test]
async fn a_session_is_timed_once_when_it_ends() {
    const SESSIONS: &str = "mcp_server_session_duration_seconds_count";
    let mut session = Session::new().await;
    session.ask(1, "tools/list", &json!({})).await;
    // A peer that initialises again is still in its first session.
    session.wire.ask(&wire::initialize(VERSION)).await;
    assert!(
        session.capture.sum(SESSIONS, &[]).abs() < f64::EPSILON,
        "it has not ended"
    );
    session.wire.close().await;
    let labels = [
        ("mcp_protocol_version", VERSION),
        ("network_transport", "pipe"),
    ];
    let capture = &session.capture;
    eventually("the session is recorded", || {
        capture.metric(SESSIONS, &labels) == Some(1.0)
    })
    .await;
    let text = capture.telemetry.prometheus_text();
    let all = series(&text)
        .into_iter()
        .filter(|series| series.name == SESSIONS)
        .count();
    assert_eq!(all, 1, "{text}");
}
