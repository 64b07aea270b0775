//! What a peer names and the server does not know is `_OTHER`, and the name is exported nowhere.

use mcp_observe_tests::attribute;
use mcp_observe_tests::session::{Session, assert_span};
use opentelemetry::trace::Status;
use serde_json::json;

#[tokio::test]
async fn prompts_are_known_once_they_were_listed() {
    let mut session = Session::new().await;
    let own = |id: &str, prompt: &str| {
        let id = format!("jsonrpc.request.id={id}");
        [
            "mcp.method.name=prompts/get".to_owned(),
            id,
            format!("gen_ai.prompt.name={prompt}"),
        ]
    };
    let (_, before) = session
        .ask(1, "prompts/get", &json!({ "name": "greeting" }))
        .await;
    assert_span(
        &session.capture,
        &before,
        "prompts/get",
        &Status::Unset,
        &own("1", "_OTHER").each_ref().map(|it| &**it),
    );
    session.ask(2, "prompts/list", &json!({})).await;
    let (_, after) = session
        .ask(3, "prompts/get", &json!({ "name": "greeting" }))
        .await;
    assert_span(
        &session.capture,
        &after,
        "prompts/get greeting",
        &Status::Unset,
        &own("3", "greeting").each_ref().map(|it| &**it),
    );
    let (_, unknown) = session
        .ask(4, "prompts/get", &json!({ "name": "made-up" }))
        .await;
    assert_eq!(unknown.name, "prompts/get");
    assert_eq!(
        attribute(&unknown, "gen_ai.prompt.name").as_deref(),
        Some("_OTHER")
    );
    assert_eq!(
        attribute(&unknown, "rpc.response.status_code").as_deref(),
        Some("-32602")
    );
    assert!(!session.exported().contains("made-up"));
}

#[tokio::test]
async fn names_that_are_not_known_are_exported_nowhere() {
    let mut session = Session::new().await;
    let own = |id: u32, method: &str, more: &[&str]| {
        let mut own = vec![
            format!("jsonrpc.request.id={id}"),
            format!("mcp.method.name={method}"),
        ];
        own.extend(more.iter().map(|&it| it.to_owned()));
        own
    };
    let method_not_found = "rpc.response.status_code=-32601";
    let table = [
        (
            "secret/method",
            json!({ "a": "secret" }),
            own(1, "_OTHER", &[method_not_found]),
            "_OTHER",
        ),
        // Answered, but not a method of MCP's.
        ("custom/secret", json!({}), own(2, "_OTHER", &[]), "_OTHER"),
        // Known methods whose parameters rmcp cannot read.
        (
            "tools/call",
            json!({ "secret": true }),
            own(
                3,
                "tools/call",
                &["gen_ai.operation.name=execute_tool", method_not_found],
            ),
            "tools/call",
        ),
        (
            "resources/read",
            json!({ "uri": ["secret"] }),
            own(4, "resources/read", &[method_not_found]),
            "resources/read",
        ),
        (
            "tools/call",
            json!({ "name": "secret tool" }),
            own(
                5,
                "tools/call",
                &[
                    "gen_ai.operation.name=execute_tool",
                    "gen_ai.tool.name=_OTHER",
                    "rpc.response.status_code=-32602",
                ],
            ),
            "tools/call",
        ),
    ];
    for (id, (method, params, own, name)) in (1..).zip(table) {
        let (_, span) = session.ask(id, method, &params).await;
        let own: Vec<&str> = own.iter().map(|it| &**it).collect();
        assert_span(&session.capture, &span, name, &Status::Unset, &own);
    }
    assert!(
        !session.exported().contains("secret"),
        "{}",
        session.exported()
    );
    let unknown = |kind| {
        session
            .capture
            .metric("mcp_unknown_total", &[("kind", kind)])
    };
    assert_eq!((unknown("method"), unknown("tool")), (Some(2.0), Some(1.0)));
    // Nor is it a series of the tool metrics.
    let calls = session.capture.sum("mcp_tool_calls_total", &[]);
    assert!(
        calls.abs() < f64::EPSILON,
        "{calls} calls of tools that the server has"
    );
}
