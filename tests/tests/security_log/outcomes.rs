//! Every row of the outcome table has its line.

use mcp_observe_tests::security::{Event, Lines};
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::wire::{eventually, request};
use serde_json::{Value, json};

use crate::over_http::serve;
use crate::tools::{Logged, Tools};

/// The event of a call over a pipe.
fn call(tool: &str, http_status: u16, status: &str, kind: Option<&str>) -> Value {
    let mut event = json!({
        "event.category": "mcp.tool_call",
        "mcp.method.name": "tools/call",
        "mcp.tool.name": tool,
        "mcp.client.name": "wire",
        "http.status": http_status,
        "status": status,
    });
    if let Some(kind) = kind {
        event["error.kind"] = json!(kind);
    }
    event
}

/// The event of a message that is no call.
fn failed(method: &str, http_status: u16, kind: &str) -> Value {
    json!({
        "event.category": "mcp.request",
        "mcp.method.name": method,
        "mcp.client.name": "wire",
        "http.status": http_status,
        "status": "error",
        "error.kind": kind,
    })
}

#[tokio::test]
async fn attributed_tools() {
    let mut logged = Logged::serve(Tools::default()).await;
    for (tool, arguments, http_status, status, kind) in [
        ("add", json!({ "a": 1, "b": 2 }), 200, "success", None),
        ("in_band", json!({}), 500, "error", Some("tool_error")),
        (
            "untold",
            json!({ "city": "x" }),
            500,
            "error",
            Some("unknown_city"),
        ),
        ("late", json!({}), 504, "error", Some("timeout")),
        ("panics", json!({}), 500, "error", Some("panic")),
        (
            "add",
            json!({ "a": "x" }),
            400,
            "error",
            Some("invalid_arguments"),
        ),
        // What another tool's body calls is no message.
        ("outer", json!({}), 200, "success", None),
    ] {
        let event = logged.call(tool, arguments).await;
        event.assert_is(&call(tool, http_status, status, kind));
        let spans = logged.capture.spans_named(&format!("tools/call {tool}"));
        event.assert_of(spans.last().expect("a span"));
    }
}

#[tokio::test]
async fn tools_without_the_attribute() {
    let mut logged = Logged::serve(Everything::default()).await;
    for (tool, http_status, status, kind) in [
        ("echo", 200, "success", None),
        ("fail", 500, "error", Some("tool_error")),
        ("reject", 400, "error", Some("-32602")),
        ("break", 500, "error", Some("-32603")),
        ("odd", 500, "error", Some("_OTHER")),
        ("panic", 500, "error", Some("panic")),
    ] {
        let event = logged.call(tool, json!({})).await;
        event.assert_is(&call(tool, http_status, status, kind));
        event.assert_of(&logged.capture.span(&format!("tools/call {tool}")));
    }
}

/// A round that is not the last one is a call of its own, if the client is given it at all.
#[tokio::test]
async fn interim_rounds() {
    let mut logged = Logged::serve(Tools::default()).await;
    let event = logged.call("asks", json!({})).await;
    event.assert_is(&call("asks", 400, "error", Some("-32600")));

    let lines = Lines::default();
    let capture = lines.capture(|log| log, |builder| builder);
    let web = serve(&capture, false, |router| router).await;
    let params = json!({ "name": "asks" });
    let none = json!({});
    let answer = web.modern(1, "tools/call", params, &none, &[]).await;
    assert_eq!(answer.json["result"]["resultType"], "input_required");
    let event = lines.event(&capture.telemetry);
    let mut expected = call("asks", 200, "success", None);
    expected["network.client.ip"] = json!("127.0.0.1");
    event.assert_is(&expected);
}

/// What becomes a task is done when that is accepted; the work is no message.
#[tokio::test]
async fn accepted_tasks() {
    let tools = Tools::default();
    let mut logged = Logged::serve(tools.clone()).await;
    let event = logged.call("accepts", json!({})).await;
    event.assert_is(&call("accepts", 200, "success", None));
    tools.worked.notified().await;
    assert_eq!(logged.events().len(), 1);
}

#[tokio::test]
async fn a_cancelled_call() {
    let mut logged = Logged::serve(Everything::default()).await;
    let hang = request(7, "tools/call", &json!({ "name": "hang" }));
    let cancel = json!({
        "jsonrpc": "2.0",
        "method": "notifications/cancelled",
        "params": { "requestId": 7 },
    });
    logged.wire.send(&hang.to_string()).await;
    logged.wire.send(&cancel.to_string()).await;
    eventually("the call is cancelled", || !logged.events().is_empty()).await;
    let events = logged.events();
    assert_eq!(events.len(), 1, "{events:#?}");
    events[0].assert_is(&call("hang", 499, "cancelled", Some("cancelled")));
}

#[tokio::test]
async fn other_messages_have_one_if_they_fail() {
    let mut logged = Logged::serve(Everything::default()).await;
    let none = json!({});
    let memo = |name: &str| json!({ "uri": format!("memo://{name}") });
    for (method, params, expected) in [
        ("tools/list", none.clone(), None),
        ("custom/known-to-it", none.clone(), None),
        ("resources/read", memo("one"), None),
        (
            "resources/read",
            memo("none"),
            Some(failed("resources/read", 404, "-32002")),
        ),
        ("ping", none.clone(), Some(failed("ping", 500, "-32603"))),
        // rmcp answers a known method with parameters that it cannot read as an unknown one.
        (
            "resources/read",
            none.clone(),
            Some(failed("resources/read", 404, "-32601")),
        ),
        (
            "prompts/get",
            json!({ "name": "x" }),
            Some(failed("prompts/get", 400, "-32602")),
        ),
    ] {
        let (_, events) = logged.ask(method, &params).await;
        let found: Vec<&Event> = events.iter().collect();
        match expected {
            None => assert!(found.is_empty(), "{method}: {found:#?}"),
            Some(expected) => {
                assert_eq!(found.len(), 1, "{method}: {found:#?}");
                found[0].assert_is(&expected);
                found[0].assert_of(logged.capture.spans().last().expect("a span"));
            }
        }
    }
}

/// A call whose parameters cannot be read is one all the same, of no tool.
#[tokio::test]
async fn an_unreadable_call() {
    let mut logged = Logged::serve(Tools::default()).await;
    let (_, events) = logged.ask("tools/call", &json!({ "tool": "add" })).await;
    assert_eq!(events.len(), 1);
    events[0].assert_is(&call("_OTHER", 404, "error", Some("-32601")));
}
