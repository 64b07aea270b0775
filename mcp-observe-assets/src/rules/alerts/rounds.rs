//! Rounds that ask the client for input, and what becomes of them.

use mcp_observe::metric::ROUNDS;

use crate::catalogue::JOB;
use crate::rules::alert::{Alert, Severity};
use crate::rules::case::{Case, counter};
use crate::rules::runbook::Paragraph;
use crate::rules::server::Server;

pub(super) fn alerts(server: &Server<'_>) -> Vec<Alert> {
    let rounds = |state| server.series(&ROUNDS).is("state", state);
    let in_an_hour = |state| rounds(state).increase("1h").sum_by(&[JOB]);
    let asked = in_an_hour("input_required");
    let resumed = in_an_hour("resumed");
    let case = |name: &str, asked: &[(u64, u64)], resumed: u64| {
        Case::new(name)
            .given(rounds("input_required"), counter(asked))
            .given(rounds("resumed"), counter(&[(resumed, 90)]))
    };
    vec![Alert {
        name: "McpRoundsAbandoned",
        query: asked
            .minus(&resumed)
            .divided_by(&asked)
            .scalar(">", 0.5)
            .and(&asked.scalar(">=", 20)),
        lasts: Some("15m"),
        severity: Severity::Info,
        labels: Vec::new(),
        summary: "Most of what {{ $labels.job }} asks its clients for never comes".to_owned(),
        description: "In an hour clients did not come back with {{ $value | humanizePercentage }} of what they were asked for. Look first at which clients call.".to_owned(),
        runbook: Paragraph {
            means: "Of the calls that were answered `input_required`, at least 20 in an hour, most were never resumed. To the server they succeeded; to the caller they led nowhere.",
            look: "panel *Rounds that wait for input*, then spans with `mcp.result.type` = `input_required` in the traces: which tools ask, and in what the callers differ.",
            causes: "clients that do not know rounds, or cannot show what is asked; people who close the question; an answer that reaches another process, which does not know the state.",
            stop: "give clients that cannot answer another way (arguments instead of a question); keep the state where all processes find it.",
            is_false: "people take longer than an hour to answer.",
        },
        cases: vec![
            case("2 of 5 come back", &[(5, 90)], 2)
                .stays_quiet("10m")
                .fires("80m", [], "60%"),
            case("3 of 5 come back", &[(5, 90)], 3).stays_quiet("80m"),
            case("None of 30 in an hour", &[(1, 1), (0, 1)].repeat(45), 0).fires("80m", [], "100%"),
            case("None of 15 in an hour", &[(1, 1), (0, 3)].repeat(22), 0).stays_quiet("80m"),
        ],
    }]
}
