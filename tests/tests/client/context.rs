//! Which trace a message belongs to.

use mcp_observe::rmcp::{Endpoint, ObservedPeer};
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::{FutureExt, SpanId, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, trace};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use rmcp::model::{CallToolRequestParams, RequestMetaObject, RequestParamsMeta};

use crate::Both;

#[tokio::test]
async fn the_current_span_is_the_parent() {
    let both = Both::new().await;
    let tracer = SdkTracerProvider::builder().build().tracer("agent");
    let agent = Context::new().with_span(tracer.start("agent"));
    let echo = CallToolRequestParams::new("echo");
    both.peer
        .call_tool(echo)
        .with_context(agent.clone())
        .await
        .unwrap();
    let agent = agent.span().span_context().clone();
    let sent = both.sent("tools/call");
    assert_eq!(sent.parent_span_id, agent.span_id());
    let handled = both.handled("tools/call");
    assert_eq!(handled.parent_span_id, sent.span_context.span_id());
    assert_eq!(handled.span_context.trace_id(), agent.trace_id());
}

#[tokio::test]
async fn a_context_that_the_user_wrote_is_the_parent() {
    let both = Both::new().await;
    let mut echo = CallToolRequestParams::new("echo");
    let mut meta = RequestMetaObject::default();
    meta.set_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    echo.set_meta(meta);
    both.peer.call_tool(echo).await.unwrap();
    let sent = both.sent("tools/call");
    assert_eq!(sent.parent_span_id.to_string(), "b7ad6b7169203331");
    let handled = both.handled("tools/call");
    assert_eq!(handled.parent_span_id, sent.span_context.span_id());
}

#[tokio::test]
async fn a_trace_that_is_not_sampled_goes_on_as_such() {
    let capture = Capture::with(|builder| builder.sampler(Sampler::AlwaysOff));
    let both = Both::with(capture).await;
    both.peer
        .call_tool(CallToolRequestParams::new("echo"))
        .await
        .unwrap();
    assert!(both.capture.spans().is_empty());
    let count = "mcp_client_operation_duration_seconds_count";
    let calls = both.capture.sum(count, &[("gen_ai_tool_name", "echo")]);
    assert!((calls - 1.0).abs() < 0.1);
}

#[tokio::test]
async fn the_endpoint_is_on_the_span_and_on_the_sample() {
    let both = Both::new().await;
    let peer = ObservedPeer::builder(both.client.peer().clone())
        .telemetry(&both.capture.telemetry)
        .endpoint(Endpoint::http("http://127.0.0.1:8000/mcp").unwrap())
        .build();
    peer.call_tool(CallToolRequestParams::new("echo"))
        .await
        .unwrap();
    let sent = both.sent("tools/call");
    for (key, value) in [
        ("server.address", "127.0.0.1"),
        ("server.port", "8000"),
        ("network.transport", "tcp"),
        ("network.protocol.name", "http"),
    ] {
        assert_eq!(attribute(&sent, key).as_deref(), Some(value));
    }
    let labels = [("server_address", "127.0.0.1"), ("server_port", "8000")];
    let count = "mcp_client_operation_duration_seconds_count";
    assert!((both.capture.sum(count, &labels) - 1.0).abs() < 0.1);
    assert_eq!(sent.parent_span_id, SpanId::INVALID);
    assert_eq!(sent.span_kind, trace::SpanKind::Client);
}
