//! The labels of the metrics.

use super::{MetricLabel, Values};
use crate::closed::table::names_of;
use crate::closed::{HttpStatus, METHODS, RpcCode, VERSIONS};
use crate::error_class::ErrorClass;
use crate::metrics::{Round, Unknown};
use crate::operation::outcome::Status;
use crate::security::{Category, Loss, SinkKind};
use crate::semconv::{EXECUTE_TOOL, OTHER, QUEUE_FULL, attribute, component_type};
use crate::usage::TokenType;

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
pub const STATUS: MetricLabel = label("status", "status", Values::Closed(names_of!(Status)));
/// `mcp_method_name`: the method of the message.
pub const METHOD_NAME: MetricLabel = label(
    "mcp_method_name",
    attribute::MCP_METHOD_NAME,
    Values::Closed(METHODS),
);
/// `mcp_protocol_version`: the revision that the peers speak.
pub const PROTOCOL_VERSION: MetricLabel = label(
    "mcp_protocol_version",
    attribute::MCP_PROTOCOL_VERSION,
    Values::Closed(VERSIONS),
);
/// `gen_ai_operation_name`: `execute_tool` on tool calls.
pub const OPERATION_NAME: MetricLabel = label(
    "gen_ai_operation_name",
    attribute::GEN_AI_OPERATION_NAME,
    Values::Closed(&[EXECUTE_TOOL]),
);
/// `gen_ai_tool_name`: the tool that was called, on the conventions' metrics.
pub const GEN_AI_TOOL_NAME: MetricLabel = label(
    "gen_ai_tool_name",
    attribute::GEN_AI_TOOL_NAME,
    Values::Tools,
);
/// `gen_ai_tool_name`: the tool that another server was asked for, or `_OTHER`.
pub const REMOTE_TOOL_NAME: MetricLabel = label(
    "gen_ai_tool_name",
    attribute::GEN_AI_TOOL_NAME,
    Values::Bounded,
);
/// `gen_ai_prompt_name`: the prompt that was asked for, or `_OTHER`.
pub const PROMPT_NAME: MetricLabel = label(
    "gen_ai_prompt_name",
    attribute::GEN_AI_PROMPT_NAME,
    Values::Bounded,
);
/// `error_type`: the class of the error of a tool's call.
pub const ERROR_TYPE: MetricLabel = label(
    "error_type",
    "error_type",
    Values::ErrorTypes(&ErrorClass::COUNTED),
);
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
/// `error_type`: the class of the error, on the conventions' metrics. What is the caller's fault is no
/// error of the server's.
pub const SERVER_ERROR_TYPE: MetricLabel = label(
    "error_type",
    attribute::ERROR_TYPE,
    Values::ErrorTypes(&ErrorClass::OF_SERVERS),
);
/// `error_type`: the class of the error, as a client sees it.
pub const CLIENT_ERROR_TYPE: MetricLabel = label(
    "error_type",
    attribute::ERROR_TYPE,
    Values::Closed(&ErrorClass::OF_CLIENTS),
);
/// `error_type`: why a client's session ended in the middle of something.
pub const CLIENT_SESSION_ERROR_TYPE: MetricLabel = label(
    "error_type",
    attribute::ERROR_TYPE,
    Values::Closed(&ErrorClass::OF_TRANSPORTS),
);
/// `rpc_response_status_code`: the code of the JSON-RPC error.
pub const RPC_STATUS_CODE: MetricLabel = label(
    "rpc_response_status_code",
    attribute::RPC_RESPONSE_STATUS_CODE,
    Values::Closed(&RpcCode::LABELS),
);
/// `http_response_status_code`: the HTTP status with which the message was refused, where that is all
/// there is of an answer.
pub const HTTP_STATUS_CODE: MetricLabel = label(
    "http_response_status_code",
    attribute::HTTP_RESPONSE_STATUS_CODE,
    Values::Closed(&HttpStatus::LABELS),
);
/// `network_transport`: what carries the messages.
pub const NETWORK_TRANSPORT: MetricLabel = label(
    "network_transport",
    attribute::NETWORK_TRANSPORT,
    Values::Closed(&["pipe", "tcp", "quic"]),
);
/// `network_protocol_name`: `http` where HTTP does.
pub const NETWORK_PROTOCOL_NAME: MetricLabel = label(
    "network_protocol_name",
    attribute::NETWORK_PROTOCOL_NAME,
    Values::Closed(&["http"]),
);
/// `network_protocol_version`: the version of HTTP.
pub const NETWORK_PROTOCOL_VERSION: MetricLabel = label(
    "network_protocol_version",
    attribute::NETWORK_PROTOCOL_VERSION,
    Values::Closed(&["1.0", "1.1", "2", "3"]),
);
/// `server_address`: where a client sends to.
pub const SERVER_ADDRESS: MetricLabel =
    label("server_address", attribute::SERVER_ADDRESS, Values::Bounded);
/// `server_port`: the port that a client sends to.
pub const SERVER_PORT: MetricLabel = label("server_port", attribute::SERVER_PORT, Values::Bounded);
/// `token_type`: what kind of tokens.
pub const TOKEN_TYPE: MetricLabel = label(
    "token_type",
    "token_type",
    Values::Closed(names_of!(TokenType)),
);
/// `kind`: what it was that the server does not have.
pub const UNKNOWN_KIND: MetricLabel = label("kind", "kind", Values::Closed(names_of!(Unknown)));
/// `state`: what became of a round.
pub const ROUND_STATE: MetricLabel = label("state", "state", Values::Closed(names_of!(Round)));
/// `category`: what kind of security event.
pub const EVENT_CATEGORY: MetricLabel =
    label("category", "category", Values::Closed(names_of!(Category)));
