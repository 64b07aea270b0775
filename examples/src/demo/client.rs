//! Tool calls as an observed client makes them: a CLIENT span around each, whose context goes along
//! in `params._meta`.

use std::net::SocketAddr;

use opentelemetry::propagation::{Injector, TextMapPropagator};
use opentelemetry::trace::{SpanKind, SpanRef, Status, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use rmcp::RoleClient;
use rmcp::model::{
    CallToolRequest, CallToolRequestParams, ClientRequest, RequestMetaObject, RequestParamsMeta,
    ServerResult,
};
use rmcp::service::{Peer, PeerRequestOptions, ServiceError};
use serde_json::Value;

/// A client of the MCP server at an address.
#[derive(Debug)]
pub(crate) struct Client {
    peer: Peer<RoleClient>,
    server: SocketAddr,
}

impl Client {
    pub(crate) fn new(peer: Peer<RoleClient>, server: SocketAddr) -> Self {
        Self { peer, server }
    }

    /// Calls a tool. How it went is told by the span.
    pub(crate) async fn call(&self, tool: &'static str, arguments: Value) {
        let tracer = global::tracer("weather-assistant");
        let mut attributes = vec![
            KeyValue::new("mcp.method.name", "tools/call"),
            KeyValue::new("gen_ai.operation.name", "execute_tool"),
            KeyValue::new("gen_ai.tool.name", tool),
            KeyValue::new("network.transport", "tcp"),
            KeyValue::new("network.protocol.name", "http"),
            KeyValue::new("network.protocol.version", "1.1"),
            KeyValue::new("server.address", self.server.ip().to_string()),
            KeyValue::new("server.port", i64::from(self.server.port())),
        ];
        if let Some(server) = self.peer.peer_info() {
            let version = server.protocol_version.to_string();
            attributes.push(KeyValue::new("mcp.protocol.version", version));
        }
        let span = tracer
            .span_builder(format!("tools/call {tool}"))
            .with_kind(SpanKind::Client)
            .with_attributes(attributes)
            .start(&tracer);
        let context = Context::current_with_span(span);

        let mut params = CallToolRequestParams::new(tool);
        if let Value::Object(arguments) = arguments {
            params = params.with_arguments(arguments);
        }
        let mut meta = RequestMetaObject::new();
        TraceContextPropagator::new().inject_context(&context, &mut Meta(&mut meta));
        params.set_meta(meta);

        let answer = self.send(params, &context.span()).await;
        tell(&context.span(), &answer);
        context.span().end();
    }

    async fn send(
        &self,
        params: CallToolRequestParams,
        span: &SpanRef<'_>,
    ) -> Result<ServerResult, ServiceError> {
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(params));
        let request = self
            .peer
            .send_cancellable_request(request, PeerRequestOptions::no_options())
            .await?;
        span.set_attribute(KeyValue::new("jsonrpc.request.id", request.id.to_string()));
        request.await_response().await
    }
}

/// Marks the span if the call failed.
fn tell(span: &SpanRef<'_>, answer: &Result<ServerResult, ServiceError>) {
    let (error_type, description) = match answer {
        Ok(ServerResult::CallToolResult(result)) if result.is_error == Some(true) => {
            ("tool_error".to_owned(), String::new())
        }
        Ok(_) => return,
        Err(ServiceError::McpError(error)) => {
            let code = error.code.0.to_string();
            span.set_attribute(KeyValue::new("rpc.response.status_code", code.clone()));
            (code, error.message.to_string())
        }
        Err(error) => ("_OTHER".to_owned(), error.to_string()),
    };
    span.set_attribute(KeyValue::new("error.type", error_type));
    span.set_status(Status::error(description));
}

/// A request's `_meta`, written to by a propagator.
struct Meta<'a>(&'a mut RequestMetaObject);

impl Injector for Meta<'_> {
    fn set(&mut self, key: &str, value: String) {
        // An empty `tracestate` says nothing, and not every server accepts one.
        if !value.is_empty() {
            self.0.insert(key.to_owned(), Value::String(value));
        }
    }
}
