//! All that a plain peer sends.

use mcp_observe_tests::wire::modern_meta;
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::{SpanId, SpanKind, Status};
use rmcp::model::{CallToolRequestParams, SubscriptionFilter};
use serde_json::{Value, json};

use crate::fixture::{Puppet, below, connect, connect_modern, request, sent, sent_one};

#[tokio::test]
async fn every_request_has_a_span_with_the_servers_below_it() {
    let capture = Capture::new();
    let client = connect(&capture).await;
    for (method, params, name, error) in requests() {
        let before = sent(&capture).len();
        let answer = client.send_request(request(method, &params)).await;
        let mut spans = sent(&capture).split_off(before);
        assert_eq!(spans.len(), 1, "{method}: {spans:#?}");
        let span = spans.remove(0);
        assert_eq!(span.name, name);
        assert_eq!(span.parent_span_id, SpanId::INVALID);
        let on_span = |key| attribute(&span, key);
        assert_eq!(on_span("error.type").as_deref(), error, "{answer:?}");
        let status = error.map_or(Status::Unset, |_| Status::error(""));
        assert_eq!(span.status, status);
        let code = error.filter(|class| class.starts_with('-'));
        assert_eq!(on_span("rpc.response.status_code").as_deref(), code);
        let uri = params["uri"].as_str();
        assert_eq!(on_span("mcp.resource.uri").as_deref(), uri);

        // The ids are rmcp's, and so are those on the wire.
        let id = on_span("jsonrpc.request.id").expect("an id");
        let below = capture.spans().into_iter().find(|other| {
            other.span_kind == SpanKind::Server
                && other.parent_span_id == span.span_context.span_id()
        });
        if let Some(below) = below {
            assert_eq!(attribute(&below, "jsonrpc.request.id"), Some(id));
        } else {
            // Answered by rmcp before any handler.
            assert!(["ping", "server/discover"].contains(&method), "{method}");
        }
    }
}

