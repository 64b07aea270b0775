//! The variables at the top: the server, its tools, and what a reader may want to set.

use mcp_observe::metric::{TOOL_ACTIVE, label};

use super::grafana::{Source, Variable};
use crate::catalogue::Catalogue;

pub(super) const JOB: &str = "job";
pub(super) const TOOL_NAME: &str = "tool_name";
/// From which duration a call is slow.
pub(super) const SLOW: &str = "slow";

/// The types of tokens: `token_type`, the variable of its price, its label, and the price of a million
/// in dollars until another is set: those of the example in the README.
pub(super) const PRICES: [(&str, &str, &str, &str); 5] = [
    ("input", "price_input", "USD / 1M input tokens", "3.00"),
    (
        "input_cache_read",
        "price_cache_read",
        "USD / 1M input tokens read from a cache",
        "0.30",
    ),
    (
        "input_cache_creation",
        "price_cache_creation",
        "USD / 1M input tokens written to a cache",
        "3.75",
    ),
    ("output", "price_output", "USD / 1M output tokens", "15.00"),
    (
        "output_reasoning",
        "price_reasoning",
        "USD / 1M reasoning tokens",
        "15.00",
    ),
];

pub(super) fn all(catalogue: &Catalogue) -> Vec<Variable> {
    let metric = TOOL_ACTIVE.prometheus_name;
    let mut variables = vec![
        Variable::source(Source::Prometheus, "Metrics"),
        Variable::source(Source::Loki, "Logs"),
        Variable::source(Source::Tempo, "Traces"),
        Variable::label_value(JOB, "Server", metric, &catalogue.service)
            .describe("The server: its `service.name`."),
        Variable::label_value(
            label::TOOL_NAME.name,
            "Tool",
            &format!("{metric}{{job=\"$job\"}}"),
            "",
        )
        .any_number()
        .describe("Whose calls the panels about tools show."),
        Variable::text(SLOW, "Slow from", "1s")
            .describe("From which duration a call is in the table of slow calls."),
    ];
    if catalogue.tools.iter().any(|tool| tool.tokens) {
        variables.extend(PRICES.iter().map(|(_, name, label, price)| {
            Variable::text(name, label, price)
                .describe("The price of a million tokens of this type, in US dollars.")
                .in_menu()
        }));
    }
    variables
}
