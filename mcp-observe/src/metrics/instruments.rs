//! The instruments themselves: names, units, descriptions, boundaries.

use opentelemetry::metrics::{Counter, Histogram, Meter, UpDownCounter};

use crate::semconv::{DURATION_BUCKETS, metric};

/// The instruments that all tools and operations share. The tools' duration histogram is not among
/// them: there is one for each set of buckets.
#[derive(Debug)]
pub(crate) struct Instruments {
    pub(super) server: SideInstruments,
    pub(super) client: SideInstruments,
    pub(super) calls: Counter<u64>,
    pub(super) errors: Counter<u64>,
    pub(super) active: UpDownCounter<i64>,
    pub(super) tokens: Counter<u64>,
    pub(super) unknown: Counter<u64>,
    pub(super) rounds: Counter<u64>,
}

/// The conventions' histograms of one side.
#[derive(Debug)]
pub(super) struct SideInstruments {
    pub(super) operation_duration: Histogram<f64>,
    pub(super) session_duration: Histogram<f64>,
}

impl Instruments {
    pub(super) fn new(meter: &Meter) -> Self {
        Self {
            server: SideInstruments {
                operation_duration: duration(
                    meter,
                    metric::SERVER_OPERATION_DURATION,
                    "The duration of the MCP request or notification as observed on the receiver \
                     from the time it was received until the result or ack is sent.",
                ),
                session_duration: duration(
                    meter,
                    metric::SERVER_SESSION_DURATION,
                    "The duration of the MCP session as observed on the MCP server.",
                ),
            },
            client: SideInstruments {
                operation_duration: duration(
                    meter,
                    metric::CLIENT_OPERATION_DURATION,
                    "The duration of the MCP request or notification as observed on the sender \
                     from the time it was sent until the response or ack is received.",
                ),
                session_duration: duration(
                    meter,
                    metric::CLIENT_SESSION_DURATION,
                    "The duration of the MCP session as observed on the MCP client.",
                ),
            },
            calls: meter
                .u64_counter(metric::TOOL_CALLS)
                .with_description("Tool calls, counted when they start.")
                .build(),
            errors: meter
                .u64_counter(metric::TOOL_ERRORS)
                .with_description(
                    "Tool calls that ended in an error; cancelled calls are not errors.",
                )
                .build(),
            active: meter
                .i64_up_down_counter(metric::TOOL_ACTIVE)
                .with_description("Tool calls being carried out now.")
                .build(),
            rounds: meter
                .u64_counter(metric::ROUNDS)
                .with_description(
                    "Rounds that asked the client for input, and those that a client came back for.",
                )
                .build(),
            tokens: meter
                .u64_counter(metric::TOOL_TOKENS)
                .with_unit("{token}")
                .with_description("Tokens that tool calls used; each is of one type only.")
                .build(),
            unknown: meter
                .u64_counter(metric::UNKNOWN)
                .with_description(
                    "Messages that named a tool or a method this server does not have.",
                )
                .build(),
        }
    }
}

fn duration(meter: &Meter, name: &'static str, description: &'static str) -> Histogram<f64> {
    meter
        .f64_histogram(name)
        .with_unit("s")
        .with_description(description)
        .with_boundaries(DURATION_BUCKETS.to_vec())
        .build()
}

/// The duration histogram of tools with these bucket boundaries, in seconds.
pub(super) fn tool_duration(meter: &Meter, buckets: &[f64]) -> Histogram<f64> {
    meter
        .f64_histogram(metric::TOOL_INVOCATION_DURATION)
        .with_unit("s")
        .with_description("The duration of tool calls, by how they ended.")
        .with_boundaries(buckets.to_vec())
        .build()
}
