//! The labels of the metrics.

use crate::closed::{METHODS, VERSIONS};

/// A label that the series of a metric have, besides those that a tool declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MetricLabel {
    /// As Prometheus has it, such as `error_type`.
    pub name: &'static str,
    /// As OpenTelemetry has it: `error_type` on this crate's own metrics, `error.type` on those of the
    /// conventions.
    pub attribute: &'static str,
    /// What it can be.
    pub values: Values,
}

/// The values that a label can have. All sets are bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Values {
    /// These.
    Closed(&'static [&'static str]),
    /// The tools that the server has, and `_OTHER`.
    Tools,
    /// The classes of errors that a tool can have.
    ErrorTypes,
    /// Names that are known at run time, such as those of prompts and addresses: a bounded number of them.
    Bounded,
}

const fn label(name: &'static str, attribute: &'static str, values: Values) -> MetricLabel {
    MetricLabel {
        name,
        attribute,
        values,
    }
}

/// `tool_name`: the tool that was called.
pub const TOOL_NAME: MetricLabel = label("tool_name", "tool_name", Values::Tools);
/// `status`: how the call ended.
pub const STATUS: MetricLabel = label(
    "status",
    "status",
    Values::Closed(&["success", "error", "cancelled"]),
);
/// `mcp_method_name`: the method of the message.
pub const METHOD_NAME: MetricLabel = label(
    "mcp_method_name",
    "mcp.method.name",
    Values::Closed(METHODS),
);
/// `mcp_protocol_version`: the revision that the peers speak.
pub const PROTOCOL_VERSION: MetricLabel = label(
    "mcp_protocol_version",
    "mcp.protocol.version",
    Values::Closed(VERSIONS),
);
/// `gen_ai_operation_name`: `execute_tool` on tool calls.
pub const OPERATION_NAME: MetricLabel = label(
    "gen_ai_operation_name",
    "gen_ai.operation.name",
    Values::Closed(&["execute_tool"]),
);
/// `gen_ai_tool_name`: the tool that was called, on the conventions' metrics.
pub const GEN_AI_TOOL_NAME: MetricLabel =
    label("gen_ai_tool_name", "gen_ai.tool.name", Values::Tools);
/// `gen_ai_prompt_name`: the prompt that was asked for.
pub const PROMPT_NAME: MetricLabel =
    label("gen_ai_prompt_name", "gen_ai.prompt.name", Values::Bounded);
/// `error_type`: the class of the error.
pub const ERROR_TYPE: MetricLabel = label("error_type", "error_type", Values::ErrorTypes);
/// Those classes of tools' errors that are their callers' fault: arguments that do not fit, and the codes
/// of JSON-RPC for which the conventions do not blame the server.
pub const CALLERS_FAULTS: &[&str] = &[
    "invalid_arguments",
    "-32700",
    "-32600",
    "-32601",
    "-32602",
    "-32002",
];
/// `error_type`: the class of the error, on the conventions' metrics.
pub const CONVENTION_ERROR_TYPE: MetricLabel =
    label("error_type", "error.type", Values::ErrorTypes);
/// `rpc_response_status_code`: the code of the JSON-RPC error.
pub const RPC_STATUS_CODE: MetricLabel = label(
    "rpc_response_status_code",
    "rpc.response.status_code",
    Values::Closed(&[
        "_OTHER", "-32700", "-32600", "-32601", "-32602", "-32603", "-32002", "-32020", "-32021",
        "-32022", "-32042",
    ]),
);
/// `http_response_status_code`: the HTTP status with which the message was refused.
pub const HTTP_STATUS_CODE: MetricLabel = label(
    "http_response_status_code",
    "http.response.status_code",
    Values::Closed(&[
        "400", "401", "403", "404", "405", "406", "408", "409", "413", "415", "422", "429", "431",
        "500", "501", "502", "503", "504",
    ]),
);
/// `network_transport`: what carries the messages.
pub const NETWORK_TRANSPORT: MetricLabel = label(
    "network_transport",
    "network.transport",
    Values::Closed(&["pipe", "tcp", "quic"]),
);
/// `network_protocol_name`: `http` where HTTP does.
pub const NETWORK_PROTOCOL_NAME: MetricLabel = label(
    "network_protocol_name",
    "network.protocol.name",
    Values::Closed(&["http"]),
);
/// `network_protocol_version`: the version of HTTP.
pub const NETWORK_PROTOCOL_VERSION: MetricLabel = label(
    "network_protocol_version",
    "network.protocol.version",
    Values::Closed(&["1.0", "1.1", "2", "3"]),
);
/// `server_address`: where a client sends to.
pub const SERVER_ADDRESS: MetricLabel = label("server_address", "server.address", Values::Bounded);
/// `server_port`: the port that a client sends to.
pub const SERVER_PORT: MetricLabel = label("server_port", "server.port", Values::Bounded);
/// `token_type`: what kind of tokens.
pub const TOKEN_TYPE: MetricLabel = label(
    "token_type",
    "token_type",
    Values::Closed(&[
        "input",
        "input_cache_read",
        "input_cache_creation",
        "output",
        "output_reasoning",
    ]),
);
/// `kind`: what it was that the server does not have.
pub const UNKNOWN_KIND: MetricLabel = label("kind", "kind", Values::Closed(&["tool", "method"]));
/// `state`: what became of a round.
pub const ROUND_STATE: MetricLabel = label(
    "state",
    "state",
    Values::Closed(&["input_required", "resumed"]),
);
/// `category`: what kind of security event.
pub const EVENT_CATEGORY: MetricLabel = label(
    "category",
    "category",
    Values::Closed(&["mcp.tool_call", "mcp.auth", "mcp.request"]),
);
/// `sink`: which sink of the security log.
pub const SINK: MetricLabel = label(
    "sink",
    "sink",
    Values::Closed(&["file", "stderr", "stdout", "writer", "otlp"]),
);
/// `reason`: why an event was lost.
pub const LOSS_REASON: MetricLabel = label(
    "reason",
    "reason",
    Values::Closed(&["queue_full", "write_failed", "shut_down"]),
);
/// `otel_component_type`: which part of the SDK.
pub const COMPONENT_TYPE: MetricLabel = label(
    "otel_component_type",
    "otel.component.type",
    Values::Closed(&["otlp_exporter", "batching_span_processor"]),
);
/// `error_type`: why something was lost; absent on what was exported.
pub const EXPORT_ERROR_TYPE: MetricLabel = label(
    "error_type",
    "error.type",
    Values::Closed(&["_OTHER", "queue_full"]),
);

#[cfg(test)]
mod tests {
    use super::CALLERS_FAULTS;
    use crate::closed::RpcCode;
    use crate::error_class::ErrorClass;

    #[test]
    fn callers_faults_are_those_that_spans_do_not_blame_the_server_for() {
        for class in ErrorClass::all_counted().map(ErrorClass::as_str) {
            let by_code = class
                .parse()
                .is_ok_and(|code| RpcCode(code).is_callers_fault());
            let expected = by_code || class == "invalid_arguments";
            assert_eq!(CALLERS_FAULTS.contains(&class), expected, "{class}");
        }
    }
}
