//! The built-in agent. It has no model: it always wants the same three tools.

use std::net::SocketAddr;

use mcp_observe::gen_ai;
use mcp_observe::rmcp::{Endpoint, ObservedClient, ObservedHttpClient, ObservedTransport};
use opentelemetry::Context;
use opentelemetry::trace::{TraceContextExt, TraceId};
use rmcp::ServiceExt;
use rmcp::model::{CallToolRequestParams, ClientCapabilities, ClientConfig, Implementation};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig as Config;
use serde_json::{Value, json};

const NAME: &str = "weather-assistant";

/// The agent's client.
type Client = ObservedClient<ClientConfig>;

/// Runs the agent's session; returns the id of its trace.
pub(crate) async fn run(server: SocketAddr) -> Result<TraceId, String> {
    let url = format!("http://{server}/mcp");
    let endpoint = Endpoint::http(&url).map_err(|error| error.to_string())?;
    let me = Implementation::new(NAME, env!("CARGO_PKG_VERSION"));
    // What rmcp sends by itself is seen in the transport, and the session in the HTTP client.
    let http = ObservedHttpClient::new(reqwest::Client::new());
    let transport = StreamableHttpClientTransport::with_client(http, Config::with_uri(url));
    let transport = ObservedTransport::builder(transport).endpoint(endpoint.clone());
    let session = ClientConfig::new(ClientCapabilities::default(), me)
        .serve(transport.build())
        .await
        .map_err(|error| format!("the agent cannot reach the server at {server}: {error}"))?;

    // What goes through `client` carries the trace of the code that sends it.
    let client = ObservedClient::with(session, |peer| peer.endpoint(endpoint));
    let trace = gen_ai::invoke_agent(NAME)
        .run_with(answer(&client), |_| None)
        .await;

    let ended = client.into_inner().cancel().await;
    ended.map_err(|error| format!("the agent's session did not end: {error}"))?;
    Ok(trace)
}

async fn answer(client: &Client) -> TraceId {
    call(client, "get_weather", json!({ "city": "Lisbon" })).await;
    let week = json!({ "city": "Lisbon", "days": 7 });
    call(client, "query_database", week).await;
    // This recipient's relay does not answer. An agent copes: it is the call that failed.
    let report =
        json!({ "to": "crew@example.net", "text": "Lisbon: clear, warmer than the week." });
    call(client, "send_report", report).await;
    Context::map_current(|agent| agent.span().span_context().trace_id())
}

/// Calls a tool. How it went is told by its span.
async fn call(client: &Client, tool: &'static str, arguments: Value) {
    let mut params = CallToolRequestParams::new(tool);
    if let Value::Object(arguments) = arguments {
        params = params.with_arguments(arguments);
    }
    let _ = client.call_tool(params).await;
}
