//! The built-in agent. It has no model: it always wants the same three tools.

use std::net::SocketAddr;

use opentelemetry::trace::{FutureExt, SpanKind, TraceContextExt, TraceId, Tracer};
use opentelemetry::{Context, KeyValue, global};
use rmcp::ServiceExt;
use rmcp::model::{ClientCapabilities, ClientConfig, Implementation};
use rmcp::transport::StreamableHttpClientTransport;
use serde_json::json;

use crate::client::Client;

const NAME: &str = "weather-assistant";

/// Runs the agent's session; returns the id of its trace.
pub(crate) async fn run(server: SocketAddr) -> Result<TraceId, String> {
    let me = Implementation::new(NAME, env!("CARGO_PKG_VERSION"));
    let transport = StreamableHttpClientTransport::from_uri(format!("http://{server}/mcp"));
    let session = ClientConfig::new(ClientCapabilities::default(), me)
        .serve(transport)
        .await
        .map_err(|error| format!("the agent cannot reach the server at {server}: {error}"))?;

    let client = Client::new(session.peer().clone(), server);
    let trace = invoke(&client).await;

    session
        .cancel()
        .await
        .map_err(|error| format!("the agent's session did not end: {error}"))?;
    Ok(trace)
}

async fn invoke(client: &Client) -> TraceId {
    let tracer = global::tracer(NAME);
    let span = tracer
        .span_builder(format!("invoke_agent {NAME}"))
        .with_kind(SpanKind::Internal)
        .with_attributes([
            KeyValue::new("gen_ai.operation.name", "invoke_agent"),
            KeyValue::new("gen_ai.agent.name", NAME),
        ])
        .start(&tracer);
    let agent = Context::current_with_span(span);
    call_tools(client).with_context(agent.clone()).await;
    agent.span().end();
    agent.span().span_context().trace_id()
}

async fn call_tools(client: &Client) {
    client
        .call("get_weather", json!({ "city": "Lisbon" }))
        .await;
    client
        .call("query_database", json!({ "city": "Lisbon", "days": 7 }))
        .await;
    // This recipient's relay does not answer. An agent copes: it is the call that failed.
    let report =
        json!({ "to": "crew@example.net", "text": "Lisbon: clear, warmer than the week." });
    client.call("send_report", report).await;
}
