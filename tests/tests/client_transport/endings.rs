//! How requests end without an answer.

use std::time::Duration;

use mcp_observe::rmcp::ObservedTransport;
use mcp_observe_tests::wire::eventually;
use mcp_observe_tests::{Capture, attribute, names};
use opentelemetry::trace::Status;
use rmcp::model::{
    CallToolRequestParams, ClientJsonRpcMessage, JsonRpcMessage, ServerJsonRpcMessage,
};
use rmcp::service::PeerRequestOptions;
use rmcp::transport::{IntoTransport, Transport};
use rmcp::{RoleClient, ServiceExt};
use serde_json::json;
use tokio::io::DuplexStream;

use crate::fixture::{Puppet, connect, everything, legacy, request, samples, sent, sent_one};
use crate::sessions::sessions;

fn call(tool: &'static str) -> CallToolRequestParams {
    CallToolRequestParams::new(tool)
}

#[tokio::test]
async fn a_call_that_is_dropped_is_cancelled_and_the_server_is_told() {
    let capture = Capture::new();
    let (mut puppet, client) = Puppet::connected(&capture).await;
    let peer = client.peer().clone();
    let calling = tokio::spawn(async move { peer.call_tool(call("slow")).await });
    puppet.hear().await;
    calling.abort();
    let told = puppet.hear().await;
    assert_eq!(told["method"], "notifications/cancelled");

    let span = sent_one(&capture, "tools/call slow");
    assert_eq!(attribute(&span, "error.type").as_deref(), Some("cancelled"));
    assert_eq!(span.status, Status::error(""));
    eventually("the notification was sent", || sent(&capture).len() == 4).await;
    let notification = sent_one(&capture, "notifications/cancelled").span_context;
    let carried = format!(
        "00-{}-{}-01",
        notification.trace_id(),
        notification.span_id()
    );
    assert_eq!(told["params"]["_meta"]["traceparent"], carried);
    assert_eq!(
        capture
            .sum(
                "mcp_client_operation_duration_seconds_count",
                &[("gen_ai_tool_name", "slow"), ("error_type", "cancelled")]
            )
            .to_string(),
        "1"
    );
}

#[tokio::test]
async fn a_timeout_is_one() {
    let capture = Capture::new();
    let (_puppet, client) = Puppet::connected(&capture).await;
    for (tool, options) in [
        (
            "idle",
            PeerRequestOptions::with_timeout(Duration::from_millis(1)),
        ),
        (
            "total",
            PeerRequestOptions::no_options().with_max_total_timeout(Duration::from_millis(1)),
        ),
    ] {
        let params = json!({ "name": tool });
        let handle = client
            .send_request_with_option(request("tools/call", &params), options)
            .await
            .expect("it is sent");
        handle.await_response().await.expect_err("too slow");
        let span = sent_one(&capture, &format!("tools/call {tool}"));
        assert_eq!(attribute(&span, "error.type").as_deref(), Some("timeout"));
    }
}

#[tokio::test]
async fn a_server_that_goes_leaves_calls_without_an_answer() {
    let capture = Capture::new();
    let (mut puppet, client) = Puppet::connected(&capture).await;
    let peer = client.peer().clone();
    let calling = tokio::spawn(async move { peer.call_tool(call("lost")).await });
    puppet.hear().await;
    drop(puppet);
    calling.await.expect("no panic").expect_err("no answer");

    let span = sent_one(&capture, "tools/call lost");
    assert_eq!(
        attribute(&span, "error.type").as_deref(),
        Some("transport_closed")
    );
    let sessions = "mcp_client_session_duration_seconds_count";
    eventually("the session ends", || {
        capture.sum(sessions, &[("error_type", "transport_closed")]) > 0.5
    })
    .await;
}

#[tokio::test]
async fn a_client_that_goes_leaves_calls_without_an_answer() {
    let capture = Capture::new();
    let (mut puppet, client) = Puppet::connected(&capture).await;
    let peer = client.peer().clone();
    let calling = tokio::spawn(async move { peer.call_tool(call("left")).await });
    puppet.hear().await;
    client.cancel().await.expect("it stops");
    calling.await.expect("no panic").expect_err("no answer");
    let span = sent_one(&capture, "tools/call left");
    assert_eq!(
        attribute(&span, "error.type").as_deref(),
        Some("transport_closed")
    );
}

