//! Secrets in every part of a message, over a pipe.

use mcp_observe::Telemetry;
use mcp_observe::rmcp::Observed;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::wire::{Wire, request};
use serde_json::{Value, json};

use super::canary::{canary, hostile};
use super::requests::{initializing, meta, tool_calls};
use super::tools::Tools;

pub(crate) async fn all(telemetry: &Telemetry) {
    for catches in [true, false] {
        let observed = Observed::builder(Tools::new()).telemetry(telemetry);
        let mut wire = begin(Wire::serve(observed.catch_panics(catches).build())).await;
        call_tools(&mut wire, catches).await;
        cancel(&mut wire).await;
        wire.close().await;
    }
    let observed = Observed::builder(Everything::default()).telemetry(telemetry);
    let mut wire = begin(Wire::serve(observed.build())).await;
    call_methods(&mut wire).await;
    call_others(&mut wire).await;
    notify(&mut wire).await;
    malformed(&mut wire).await;
    wire.close().await;
    // A version that there is not, and a first message that is none.
    let first = [
        initializing(&canary("initialize-version"), "initialize-refused"),
        request(
            1,
            &canary("first-method"),
            &json!({ "a": hostile("first-argument") }),
        ),
        json!({ "jsonrpc": "2.0", "method": canary("first-notification") }),
    ];
    for message in first {
        let observed = Observed::builder(Tools::new()).telemetry(telemetry);
        let mut wire = Wire::serve(observed.build());
        wire.send(&message.to_string()).await;
        wire.close().await;
    }
}

async fn begin(mut wire: Wire) -> Wire {
    wire.ask(&initializing("2025-11-25", "initialize")).await;
    let initialized = json!({
        "jsonrpc": "2.0",
        "method": "notifications/initialized",
        "params": { "_meta": { "a": hostile("initialized-meta") } },
    });
    wire.send(&initialized.to_string()).await;
    wire
}

async fn call_tools(wire: &mut Wire, catches: bool) {
    let metas = meta("meta");
    for (id, (tool, arguments)) in (1_u32..).zip(tool_calls()) {
        let params = json!({
            "name": tool,
            "arguments": arguments,
            "_meta": metas[id as usize % (metas.len() - 1)],
            hostile("call-member"): hostile("call-value"),
        });
        let call = request(id, "tools/call", &params);
        if tool.starts_with("panics") && !catches {
            // Nobody answers.
            wire.send(&call.to_string()).await;
        } else {
            wire.ask(&call).await;
        }
    }
    for (id, meta) in (100..).zip(&metas) {
        let params = json!({ "name": "of_string", "arguments": { "text": "" }, "_meta": meta });
        wire.ask(&request(id, "tools/call", &params)).await;
    }
    for (id, params) in (200..).zip([
        json!({ "name": canary("tool-name") }),
        json!({ "name": hostile("tool-name-hostile"), "arguments": { "a": hostile("unknown-tool") } }),
        json!({ "name": "of_string", "arguments": hostile("arguments-as-text") }),
        json!({ "name": { hostile("tool-name-key"): 1 } }),
        json!({ hostile("call-without-name"): hostile("call-without-name-value") }),
        json!({ "name": "interim", "requestState": canary("state"), "inputResponses": { "a": hostile("response") } }),
        json!({ "name": "interim", "task": { hostile("task"): hostile("task-value") } }),
    ]) {
        wire.ask(&request(id, "tools/call", &params)).await;
    }
}

/// A call that is cancelled, with a reason.
async fn cancel(wire: &mut Wire) {
    let arguments = json!({ "text": hostile("cancelled-argument") });
    let call = json!({ "name": "waits", "arguments": arguments });
    wire.send(&request("waits", "tools/call", &call).to_string())
        .await;
    let reason = json!({ "requestId": "waits", "reason": hostile("cancelled-reason") });
    wire.send(&notification("notifications/cancelled", &reason))
        .await;
    // Which is answered after the cancellation was handled.
    wire.ask(&request("after", "ping", &json!({}))).await;
}

fn notification(method: &str, params: &Value) -> String {
    json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string()
}

