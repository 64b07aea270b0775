//! Each metric's definition.

use super::{Kind, Metric, label};
use crate::semconv::{DURATION_BUCKETS, TOOL_BUCKETS};

/// `mcp_tool_calls_total`.
pub const TOOL_CALLS: Metric = Metric {
    name: "mcp.tool.calls",
    prometheus_name: "mcp_tool_calls_total",
    kind: Kind::Counter,
    unit: "",
    description: "Tool calls, counted when they start.",
    labels: &[label::TOOL_NAME],
    has_declared_labels: true,
};

/// `mcp_tool_errors_total`.
pub const TOOL_ERRORS: Metric = Metric {
    name: "mcp.tool.errors",
    prometheus_name: "mcp_tool_errors_total",
    kind: Kind::Counter,
    unit: "",
    description: "Tool calls that ended in an error; cancelled calls are not errors.",
    labels: &[label::TOOL_NAME, label::ERROR_TYPE],
    has_declared_labels: false,
};

/// `mcp_tool_invocation_duration_seconds`.
pub const TOOL_DURATION: Metric = Metric {
    name: "mcp.tool.invocation.duration",
    prometheus_name: "mcp_tool_invocation_duration_seconds",
    kind: Kind::Histogram {
        buckets: &TOOL_BUCKETS,
    },
    unit: "s",
    description: "The duration of tool calls, by how they ended.",
    labels: &[label::TOOL_NAME, label::STATUS],
    has_declared_labels: true,
};

/// `mcp_tool_active`.
pub const TOOL_ACTIVE: Metric = Metric {
    name: "mcp.tool.active",
    prometheus_name: "mcp_tool_active",
    kind: Kind::UpDownCounter,
    unit: "",
    description: "Tool calls being carried out now.",
    labels: &[label::TOOL_NAME],
    has_declared_labels: false,
};

/// `mcp_tool_tokens_total`: of tools that declare tokens, or record some.
pub const TOOL_TOKENS: Metric = Metric {
    name: "mcp.tool.tokens",
    prometheus_name: "mcp_tool_tokens_total",
    kind: Kind::Counter,
    unit: "{token}",
    description: "Tokens that tool calls used; each is of one type only.",
    labels: &[label::TOOL_NAME, label::TOKEN_TYPE],
    has_declared_labels: true,
};

/// `mcp_server_operation_duration_seconds`.
pub const SERVER_OPERATION_DURATION: Metric = Metric {
    name: "mcp.server.operation.duration",
    prometheus_name: "mcp_server_operation_duration_seconds",
    kind: Kind::Histogram {
        buckets: &DURATION_BUCKETS,
    },
    unit: "s",
    description: "The duration of the MCP request or notification as observed on the receiver from the time it was received until the result or ack is sent.",
    labels: &[
        label::METHOD_NAME,
        label::OPERATION_NAME,
        label::GEN_AI_TOOL_NAME,
        label::PROMPT_NAME,
        label::PROTOCOL_VERSION,
        label::SERVER_ERROR_TYPE,
        label::RPC_STATUS_CODE,
        label::HTTP_STATUS_CODE,
        label::NETWORK_TRANSPORT,
        label::NETWORK_PROTOCOL_NAME,
        label::NETWORK_PROTOCOL_VERSION,
    ],
    has_declared_labels: false,
};

/// `mcp_client_operation_duration_seconds`: of observed clients, and of what a server sends through an
/// observed peer.
pub const CLIENT_OPERATION_DURATION: Metric = Metric {
    name: "mcp.client.operation.duration",
    prometheus_name: "mcp_client_operation_duration_seconds",
    kind: Kind::Histogram {
        buckets: &DURATION_BUCKETS,
    },
    unit: "s",
    description: "The duration of the MCP request or notification as observed on the sender from the time it was sent until the response or ack is received.",
    labels: &[
        label::METHOD_NAME,
        label::OPERATION_NAME,
        label::REMOTE_TOOL_NAME,
        label::PROMPT_NAME,
        label::PROTOCOL_VERSION,
        label::CLIENT_ERROR_TYPE,
        label::RPC_STATUS_CODE,
        label::NETWORK_TRANSPORT,
        label::NETWORK_PROTOCOL_NAME,
        label::NETWORK_PROTOCOL_VERSION,
        label::SERVER_ADDRESS,
        label::SERVER_PORT,
    ],
    has_declared_labels: false,
};

/// `mcp_server_session_duration_seconds`: of protocol revisions that have sessions.
pub const SERVER_SESSION_DURATION: Metric = Metric {
    name: "mcp.server.session.duration",
    prometheus_name: "mcp_server_session_duration_seconds",
    kind: Kind::Histogram {
        buckets: &DURATION_BUCKETS,
    },
    unit: "s",
    description: "The duration of the MCP session as observed on the MCP server.",
    labels: &[
        label::PROTOCOL_VERSION,
        label::NETWORK_TRANSPORT,
        label::NETWORK_PROTOCOL_NAME,
        label::NETWORK_PROTOCOL_VERSION,
    ],
    has_declared_labels: false,
};

