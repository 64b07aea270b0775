//! A call of a client inside a GenAI span `execute_tool`, as an agent's instrumentation makes them.

use std::sync::OnceLock;

use mcp_observe::rmcp::{Observed, ObservedPeer};
use mcp_observe_tests::connect::connect;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::{FutureExt, SpanId, SpanKind, TraceContextExt, TraceId, Tracer};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::trace::SpanData;
use rmcp::RoleClient;
use rmcp::model::CallToolRequestParams;
use tracing::Instrument;
use tracing_subscriber::layer::SubscriberExt;

fn capture() -> &'static Capture {
    Capture::installed()
}

async fn peer() -> ObservedPeer<RoleClient> {
    capture();
    let client = connect(Observed::new(Everything::default())).await;
    let peer = ObservedPeer::new(client.peer().clone());
    // The session goes on as long as the test.
    std::mem::forget(client);
    peer
}

/// The spans of a trace.
fn spans(trace: TraceId) -> Vec<SpanData> {
    let mut spans = capture().spans();
    spans.retain(|span| span.span_context.trace_id() == trace);
    spans
}

fn of_kind<'a>(spans: &'a [SpanData], kind: &SpanKind) -> Vec<&'a SpanData> {
    spans
        .iter()
        .filter(|span| span.span_kind == *kind)
        .collect()
}

/// Starts the span of an execution, as an agent does.
fn execution(tool: &'static str) -> Context {
    let tracer = global::tracer("an agent's instrumentation");
    let span = tracer
        .span_builder(format!("execute_tool {tool}"))
        .with_attributes([
            KeyValue::new("gen_ai.operation.name", "execute_tool"),
            KeyValue::new("gen_ai.tool.name", tool),
        ])
        .start(&tracer);
    Context::new().with_span(span)
}

#[tokio::test]
async fn its_attributes_are_added_to_that_span() {
    let peer = peer().await;
    let agent = execution("echo");
    let echo = CallToolRequestParams::new("echo");
    peer.call_tool(echo)
        .with_context(agent.clone())
        .await
        .unwrap();
    agent.span().end();

    let spans = spans(agent.span().span_context().trace_id());
    assert!(of_kind(&spans, &SpanKind::Client).is_empty(), "{spans:#?}");
    let [execution] = of_kind(&spans, &SpanKind::Internal)[..] else {
        panic!("one execution: {spans:#?}");
    };
    assert_eq!(execution.name, "execute_tool echo");
    for (key, value) in [
        ("mcp.method.name", "tools/call"),
        ("mcp.protocol.version", "2025-11-25"),
        ("gen_ai.tool.name", "echo"),
        ("gen_ai.operation.name", "execute_tool"),
    ] {
        assert_eq!(attribute(execution, key).as_deref(), Some(value), "{key}");
    }
    assert!(attribute(execution, "jsonrpc.request.id").is_some());
    let [handled] = of_kind(&spans, &SpanKind::Server)[..] else {
        panic!("one call: {spans:#?}");
    };
    assert_eq!(handled.parent_span_id, execution.span_context.span_id());
}

#[tokio::test]
async fn how_it_failed_is_added_as_well_and_it_stays_open() {
    let peer = peer().await;
    let agent = execution("break");
    let call = peer.call_tool(CallToolRequestParams::new("break"));
    call.with_context(agent.clone()).await.unwrap_err();
    let trace = agent.span().span_context().trace_id();
    assert!(of_kind(&spans(trace), &SpanKind::Internal).is_empty());
    agent.span().end();
    let spans = spans(trace);
    let execution = of_kind(&spans, &SpanKind::Internal)[0];
    assert_eq!(
        attribute(execution, "error.type").as_deref(),
        Some("-32603")
    );
}

#[tokio::test]
async fn a_second_call_and_one_of_another_tool_have_spans_of_their_own() {
    let peer = peer().await;
    let agent = execution("echo");
    for _ in 0..2 {
        let echo = CallToolRequestParams::new("echo");
        peer.call_tool(echo)
            .with_context(agent.clone())
            .await
            .unwrap();
    }
    agent.span().end();
    let trace = agent.span().span_context().trace_id();
    let parent = agent.span().span_context().span_id();
    assert_eq!(children(trace, parent), 1);

    let agent = execution("a tool of the agent's own");
    let echo = CallToolRequestParams::new("echo");
    peer.call_tool(echo)
        .with_context(agent.clone())
        .await
        .unwrap();
    agent.span().end();
    let trace = agent.span().span_context().trace_id();
    let parent = agent.span().span_context().span_id();
    assert_eq!(children(trace, parent), 1);
}

fn children(trace: TraceId, parent: SpanId) -> usize {
    let spans = spans(trace);
    let clients = of_kind(&spans, &SpanKind::Client);
    clients
        .iter()
        .filter(|it| it.parent_span_id == parent)
        .count()
}

#[tokio::test]
async fn a_span_of_tracing_is_one_as_well() {
    static SUBSCRIBER: OnceLock<()> = OnceLock::new();
    let peer = peer().await;
    SUBSCRIBER.get_or_init(|| {
        let layer = tracing_opentelemetry::layer().with_tracer(global::tracer("tracing"));
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::set_global_default(subscriber).expect("the only one");
    });
    let span = tracing::info_span!(
        parent: None,
        "execute_tool",
        otel.name = "execute_tool of tracing",
        gen_ai.operation.name = "execute_tool",
        gen_ai.tool.name = "echo",
    );
    let echo = CallToolRequestParams::new("echo");
    peer.call_tool(echo).instrument(span).await.unwrap();
    let execution = capture().span("execute_tool of tracing");
    assert_eq!(
        attribute(&execution, "mcp.method.name").as_deref(),
        Some("tools/call")
    );
    let spans = spans(execution.span_context.trace_id());
    assert!(of_kind(&spans, &SpanKind::Client).is_empty(), "{spans:#?}");
    assert_eq!(
        of_kind(&spans, &SpanKind::Server)[0].parent_span_id,
        execution.span_context.span_id()
    );
}
