//! What tools spend.

use mcp_observe::metric::TOOL_TOKENS;

use super::unusual;
use crate::rules::alert::{Alert, Severity};
use crate::rules::case::{Case, counter};
use crate::rules::recording;
use crate::rules::runbook::Paragraph;
use crate::rules::server::{Server, one_of};

/// Tokens in an hour below which nothing is unusual.
const FEW: u32 = 10_000;

/// None if no tool declares tokens.
pub(super) fn alerts(server: &Server<'_>) -> Vec<Alert> {
    let spender = server.tools().into_iter().find(|tool| tool.tokens);
    let Some(tool) = spender else {
        return Vec::new();
    };
    let recorded = recording::tokens(server).series(server);
    let tokens = server.series(&TOOL_TOKENS).is("token_type", "input");
    let tokens = one_of(tokens, &TOOL_TOKENS, tool);
    let case = |name: &str, then: u64| {
        let samples = counter(&[(1_000, 180), (then, 60)]);
        Case::new(name).given(tokens.clone(), samples)
    };
    vec![Alert {
        name: "McpTokenSpike",
        query: unusual(&recorded, "1h", FEW),
        lasts: None,
        severity: Severity::Warning,
        labels: Vec::new(),
        summary: "Tool {{ $labels.tool_name }} of {{ $labels.job }} uses unusually many tokens".to_owned(),
        description: "{{ $value | printf \"%.0f\" }} tokens in an hour: more than 3 standard deviations above the last day's mean, and more than at this time of yesterday and of a week ago. Look first at tokens for each call.".to_owned(),
        runbook: Paragraph {
            means: "A tool used more tokens in an hour, above 10,000, than the last day leads to expect. Tokens are money.",
            look: "panels *Tokens per minute by type* and *Cost per hour by tool* with this tool chosen, beside *Calls by tool*: more calls, or more tokens for each? By `token_type`: more `input` is longer prompts, less `input_cache_read` a cache that no longer helps.",
            causes: "an agent in a loop; a prompt or a document that grew; another model; a cache that was lost.",
            stop: "limit the caller (the security log says who), or the size of what goes into a prompt; set a limit at the model's provider.",
            is_false: "growth that is wanted: it is quiet after a day.",
        },
        cases: vec![
            case("100,000 a minute, where it was 1,000", 100_000)
                .stays_quiet("180m")
                .fires("240m", [("tool_name", tool.name)], "6000000"),
            case("As many as before", 1_000).stays_quiet("240m"),
        ],
    }]
}