/// `sink`: which sink of the security log; a channel is a `writer`.
pub const SINK: MetricLabel = label("sink", "sink", Values::Closed(names_of!(SinkKind)));
/// `reason`: why an event was lost.
pub const LOSS_REASON: MetricLabel = label("reason", "reason", Values::Closed(names_of!(Loss)));
/// `otel_component_type`: which exporter.
pub const EXPORTER: MetricLabel = label(
    "otel_component_type",
    attribute::OTEL_COMPONENT_TYPE,
    Values::Closed(&[component_type::OTLP_EXPORTER]),
);
/// `otel_component_type`: which processor of spans.
pub const PROCESSOR: MetricLabel = label(
    "otel_component_type",
    attribute::OTEL_COMPONENT_TYPE,
    Values::Closed(&[component_type::BATCHING_SPAN_PROCESSOR]),
);
/// `otel_component_type`: which processor of log records.
pub const LOG_PROCESSOR: MetricLabel = label(
    "otel_component_type",
    attribute::OTEL_COMPONENT_TYPE,
    Values::Closed(&[component_type::BATCHING_LOG_PROCESSOR]),
);
/// `error_type`: on what could not be exported; absent on what was.
pub const EXPORT_ERROR_TYPE: MetricLabel = label(
    "error_type",
    attribute::ERROR_TYPE,
    Values::Closed(&[OTHER]),
);
/// `error_type`: why a processor dropped something.
pub const PROCESSOR_ERROR_TYPE: MetricLabel = label(
    "error_type",
    attribute::ERROR_TYPE,
    Values::Closed(&[QUEUE_FULL]),
);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::closed::Transport;
    use crate::metric::ALL;

    /// The values that are known here: all, or those besides the classes of tools' own error types.
    fn values(label: &MetricLabel) -> BTreeSet<&'static str> {
        let (Values::Closed(values) | Values::ErrorTypes(values)) = label.values else {
            panic!("{} is open", label.name);
        };
        let set: BTreeSet<_> = values.iter().copied().collect();
        assert_eq!(set.len(), values.len(), "{}: each once", label.name);
        set
    }

    #[test]
    fn prometheus_has_the_same_names_with_underscores() {
        for metric in ALL {
            for label in metric.labels {
                assert_eq!(label.name, label.attribute.replace('.', "_"));
                let same = |it: &&MetricLabel| it.name == label.name;
                let count = metric.labels.iter().filter(same).count();
                assert_eq!(count, 1, "{} of {}", label.name, metric.name);
            }
        }
    }

    #[test]
    fn no_value_is_there_twice() {
        for label in ALL.iter().flat_map(|metric| metric.labels) {
            if matches!(label.values, Values::Closed(_) | Values::ErrorTypes(_)) {
                values(label);
            }
        }
    }

    #[test]
    fn transports_have_all_these_values_and_no_others() {
        use Transport::{Http, Http2, Http3, Http10, Http11, Pipe, Unknown};
        let mut attributes = Vec::new();
        for transport in [Unknown, Pipe, Http10, Http11, Http2, Http3, Http] {
            transport.attributes(&mut attributes);
        }
        for label in [
            NETWORK_TRANSPORT,
            NETWORK_PROTOCOL_NAME,
            NETWORK_PROTOCOL_VERSION,
        ] {
            let is_it = |it: &&opentelemetry::KeyValue| it.key.as_str() == label.attribute;
            let found = attributes.iter().filter(is_it);
            let found: BTreeSet<_> = found.map(|it| it.value.as_str().into_owned()).collect();
            let found: BTreeSet<_> = found.iter().map(String::as_str).collect();
            assert_eq!(found, values(&label), "{}", label.name);
        }
    }

    /// Codes and statuses that MCP does not define are among those that it does, as labels.
    #[cfg(feature = "http")]
    #[test]
    fn whatever_a_message_is_answered_with_is_among_the_values() {
        use crate::operation::outcome::Outcome;
        use crate::operation::side::Side;

        let codes: BTreeSet<_> = (-33_000..0).map(|code| RpcCode(code).as_label()).collect();
        assert_eq!(codes, values(&RPC_STATUS_CODE));
        let statuses = (400..600).filter_map(HttpStatus::refusing);
        let labels: BTreeSet<_> = statuses.clone().map(HttpStatus::as_str).collect();
        assert_eq!(labels, values(&HTTP_STATUS_CODE));

        let answers = (-33_000..0).map(|code| Outcome::rpc(RpcCode(code)));
        let answers = answers.chain(statuses.map(Outcome::Refused));
        for (side, label) in [
            (Side::Server, SERVER_ERROR_TYPE),
            (Side::Client, CLIENT_ERROR_TYPE),
        ] {
            let is_of_side = |it: &Outcome| side == Side::Server || it.http_status().is_none();
            let answers = answers.clone().filter(is_of_side);
            let classes: BTreeSet<_> = answers
                .filter_map(|answer| answer.error_type(side))
                .map(ErrorClass::as_str)
                .collect();
            let of_answers = |it: &&str| *it == OTHER || it.parse::<i32>().is_ok();
            let expected: BTreeSet<_> = values(&label).into_iter().filter(of_answers).collect();
            assert_eq!(classes, expected, "{side:?}");
        }
    }

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