type Asked = (&'static str, Value, &'static str, Option<&'static str>);

fn requests() -> Vec<Asked> {
    let uri = json!({ "uri": "memo://one" });
    let discover = json!({ "_meta": modern_meta(&json!({})) });
    let completed = json!({
        "ref": { "type": "ref/prompt", "name": "greeting" },
        "argument": { "name": "who", "value": "y" },
    });
    let answered = [
        ("tools/list", json!({})),
        ("prompts/list", json!({})),
        ("resources/list", json!({})),
        ("resources/templates/list", json!({})),
        ("resources/read", uri.clone()),
        ("resources/subscribe", uri.clone()),
        ("resources/unsubscribe", uri.clone()),
        ("resources/directory/read", uri),
        ("completion/complete", completed),
        ("logging/setLevel", json!({ "level": "error" })),
        ("tasks/get", json!({ "taskId": "one" })),
        (
            "tasks/update",
            json!({ "taskId": "one", "inputResponses": {} }),
        ),
        ("tasks/cancel", json!({ "taskId": "one" })),
        ("skills/list", json!({})),
        ("skills/get", json!({ "uri": "skill://one/SKILL.md" })),
        ("server/discover", discover),
    ];
    let tools = [
        ("echo", "tools/call echo", None),
        ("fail", "tools/call fail", Some("tool_error")),
        ("reject", "tools/call reject", Some("-32602")),
        ("break", "tools/call break", Some("-32603")),
    ];
    let greeting = json!({ "name": "greeting" });
    let others = [
        ("prompts/get", greeting, "prompts/get greeting", None),
        ("ping", json!({}), "ping", Some("-32603")),
        ("custom/request", json!({ "some": "thing" }), "_OTHER", None),
        ("unknown/request", json!({}), "_OTHER", Some("-32601")),
    ];
    let answered = answered.map(|(method, params)| (method, params, method, None));
    let tools =
        tools.map(|(tool, name, error)| ("tools/call", json!({ "name": tool }), name, error));
    answered.into_iter().chain(tools).chain(others).collect()
}

#[tokio::test]
async fn every_notification_has_a_span_with_the_servers_below_it() {
    let capture = Capture::new();
    let client = connect(&capture).await;
    for (method, params, name) in [
        ("notifications/cancelled", json!({ "requestId": 99 }), ""),
        (
            "notifications/progress",
            json!({ "progressToken": 1, "progress": 0.5 }),
            "",
        ),
        ("notifications/roots/list_changed", json!({}), ""),
        ("notifications/custom", json!({ "some": "thing" }), "_OTHER"),
    ] {
        let name = if name.is_empty() { method } else { name };
        let notification =
            serde_json::from_value(json!({ "method": method, "params": params })).expect(method);
        client.send_notification(notification).await.expect("sent");
        let span = sent_one(&capture, name);
        assert_eq!(span.parent_span_id, SpanId::INVALID);
        assert_eq!(attribute(&span, "jsonrpc.request.id"), None);
        below(&capture, &span).await;
    }
}

#[tokio::test]
async fn a_subscription_lasts_until_the_server_ends_it() {
    let capture = Capture::new();
    let client = connect_modern(&capture).await;
    let filter: SubscriptionFilter =
        serde_json::from_value(json!({ "toolsListChanged": true })).expect("a filter");
    let mut subscription = client.listen(filter).await.expect("it begins");
    while subscription.next().await.expect("it goes on").is_some() {}

    let span = sent_one(&capture, "subscriptions/listen");
    assert_eq!(span.status, Status::Unset);
    assert!(attribute(&span, "jsonrpc.request.id").is_some());
}

/// What the user wrote into a message stays.
#[tokio::test]
async fn meta_of_the_users_own_stays() {
    let capture = Capture::new();
    let (mut puppet, client) = Puppet::connected(&capture).await;
    let mut params = CallToolRequestParams::new("echo");
    let meta = json!({ "mine": 1, "tracestate": "mine=1" });
    params.meta = serde_json::from_value(meta).expect("an object");
    let peer = client.peer().clone();
    let call = tokio::spawn(async move { peer.call_tool(params).await });
    let heard = puppet.hear().await;
    let meta = &heard["params"]["_meta"];
    assert_eq!(meta["mine"], 1);
    assert_eq!(meta["tracestate"], "mine=1");
    assert_eq!(heard["params"]["name"], "echo");
    let result = json!({ "content": [] });
    puppet
        .say(&json!({ "jsonrpc": "2.0", "id": heard["id"], "result": result }))
        .await;
    call.await.expect("no panic").expect("an answer");
    let span = sent_one(&capture, "tools/call echo").span_context;
    let carried = format!("00-{}-{}-01", span.trace_id(), span.span_id());
    assert_eq!(meta["traceparent"], carried);
}

/// Rounds of a call, and what is asked of a task, are linked to what they go on with.
#[tokio::test]
async fn rounds_are_linked() {
    let capture = Capture::new();
    let client = connect_modern(&capture).await;
    let ask = |more: Value| {
        let mut params = json!({ "name": "ask", "arguments": { "state": "plain-7" } });
        let (Some(params_object), Some(more)) = (params.as_object_mut(), more.as_object()) else {
            unreachable!()
        };
        params_object.extend(more.clone());
        client.send_request(request("tools/call", &params))
    };
    ask(json!({})).await.expect("a round");
    ask(json!({ "requestState": "plain-7" }))
        .await
        .expect("the end");
    let spans = sent(&capture);
    let [.., first, second] = &spans[..] else {
        panic!("two rounds: {spans:#?}")
    };
    assert_eq!(
        attribute(first, "mcp.result.type").as_deref(),
        Some("input_required")
    );
    assert_eq!(second.links.len(), 1);
    assert_eq!(
        second.links[0].span_context.span_id(),
        first.span_context.span_id()
    );
    assert_eq!(
        second.span_context.trace_id(),
        first.span_context.trace_id()
    );
}