#[tokio::test]
async fn an_answer_may_have_its_number_as_a_string() {
    let capture = Capture::new();
    let (mut puppet, client) = Puppet::connected(&capture).await;
    let peer = client.peer().clone();
    let calling = tokio::spawn(async move { peer.call_tool(call("echo")).await });
    let id = puppet.hear().await["id"].to_string();
    let result = json!({ "content": [] });
    puppet
        .say(&json!({ "jsonrpc": "2.0", "id": id, "result": result }))
        .await;
    calling.await.expect("no panic").expect("an answer");
    let span = sent_one(&capture, "tools/call echo");
    assert_eq!(span.status, Status::Unset);
}

/// A server that never answers must not make the client's memory grow.
#[tokio::test]
async fn of_requests_that_are_never_answered_the_oldest_are_given_up() {
    let capture = Capture::new();
    let (puppet, client) = Puppet::connected(&capture).await;
    let hearing = tokio::spawn(puppet.rest());
    for _ in 0..1_500 {
        let options = PeerRequestOptions::no_options();
        client
            .send_cancellable_request(request("tools/call", &json!({ "name": "mute" })), options)
            .await
            .expect("it is sent");
    }
    eventually("all are sent", || sent(&capture).len() == 2 + 1_500 - 1_024).await;
    let given_up = sent(&capture).split_off(2);
    for (span, id) in given_up.iter().zip(1..) {
        assert_eq!(attribute(span, "error.type").as_deref(), Some("_OTHER"));
        let of_span = attribute(span, "jsonrpc.request.id");
        assert_eq!(of_span, Some(format!("{id}")), "the oldest first");
    }
    client.cancel().await.expect("it stops");
    assert_eq!(sent(&capture).len(), 2 + 1_500, "each ends once");
    assert_eq!(hearing.await.expect("no panic").len(), 1_500);
}

/// A transport that cannot send what is asked of it once the session has begun.
struct Broken<T>(T);

impl<T: Transport<RoleClient, Error = std::io::Error>> Transport<RoleClient> for Broken<T> {
    type Error = std::io::Error;

    fn send(
        &mut self,
        item: ClientJsonRpcMessage,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let text = serde_json::to_string(&item).expect("JSON");
        let sent = self.0.send(item);
        async move {
            if text.contains("doomed") {
                return Err(std::io::Error::other("it broke"));
            }
            sent.await
        }
    }

    fn receive(&mut self) -> impl Future<Output = Option<ServerJsonRpcMessage>> + Send {
        self.0.receive()
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        Err(std::io::Error::other("it cannot be closed"))
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_a_transport_error() {
    let capture = Capture::new();
    let pipe: DuplexStream = everything(&capture);
    let transport = ObservedTransport::builder(Broken(
        IntoTransport::<RoleClient, _, _>::into_transport(pipe),
    ))
    .telemetry(&capture.telemetry)
    .build();
    let client = legacy().serve(transport).await.expect("a session begins");
    client.call_tool(call("doomed")).await.expect_err("broken");
    let notification = json!({ "method": "notifications/doomed" });
    client
        .send_notification(serde_json::from_value(notification).expect("a notification"))
        .await
        .expect_err("broken");
    for name in ["tools/call doomed", "_OTHER"] {
        let span = sent_one(&capture, name);
        assert_eq!(
            attribute(&span, "error.type").as_deref(),
            Some("transport_error")
        );
    }
    client.cancel().await.expect("it stops");
    let sessions = "mcp_client_session_duration_seconds_count";
    let ended = capture.sum(sessions, &[("error_type", "transport_error")]);
    assert_eq!(ended.to_string(), "1");
}

/// The client gives up while it initialises: the transport is dropped, not closed.
#[tokio::test]
async fn a_start_that_is_given_up_is_cancelled() {
    let capture = Capture::new();
    let (mut puppet, pipe) = Puppet::new();
    let transport = crate::fixture::observed(&capture, pipe);
    let starting = tokio::spawn(async move { legacy().serve(transport).await.map(drop) });
    puppet.hear().await;
    starting.abort();
    assert!(starting.await.is_err());
    let span = sent_one(&capture, "initialize");
    assert_eq!(attribute(&span, "error.type").as_deref(), Some("cancelled"));
    let labels = [
        ("mcp_method_name", "initialize"),
        ("network_transport", "pipe"),
        ("error_type", "cancelled"),
    ];
    assert_eq!(samples(&capture, &labels), Some(1.0));
    assert!(sessions(&capture).is_empty(), "there was no session");
}

/// What a server asks of its client is no operation of the client's, nor is the client's answer.
#[tokio::test]
async fn what_the_server_asks_is_left_alone() {
    let capture = Capture::new();
    let (mut puppet, client) = Puppet::connected(&capture).await;
    puppet
        .say(&json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }))
        .await;
    let answer = puppet.hear().await;
    assert!(answer["result"].is_object(), "{answer}");
    assert_eq!(sent(&capture).len(), 2, "{:?}", names(&sent(&capture)));
    client.cancel().await.expect("it stops");
    let message: ClientJsonRpcMessage = serde_json::from_value(answer).expect("a message");
    assert!(matches!(message, JsonRpcMessage::Response(_)));
}