/// `mcp_client_session_duration_seconds`: of observed transports.
pub const CLIENT_SESSION_DURATION: Metric = Metric {
    name: "mcp.client.session.duration",
    prometheus_name: "mcp_client_session_duration_seconds",
    kind: Kind::Histogram {
        buckets: &DURATION_BUCKETS,
    },
    unit: "s",
    description: "The duration of the MCP session as observed on the MCP client.",
    labels: &[
        label::PROTOCOL_VERSION,
        label::CLIENT_SESSION_ERROR_TYPE,
        label::NETWORK_TRANSPORT,
        label::NETWORK_PROTOCOL_NAME,
        label::SERVER_ADDRESS,
        label::SERVER_PORT,
    ],
    has_declared_labels: false,
};

/// `mcp_rounds_total`.
pub const ROUNDS: Metric = Metric {
    name: "mcp.rounds",
    prometheus_name: "mcp_rounds_total",
    kind: Kind::Counter,
    unit: "",
    description: "Rounds that asked the client for input, and those that a client came back for.",
    labels: &[label::ROUND_STATE],
    has_declared_labels: false,
};

/// `mcp_unknown_total`. A call that succeeded is none of these, although the server had not told of the tool.
pub const UNKNOWN: Metric = Metric {
    name: "mcp.unknown",
    prometheus_name: "mcp_unknown_total",
    kind: Kind::Counter,
    unit: "",
    description: "Messages that named a tool or a method this server does not have.",
    labels: &[label::UNKNOWN_KIND],
    has_declared_labels: false,
};

/// `mcp_security_events_total`: with a security log alone.
pub const SECURITY_EVENTS: Metric = Metric {
    name: "mcp.security.events",
    prometheus_name: "mcp_security_events_total",
    kind: Kind::Counter,
    unit: "{event}",
    description: "Security events, those that were lost among them.",
    labels: &[label::EVENT_CATEGORY],
    has_declared_labels: false,
};

/// `mcp_security_events_dropped_total`: with a security log alone.
pub const SECURITY_EVENTS_DROPPED: Metric = Metric {
    name: "mcp.security.events.dropped",
    prometheus_name: "mcp_security_events_dropped_total",
    kind: Kind::Counter,
    unit: "{event}",
    description: "Security events that a sink does not have, and why.",
    labels: &[label::SINK, label::LOSS_REASON],
    has_declared_labels: false,
};

/// `otel_sdk_exporter_span_exported_total`: while something is exported by OTLP (feature `otlp`).
pub const SPANS_EXPORTED: Metric = Metric {
    name: "otel.sdk.exporter.span.exported",
    prometheus_name: "otel_sdk_exporter_span_exported_total",
    kind: Kind::Counter,
    unit: "{span}",
    description: "What was exported, and with an error type what could not be.",
    labels: &[label::EXPORTER, label::EXPORT_ERROR_TYPE],
    has_declared_labels: false,
};

/// `otel_sdk_exporter_metric_data_point_exported_total`: while something is exported by OTLP (feature
/// `otlp`).
pub const DATA_POINTS_EXPORTED: Metric = Metric {
    name: "otel.sdk.exporter.metric_data_point.exported",
    prometheus_name: "otel_sdk_exporter_metric_data_point_exported_total",
    kind: Kind::Counter,
    unit: "{data_point}",
    description: "What was exported, and with an error type what could not be.",
    labels: &[label::EXPORTER, label::EXPORT_ERROR_TYPE],
    has_declared_labels: false,
};

/// `otel_sdk_exporter_log_exported_total`: while something is exported by OTLP (features `otlp` and `logs`).
pub const LOGS_EXPORTED: Metric = Metric {
    name: "otel.sdk.exporter.log.exported",
    prometheus_name: "otel_sdk_exporter_log_exported_total",
    kind: Kind::Counter,
    unit: "{log_record}",
    description: "What was exported, and with an error type what could not be.",
    labels: &[label::EXPORTER, label::EXPORT_ERROR_TYPE],
    has_declared_labels: false,
};

/// `otel_sdk_processor_span_processed_total`: while something is exported by OTLP (feature `otlp`).
pub const SPANS_PROCESSED: Metric = Metric {
    name: "otel.sdk.processor.span.processed",
    prometheus_name: "otel_sdk_processor_span_processed_total",
    kind: Kind::Counter,
    unit: "{span}",
    description: "Spans that the exporter's queue had no room for.",
    labels: &[label::PROCESSOR, label::PROCESSOR_ERROR_TYPE],
    has_declared_labels: false,
};

/// `otel_sdk_processor_log_processed_total`: while something is exported by OTLP (features `otlp` and `logs`).
pub const LOGS_PROCESSED: Metric = Metric {
    name: "otel.sdk.processor.log.processed",
    prometheus_name: "otel_sdk_processor_log_processed_total",
    kind: Kind::Counter,
    unit: "{log_record}",
    description: "Log records that the exporter's queue had no room for.",
    labels: &[label::LOG_PROCESSOR, label::PROCESSOR_ERROR_TYPE],
    has_declared_labels: false,
};

/// All of them.
pub const ALL: &[Metric] = &[
    TOOL_CALLS,
    TOOL_ERRORS,
    TOOL_DURATION,
    TOOL_ACTIVE,
    TOOL_TOKENS,
    SERVER_OPERATION_DURATION,
    CLIENT_OPERATION_DURATION,
    SERVER_SESSION_DURATION,
    CLIENT_SESSION_DURATION,
    ROUNDS,
    UNKNOWN,
    SECURITY_EVENTS,
    SECURITY_EVENTS_DROPPED,
    SPANS_EXPORTED,
    DATA_POINTS_EXPORTED,
    LOGS_EXPORTED,
    SPANS_PROCESSED,
    LOGS_PROCESSED,
];
