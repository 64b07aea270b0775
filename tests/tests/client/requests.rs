//! Every request and notification that a client can send.

#![expect(
    deprecated,
    reason = "what is deprecated in the protocol is observed like all else"
)]

use std::collections::BTreeMap;

use mcp_observe_tests::wire::eventually;
use mcp_observe_tests::{attribute, attributes};
use opentelemetry::trace::{SpanId, SpanKind, Status};
use rmcp::model::{
    CallToolRequestParams, CancelTaskParams, ClientNotification, ClientRequest, CustomNotification,
    CustomRequest, GetPromptRequestParams, GetSkillRequestParams, GetTaskParams, LoggingLevel,
    NumberOrString, PingRequest, ProgressNotificationParam, ProgressToken,
    ReadResourceDirectoryRequestParams, ReadResourceRequestParams, SetLevelRequestParams,
    SubscribeRequestParams, UnsubscribeRequestParams, UpdateTaskParams,
};
use rmcp::service::PeerRequestOptions;

use crate::Both;

/// Attributes of a span that are no labels of its sample.
const SPAN_ONLY: [&str; 2] = ["jsonrpc.request.id", "mcp.resource.uri"];

/// Asserts the client's one span of a method, its sample, and that the server's span is its child.
#[track_caller]
fn assert_sent(both: &Both, name: &str, method: &str, own: &[&str]) {
    let sent = both.sent(method);
    assert_eq!(sent.name, name);
    assert_eq!(sent.status, Status::Unset, "{method}");
    assert_eq!(sent.parent_span_id, SpanId::INVALID, "{method}");
    let mut expected = vec![
        format!("mcp.method.name={method}"),
        "mcp.protocol.version=2025-11-25".to_owned(),
        "network.transport=pipe".to_owned(),
    ];
    expected.extend(own.iter().map(|&it| it.to_owned()));
    expected.sort();
    let mut found = attributes(&sent);
    found.retain(|it| !it.starts_with("jsonrpc.request.id="));
    assert_eq!(found, expected, "{method}");

    let handled = both.handled(method);
    assert_eq!(
        handled.parent_span_id,
        sent.span_context.span_id(),
        "{method}"
    );
    assert_eq!(
        handled.span_context.trace_id(),
        sent.span_context.trace_id(),
        "{method}"
    );

    let labels: Vec<(String, &str)> = expected
        .iter()
        .filter_map(|it| it.split_once('='))
        .filter(|(key, _)| !SPAN_ONLY.contains(key))
        .map(|(key, value)| (key.replace('.', "_"), value))
        .collect();
    let labels: Vec<(&str, &str)> = labels.iter().map(|(key, value)| (&**key, *value)).collect();
    let count = "mcp_client_operation_duration_seconds_count";
    assert_eq!(both.capture.metric(count, &labels), Some(1.0), "{labels:?}");
}

#[tokio::test]
async fn every_request_is_a_span_with_the_servers_below_it() {
    let both = Both::new().await;
    let peer = &both.peer;
    let memo = "memo://one";
    let skill = "skill://one/SKILL.md";

    peer.call_tool(CallToolRequestParams::new("echo"))
        .await
        .unwrap();
    peer.get_prompt(GetPromptRequestParams::new("greeting"))
        .await
        .unwrap();
    peer.read_resource(ReadResourceRequestParams::new(memo))
        .await
        .unwrap();
    peer.subscribe(SubscribeRequestParams::new(memo))
        .await
        .unwrap();
    peer.unsubscribe(UnsubscribeRequestParams::new(memo))
        .await
        .unwrap();
    peer.complete_prompt_simple("greeting", "who", "y")
        .await
        .unwrap();
    peer.set_level(SetLevelRequestParams::new(LoggingLevel::Error))
        .await
        .unwrap();
    peer.list_all_tools().await.unwrap();
    peer.list_all_prompts().await.unwrap();
    peer.list_all_resources().await.unwrap();
    peer.list_all_resource_templates().await.unwrap();
    peer.list_all_skills().await.unwrap();
    peer.get_skill(GetSkillRequestParams::new(skill))
        .await
        .unwrap();
    peer.read_resource_directory(ReadResourceDirectoryRequestParams::new(memo))
        .await
        .unwrap();

    let tool = [
        "gen_ai.operation.name=execute_tool",
        "gen_ai.tool.name=echo",
    ];
    assert_sent(&both, "tools/call echo", "tools/call", &tool);
    let prompt = ["gen_ai.prompt.name=greeting"];
    assert_sent(&both, "prompts/get greeting", "prompts/get", &prompt);
    for (method, uri) in [
        ("resources/read", memo),
        ("resources/subscribe", memo),
        ("resources/unsubscribe", memo),
        ("resources/directory/read", memo),
        ("skills/get", skill),
    ] {
        assert_sent(&both, method, method, &[&format!("mcp.resource.uri={uri}")]);
    }
    for method in [
        "completion/complete",
        "logging/setLevel",
        "tools/list",
        "prompts/list",
        "resources/list",
        "resources/templates/list",
        "skills/list",
    ] {
        assert_sent(&both, method, method, &[]);
    }
}