#[tokio::test]
async fn many_calls_at_once_each_have_their_own_answer() {
    let capture = Capture::new();
    let client = connect(&capture).await;
    let calls = (0..256).map(|index| {
        let tool = ["echo", "fail", "reject"][index % 3];
        client.call_tool(call(tool))
    });
    futures::future::join_all(calls).await;
    let spans = sent(&capture);
    assert_eq!(spans.len(), 2 + 256);
    for span in &spans[2..] {
        let expected = match &*span.name {
            "tools/call echo" => None,
            "tools/call fail" => Some("tool_error"),
            _ => Some("-32602"),
        };
        assert_eq!(attribute(span, "error.type").as_deref(), expected);
    }
}

#[tokio::test]
async fn a_server_may_end_a_subscription_and_no_other_request() {
    let capture = Capture::new();
    let (mut puppet, client) = Puppet::discovered(&capture).await;
    let filter = json!({ "toolsListChanged": true });
    let peer = client.peer().clone();
    let listening = tokio::spawn(async move {
        let filter = serde_json::from_value(filter).expect("a filter");
        peer.listen(filter).await.map(drop)
    });
    let listen = puppet.hear().await;
    assert_eq!(listen["method"], "subscriptions/listen");
    let peer = client.peer().clone();
    let calling = tokio::spawn(async move { peer.call_tool(call("goes-on")).await });
    let called = puppet.hear().await;
    for id in [&called["id"], &listen["id"]] {
        let method = "notifications/cancelled";
        puppet
            .say(&json!({ "jsonrpc": "2.0", "method": method, "params": { "requestId": id } }))
            .await;
    }
    listening.await.expect("no panic").expect_err("cancelled");
    let span = sent_one(&capture, "subscriptions/listen");
    assert_eq!(attribute(&span, "error.type").as_deref(), Some("cancelled"));
    let result = json!({ "resultType": "complete", "content": [] });
    puppet
        .say(&json!({ "jsonrpc": "2.0", "id": called["id"], "result": result }))
        .await;
    calling.await.expect("no panic").expect("an answer");
    let span = sent_one(&capture, "tools/call goes-on");
    assert_eq!(span.status, Status::Unset);
}

/// rmcp answers a request by itself whose connection ended, in an error of its own making.
#[tokio::test]
async fn an_error_of_rmcps_own_is_a_closed_transport() {
    let capture = Capture::new();
    let (mut puppet, client) = Puppet::connected(&capture).await;
    let peer = client.peer().clone();
    let calling = tokio::spawn(async move { peer.call_tool(call("cut-off")).await });
    let id = puppet.hear().await["id"].take();
    let data = json!({ "io.modelcontextprotocol/transportClosed": 1 });
    let error = json!({ "code": -32603, "message": "closed", "data": data });
    puppet
        .say(&json!({ "jsonrpc": "2.0", "id": id, "error": error }))
        .await;
    calling.await.expect("no panic").expect_err("cut off");
    let span = sent_one(&capture, "tools/call cut-off");
    assert_eq!(
        attribute(&span, "error.type").as_deref(),
        Some("transport_closed")
    );
    assert_eq!(attribute(&span, "rpc.response.status_code"), None);
}

/// What the server says of an error is free text, and recorded only if asked for.
#[tokio::test]
async fn the_text_of_an_error_is_recorded_where_it_is_wanted() {
    for wanted in [false, true] {
        let capture = Capture::new();
        let transport = ObservedTransport::builder(everything(&capture))
            .telemetry(&capture.telemetry)
            .error_message(wanted)
            .build();
        let client = legacy().serve(transport).await.expect("a session begins");
        client.call_tool(call("break")).await.expect_err("broken");
        let span = sent_one(&capture, "tools/call break");
        let text = if wanted { "broken" } else { "" };
        assert_eq!(span.status, Status::error(text));
    }
}
