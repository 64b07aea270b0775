//! How messages that were sent end.

use std::time::Duration;

use mcp_observe::rmcp::ObservedPeer;
use mcp_observe_tests::wire::eventually;
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::{SpanKind, Status};
use rmcp::model::{CallToolRequest, CallToolRequestParams, ClientRequest};
use rmcp::service::PeerRequestOptions;

use crate::Both;

fn call(tool: &'static str) -> ClientRequest {
    CallToolRequest::new(CallToolRequestParams::new(tool)).into()
}

/// Asserts how the client's span ended, and that its sample says the same.
#[track_caller]
fn assert_ended(both: &Both, tool: &str, error_type: &str, code: Option<&str>) {
    let span = both.sent("tools/call");
    assert_eq!(span.status, Status::error(""), "{tool}");
    assert_eq!(attribute(&span, "error.type").as_deref(), Some(error_type));
    assert_eq!(
        attribute(&span, "rpc.response.status_code").as_deref(),
        code
    );
    let mut labels = vec![("gen_ai_tool_name", tool), ("error_type", error_type)];
    labels.extend(code.map(|code| ("rpc_response_status_code", code)));
    let count = "mcp_client_operation_duration_seconds_count";
    assert!(
        (both.capture.sum(count, &labels) - 1.0).abs() < 0.1,
        "{labels:?}"
    );
}

#[tokio::test]
async fn every_code_is_an_error_to_whoever_called() {
    for (tool, error_type, code) in [
        ("fail", "tool_error", None),
        ("reject", "-32602", Some("-32602")),
        ("break", "-32603", Some("-32603")),
    ] {
        let both = Both::new().await;
        let _ = both.peer.call_tool(CallToolRequestParams::new(tool)).await;
        assert_ended(&both, tool, error_type, code);
    }
    // On the server, a caller's fault is none of its own.
    let both = Both::new().await;
    let _ = both
        .peer
        .call_tool(CallToolRequestParams::new("reject"))
        .await;
    assert_eq!(both.handled("tools/call").status, Status::Unset);
}

#[tokio::test]
async fn a_code_of_the_servers_own_is_on_the_span_and_no_label() {
    let both = Both::new().await;
    let _ = both.peer.call_tool(CallToolRequestParams::new("odd")).await;
    let span = both.sent("tools/call");
    assert_eq!(attribute(&span, "error.type").as_deref(), Some("_OTHER"));
    let code = attribute(&span, "rpc.response.status_code");
    assert_eq!(code.as_deref(), Some("-31999"));
    assert!(!both.capture.telemetry.prometheus_text().contains("31999"));
}

#[tokio::test]
async fn a_call_that_is_dropped_is_cancelled_and_the_server_is_told() {
    let both = Both::new().await;
    {
        let hang = both.peer.call_tool(CallToolRequestParams::new("hang"));
        let entered = eventually("the server has it", || {
            both.capture
                .metric("mcp_tool_active", &[("tool_name", "hang")])
                == Some(1.0)
        });
        tokio::select! {
            _ = hang => panic!("it hangs"),
            () = entered => {}
        }
    }
    assert_ended(&both, "hang", "cancelled", None);
    eventually("the server has cancelled it", || {
        both.all(&SpanKind::Server, "tools/call").len() == 1
    })
    .await;
    let handled = both.handled("tools/call");
    assert_eq!(
        attribute(&handled, "error.type").as_deref(),
        Some("cancelled")
    );
}

#[tokio::test]
async fn a_request_that_is_cancelled_or_dropped_is_cancelled() {
    let both = Both::new().await;
    let options = PeerRequestOptions::no_options;
    let sent = both.peer.send_cancellable_request(call("hang"), options());
    sent.await.unwrap().cancel(None).await.unwrap();
    assert_ended(&both, "hang", "cancelled", None);

    let both = Both::new().await;
    let sent = both.peer.send_cancellable_request(call("hang"), options());
    drop(sent.await.unwrap());
    assert_ended(&both, "hang", "cancelled", None);
}

#[tokio::test]
async fn a_timeout_is_one() {
    let both = Both::new().await;
    let options = PeerRequestOptions::with_timeout(Duration::from_millis(1));
    let sent = both.peer.send_request_with_option(call("hang"), options);
    sent.await.unwrap().await_response().await.unwrap_err();
    assert_ended(&both, "hang", "timeout", None);
}

#[tokio::test]
async fn what_cannot_be_sent_is_an_operation_all_the_same() {
    let mut both = Both::new().await;
    both.client.close().await.unwrap();
    let echo = CallToolRequestParams::new("echo");
    both.peer.call_tool(echo).await.unwrap_err();
    assert_ended(&both, "echo", "transport_closed", None);
}

#[tokio::test]
async fn texts_of_errors_are_recorded_only_where_that_is_asked_for() {
    let capture = Capture::new();
    let both = Both::with(capture.clone()).await;
    let peer = ObservedPeer::builder(both.client.peer().clone())
        .telemetry(&capture.telemetry)
        .error_message(true)
        .build();
    peer.call_tool(CallToolRequestParams::new("break"))
        .await
        .unwrap_err();
    assert_eq!(both.sent("tools/call").status, Status::error("broken"));
}

#[tokio::test]
async fn names_that_a_model_makes_up_add_a_bounded_number_of_series() {
    let both = Both::new().await;
    for number in 0..300 {
        let name = format!("made-up-{number}");
        let _ = both.peer.call_tool(CallToolRequestParams::new(name)).await;
    }
    let text = both.capture.telemetry.prometheus_text();
    let series = text.lines().filter(|line| {
        line.starts_with("mcp_client_operation_duration_seconds_count")
            && line.contains("gen_ai_tool_name")
    });
    assert_eq!(series.count(), 129, "128 names, and `_OTHER`");
    let spans = both.capture.spans();
    assert!(
        spans
            .iter()
            .any(|span| span.name == "tools/call made-up-127")
    );
    assert!(!spans.iter().any(|span| span.name.contains("made-up-128")));
    let served = r#"mcp_tool_calls_total{tool_name="_OTHER"}"#;
    assert!(
        !text.contains(served),
        "they are no calls of this process's tools"
    );
}
