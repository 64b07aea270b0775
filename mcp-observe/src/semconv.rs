//! Names of the OpenTelemetry MCP, GenAI and general conventions that this crate emits.
//!
//! The MCP and GenAI conventions live in `open-telemetry/semantic-conventions-genai`; the names
//! here follow its commit `a685613a207a580163353b8e48a7ad88967e7b42` (2026-08-15). The
//! `opentelemetry-semantic-conventions` crate marks all of them deprecated since they moved, which
//! is why they are written down here.

/// The only schema URL that the GenAI conventions' registry declares (it has had no release).
pub(crate) const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/gen-ai-dev/1.42.0-dev";

/// Fallback of every closed set of values, as in the HTTP conventions.
pub(crate) const OTHER: &str = "_OTHER";

pub(crate) mod attribute {
    pub(crate) const CLIENT_ADDRESS: &str = "client.address";
    pub(crate) const CLIENT_PORT: &str = "client.port";
    pub(crate) const ERROR_TYPE: &str = "error.type";
    pub(crate) const GEN_AI_AGENT_ID: &str = "gen_ai.agent.id";
    pub(crate) const GEN_AI_AGENT_NAME: &str = "gen_ai.agent.name";
    pub(crate) const GEN_AI_CONVERSATION_ID: &str = "gen_ai.conversation.id";
    pub(crate) const GEN_AI_OPERATION_NAME: &str = "gen_ai.operation.name";
    pub(crate) const GEN_AI_PROMPT_NAME: &str = "gen_ai.prompt.name";
    pub(crate) const GEN_AI_PROVIDER_NAME: &str = "gen_ai.provider.name";
    pub(crate) const GEN_AI_REQUEST_MODEL: &str = "gen_ai.request.model";
    pub(crate) const GEN_AI_TOOL_CALL_ARGUMENTS: &str = "gen_ai.tool.call.arguments";
    pub(crate) const GEN_AI_TOOL_CALL_RESULT: &str = "gen_ai.tool.call.result";
    pub(crate) const GEN_AI_TOOL_NAME: &str = "gen_ai.tool.name";
    /// Renamed to `gen_ai.usage.cache_write.input_tokens` after the commit that this follows.
    pub(crate) const GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS: &str =
        "gen_ai.usage.cache_creation.input_tokens";
    pub(crate) const GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: &str =
        "gen_ai.usage.cache_read.input_tokens";
    pub(crate) const GEN_AI_USAGE_INPUT_TOKENS: &str = "gen_ai.usage.input_tokens";
    pub(crate) const GEN_AI_USAGE_OUTPUT_TOKENS: &str = "gen_ai.usage.output_tokens";
    pub(crate) const GEN_AI_USAGE_REASONING_OUTPUT_TOKENS: &str =
        "gen_ai.usage.reasoning.output_tokens";
    pub(crate) const HTTP_RESPONSE_STATUS_CODE: &str = "http.response.status_code";
    pub(crate) const JSONRPC_REQUEST_ID: &str = "jsonrpc.request.id";
    pub(crate) const MCP_METHOD_NAME: &str = "mcp.method.name";
    pub(crate) const MCP_PROTOCOL_VERSION: &str = "mcp.protocol.version";
    pub(crate) const MCP_RESOURCE_URI: &str = "mcp.resource.uri";
    pub(crate) const MCP_SESSION_ID: &str = "mcp.session.id";
    /// Not of the convention: its drafts' name for `gen_ai.tool.name`, which dashboards still query.
    pub(crate) const MCP_TOOL_NAME: &str = "mcp.tool.name";
    /// Not of the convention: marks a span whose result was `input_required` or a task.
    pub(crate) const MCP_RESULT_TYPE: &str = "mcp.result.type";
    /// Not of the convention: the client had the answer already, and sent nothing.
    #[cfg(feature = "client")]
    pub(crate) const MCP_RESPONSE_CACHED: &str = "mcp.response.cached";
    pub(crate) const NETWORK_PROTOCOL_NAME: &str = "network.protocol.name";
    pub(crate) const NETWORK_PROTOCOL_VERSION: &str = "network.protocol.version";
    pub(crate) const NETWORK_TRANSPORT: &str = "network.transport";
    pub(crate) const OTEL_COMPONENT_TYPE: &str = "otel.component.type";
    pub(crate) const RPC_RESPONSE_STATUS_CODE: &str = "rpc.response.status_code";
    pub(crate) const SERVER_ADDRESS: &str = "server.address";
    pub(crate) const SERVER_PORT: &str = "server.port";
}

/// Value of `gen_ai.operation.name` for tool calls; operations of other methods do not set the attribute.
pub(crate) const EXECUTE_TOOL: &str = "execute_tool";
/// Its value for the work of an agent.
pub(crate) const INVOKE_AGENT: &str = "invoke_agent";
/// Its value for a call of a model.
pub(crate) const CHAT: &str = "chat";

/// Values of `otel.component.type` that this crate's exporting has.
pub(crate) mod component_type {
    pub(crate) const BATCHING_SPAN_PROCESSOR: &str = "batching_span_processor";
    pub(crate) const BATCHING_LOG_PROCESSOR: &str = "batching_log_processor";
    pub(crate) const OTLP_EXPORTER: &str = "otlp_exporter";
}

/// Value of `error.type` for what the queue of a processor had no room for.
pub(crate) const QUEUE_FULL: &str = "queue_full";

/// Bucket boundaries that the convention gives for the operation and session durations, in seconds.
pub(crate) const DURATION_BUCKETS: [f64; 14] = [
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0,
];

/// Bucket boundaries of `mcp.tool.invocation.duration` for a tool without `buckets = [..]`, in seconds.
pub(crate) const TOOL_BUCKETS: [f64; 6] = [0.01, 0.05, 0.1, 0.5, 1.0, 5.0];
