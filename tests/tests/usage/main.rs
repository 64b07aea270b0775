//! Token usage: where it is counted, on which span it stands, and the spans of agents and models.

#![expect(clippy::float_cmp, reason = "counts are whole numbers")]

mod alone;
mod gen_ai;
mod readme;
mod series;
mod through_rmcp;

use mcp_observe::LabelValue;
use mcp_observe_tests::Capture;
use opentelemetry_sdk::trace::SpanData;

const TOKENS: &str = "mcp_tool_tokens_total";
const TYPES: [&str; 5] = [
    "input",
    "input_cache_read",
    "input_cache_creation",
    "output",
    "output_reasoning",
];

#[derive(LabelValue, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Team {
    Search,
    Support,
}

/// What is counted with exactly these labels, by [`TYPES`]; `None` where there is no such series.
fn counted(capture: &Capture, labels: &[(&str, &str)]) -> [Option<f64>; TYPES.len()] {
    TYPES.map(|kind| {
        let labels = [labels, &[("token_type", kind)]].concat();
        capture.metric(TOKENS, &labels)
    })
}

/// What is counted for a tool, of whatever type and with whatever labels.
fn all_of(capture: &Capture, tool: &str) -> f64 {
    capture.sum(TOKENS, &[("tool_name", tool)])
}

/// The span's `gen_ai.usage.*` as sorted texts, without that prefix.
fn usage(span: &SpanData) -> Vec<String> {
    mcp_observe_tests::attributes(span)
        .iter()
        .filter_map(|it| it.strip_prefix("gen_ai.usage."))
        .map(str::to_owned)
        .collect()
}
