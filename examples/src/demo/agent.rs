//! The built-in agent. It has no model: in its first session it always wants the same three tools.

use std::net::SocketAddr;

use mcp_observe::gen_ai;
use mcp_observe::rmcp::{Endpoint, ObservedClient, ObservedHttpClient, ObservedTransport};
use opentelemetry::Context;
use opentelemetry::trace::{TraceContextExt, TraceId};
use rmcp::ServiceExt;
use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ClientConfig, ClientRequest, CustomRequest,
    Implementation,
};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig as Config;
use serde_json::{Value, json};

const NAME: &str = "weather-assistant";

/// The agent, in a session with the server.
#[derive(Debug)]
pub(crate) struct Agent {
    client: ObservedClient<ClientConfig>,
}

/// Runs the agent's first session; returns the id of its trace.
pub(crate) async fn run(server: SocketAddr) -> Result<TraceId, String> {
    let agent = Agent::connect(server).await?;
    let trace = work(answer(&agent)).await;
    agent.leave().await?;
    Ok(trace)
}

/// Does some work as the agent, in a trace of its own.
pub(crate) fn work<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    // The future of a call is large.
    gen_ai::invoke_agent(NAME).run_with(Box::pin(work), |_| None)
}

async fn answer(agent: &Agent) -> TraceId {
    agent.call("get_weather", json!({ "city": "Lisbon" })).await;
    let week = json!({ "city": "Lisbon", "days": 7 });
    agent.call("query_database", week).await;
    // This recipient's relay does not answer. An agent copes: it is the call that failed.
    let report =
        json!({ "to": "crew@example.net", "text": "Lisbon: clear, warmer than the week." });
    agent.call("send_report", report).await;
    Context::map_current(|agent| agent.span().span_context().trace_id())
}

impl Agent {
    /// Opens a session.
    pub(crate) async fn connect(server: SocketAddr) -> Result<Self, String> {
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
        Ok(Self { client })
    }

    /// Calls a tool. How it went is told by its span.
    pub(crate) async fn call(&self, tool: &'static str, arguments: Value) {
        let mut params = CallToolRequestParams::new(tool);
        if let Value::Object(arguments) = arguments {
            params = params.with_arguments(arguments);
        }
        let _ = self.client.call_tool(params).await;
    }

    /// Sends a request of a method that is not MCP's.
    pub(crate) async fn request(&self, method: &'static str) {
        let request = ClientRequest::CustomRequest(CustomRequest::new(method, None));
        let _ = self.client.send_request(request).await;
    }

    /// Ends the session.
    pub(crate) async fn leave(self) -> Result<(), String> {
        let ended = self.client.into_inner().cancel().await;
        ended.map_err(|error| format!("the agent's session did not end: {error}"))?;
        Ok(())
    }
}