#[tokio::test]
async fn a_request_has_the_id_that_it_was_sent_with() {
    let both = Both::new().await;
    let request = ClientRequest::CustomRequest(CustomRequest::new("custom/one", None));
    let sent = both
        .peer
        .send_cancellable_request(request, PeerRequestOptions::no_options())
        .await
        .unwrap();
    let id = sent.id().to_string();
    sent.await_response().await.unwrap();
    let span = both.sent("_OTHER");
    assert_eq!(attribute(&span, "jsonrpc.request.id"), Some(id.clone()));
    assert_eq!(
        attribute(&both.handled("_OTHER"), "jsonrpc.request.id"),
        Some(id)
    );
    assert_eq!(span.name, "_OTHER", "a method that MCP does not have");
}

#[tokio::test]
async fn pages_are_requests() {
    let both = Both::new().await;
    both.peer.list_tools(None).await.unwrap();
    both.peer.list_all_tools().await.unwrap();
    assert_eq!(both.all(&SpanKind::Client, "tools/list").len(), 2);
    assert_eq!(both.all(&SpanKind::Server, "tools/list").len(), 2);
}

#[tokio::test]
async fn notifications_are_spans_without_an_id() {
    let both = Both::new().await;
    both.peer.notify_roots_list_changed().await.unwrap();
    let progress = ProgressNotificationParam::new(ProgressToken(NumberOrString::Number(7)), 0.5);
    both.peer.notify_progress(progress).await.unwrap();
    let custom = CustomNotification::new("custom/told", None);
    both.peer
        .send_notification(ClientNotification::CustomNotification(custom))
        .await
        .unwrap();
    for method in [
        "notifications/roots/list_changed",
        "notifications/progress",
        "_OTHER",
    ] {
        eventually("the server has handled it", || {
            !both.all(&SpanKind::Server, method).is_empty()
        })
        .await;
        assert_sent(&both, method, method, &[]);
        assert_eq!(attribute(&both.sent(method), "jsonrpc.request.id"), None);
    }
}

#[tokio::test]
async fn what_is_asked_of_tasks_is_a_span_as_well() {
    let both = Both::new().await;
    let peer = &both.peer;
    // This client does not declare the extension, so rmcp refuses it before the handler is asked.
    peer.get_task(GetTaskParams::new("one")).await.unwrap_err();
    let update = UpdateTaskParams::new("one", BTreeMap::default());
    peer.update_task(update).await.unwrap_err();
    peer.cancel_task(CancelTaskParams::new("one"))
        .await
        .unwrap_err();
    for method in ["tasks/get", "tasks/update", "tasks/cancel"] {
        let sent = both.sent(method);
        assert_eq!(sent.name, method);
        let code = attribute(&sent, "rpc.response.status_code");
        assert_eq!(code.as_deref(), Some("-32021"));
    }
}

#[tokio::test]
async fn a_ping_carries_the_context_although_it_has_no_parameters() {
    let both = Both::new().await;
    let ping = ClientRequest::PingRequest(PingRequest::default());
    // This server does not like pings.
    both.peer.send_request(ping).await.unwrap_err();
    let (sent, handled) = (both.sent("ping"), both.handled("ping"));
    assert_eq!(handled.parent_span_id, sent.span_context.span_id());
}