/// Each method with secrets where they belong, and with parameters that it cannot read.
async fn call_methods(wire: &mut Wire) {
    let uri = canary("resource-uri");
    let long = format!(
        "memo://{}{}",
        "x".repeat(1_100),
        canary("resource-uri-tail")
    );
    let requests = [
        ("ping", json!({ hostile("ping"): 1 })),
        ("server/discover", json!({ hostile("discover"): 1 })),
        ("tools/list", json!({ "cursor": hostile("cursor") })),
        ("prompts/list", json!({ "cursor": hostile("cursor") })),
        ("resources/list", json!({ "cursor": hostile("cursor") })),
        (
            "resources/templates/list",
            json!({ "cursor": hostile("cursor") }),
        ),
        ("skills/list", json!({ "cursor": hostile("cursor") })),
        (
            "prompts/get",
            json!({ "name": canary("prompt-name"), "arguments": { hostile("prompt-key"): hostile("prompt-value") } }),
        ),
        (
            "prompts/get",
            json!({ "name": hostile("prompt-name-hostile") }),
        ),
        ("resources/read", json!({ "uri": format!("memo://{uri}") })),
        ("resources/read", json!({ "uri": long })),
        ("resources/subscribe", json!({ "uri": uri })),
        ("resources/unsubscribe", json!({ "uri": uri })),
        ("resources/directory/read", json!({ "uri": uri })),
        ("skills/get", json!({ "uri": uri })),
        (
            "completion/complete",
            json!({
                "ref": { "type": "ref/prompt", "name": hostile("completion-prompt") },
                "argument": { "name": hostile("completion-name"), "value": hostile("completion-value") },
                "context": { "arguments": { hostile("completion-key"): hostile("completion-context") } },
            }),
        ),
        (
            "completion/complete",
            json!({
                "ref": { "type": "ref/resource", "uri": hostile("completion-uri") },
                "argument": { "name": "a", "value": "b" },
            }),
        ),
        ("logging/setLevel", json!({ "level": hostile("level") })),
        ("tasks/get", json!({ "taskId": hostile("task-id") })),
        (
            "tasks/update",
            json!({ "taskId": hostile("task-id"), "inputResponses": { "a": hostile("task-input") } }),
        ),
        ("tasks/cancel", json!({ "taskId": hostile("task-id") })),
        (
            "subscriptions/listen",
            json!({ hostile("listen"): hostile("listen-value") }),
        ),
        (
            "tools/call",
            json!({ "name": canary("tool-name-everything"), "arguments": { "a": hostile("everything") } }),
        ),
        (
            "tools/call",
            json!({ "name": "echo", "arguments": { hostile("echo-key"): hostile("echo-value") } }),
        ),
        (
            "tools/call",
            json!({ "name": "ask", "arguments": { "state": canary("ask-state") } }),
        ),
    ];
    let refused = json!({
        "uri": [hostile("params-uri")],
        "name": { hostile("params-name-key"): hostile("params-name") },
        "cursor": [hostile("params-cursor")],
        "ref": hostile("params-ref"),
        "taskId": [hostile("params-task-id")],
        hostile("params-key"): hostile("params-value"),
    });
    let methods: Vec<&str> = requests.iter().map(|(method, _)| *method).collect();
    for (id, (method, params)) in (1..).zip(&requests) {
        wire.ask(&request(id, method, params)).await;
    }
    for (id, method) in (100..).zip(methods) {
        wire.ask(&request(id, method, &refused)).await;
        wire.ask(&request(id + 100, method, &json!([hostile("params-list")])))
            .await;
    }
}

/// Methods that there are not, and ids that are long.
async fn call_others(wire: &mut Wire) {
    let params = json!({ "a": hostile("custom-params") });
    for (id, method) in (300..).zip([
        canary("method-name"),
        hostile("method-name-hostile"),
        format!("custom/{}", canary("custom-method")),
        format!("tools/call {}", canary("method-tail")),
    ]) {
        wire.ask(&request(id, &method, &params)).await;
    }
    let id = format!("{}{}", "x".repeat(1_100), canary("request-id-tail"));
    for id in [canary("request-id"), id] {
        wire.ask(&request(id, "tools/call", &json!({ "name": "echo" })))
            .await;
    }
}

async fn notify(wire: &mut Wire) {
    for (method, params) in [
        (
            "notifications/progress",
            json!({ "progressToken": hostile("token"), "progress": 1, "message": hostile("progress-message") }),
        ),
        (
            "notifications/progress",
            json!({ "progressToken": [hostile("token-list")] }),
        ),
        (
            "notifications/cancelled",
            json!({ "requestId": hostile("cancelled-id"), "reason": hostile("cancelled-id-reason") }),
        ),
        (
            "notifications/cancelled",
            json!({ "requestId": [hostile("cancelled-id-list")] }),
        ),
        (
            "notifications/roots/list_changed",
            json!({ "_meta": { "a": hostile("roots-meta") } }),
        ),
        (
            "notifications/message",
            json!({ "level": "info", "data": hostile("message-data") }),
        ),
        (
            &canary("notification-name"),
            json!({ "a": hostile("notification-params") }),
        ),
        (
            &hostile("notification-name-hostile"),
            json!([hostile("notification-list")]),
        ),
    ] {
        wire.send(&notification(method, &params)).await;
    }
    for meta in meta("notification-meta") {
        let params = json!({ "_meta": meta });
        wire.send(&notification("notifications/roots/list_changed", &params))
            .await;
    }
    wire.ask(&request("notified", "tools/list", &json!({})))
        .await;
}

/// Lines that are no messages. Those that are JSON are answered with an error.
async fn malformed(wire: &mut Wire) {
    let c = hostile("line");
    let json = Value::from(&*c);
    for line in [
        c.replace('\n', " "),
        format!("{{\"{}", canary("line-open")),
        format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":{json}"),
        format!("Content-Length: 5 {}", canary("line-header")),
    ] {
        wire.send(&line).await;
    }
    for answered in [
        json!({ "jsonrpc": hostile("line-version"), "id": 1, "method": "ping" }),
        json!({ "jsonrpc": "2.0", "id": { hostile("line-id-key"): hostile("line-id") }, "method": "ping" }),
        json!({ hostile("line-key"): hostile("line-value") }),
        json!([hostile("line-batch"), { "jsonrpc": "2.0", "id": 1, "method": hostile("line-batch-method") }]),
        json!(hostile("line-text")),
    ] {
        wire.ask(&answered).await;
    }
    // Answers to what was never asked.
    for answer in [
        json!({ "jsonrpc": "2.0", "id": 77, "result": { hostile("answer-key"): hostile("answer") } }),
        json!({ "jsonrpc": "2.0", "id": hostile("answer-id"), "result": {} }),
        json!({
            "jsonrpc": "2.0",
            "id": 77,
            "error": { "code": 1, "message": hostile("answer-error"), "data": hostile("answer-data") },
        }),
    ] {
        wire.send(&answer.to_string()).await;
    }
    wire.ask(&request("malformed", "tools/list", &json!({})))
        .await;
}
