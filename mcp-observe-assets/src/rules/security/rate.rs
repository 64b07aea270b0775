//! A tool is called unusually often.

use mcp_observe::metric::TOOL_CALLS;

use crate::rules::alert::{Alert, Severity};
use crate::rules::alerts::unusual;
use crate::rules::case::{Case, counter};
use crate::rules::recording;
use crate::rules::runbook::Paragraph;
use crate::rules::server::{Server, one_of};

/// Calls in 5 minutes below which nothing is unusual.
const FEW: u32 = 20;

pub(super) fn alert(server: &Server<'_>) -> Alert {
    let calls = recording::calls(server, "5m").series(server);
    let tool = server.tool();
    let called = one_of(server.calls(), &TOOL_CALLS, tool);
    let case =
        |name: &str, growth: &[(u64, u64)]| Case::new(name).given(called.clone(), counter(growth));
    let labels = [("tool_name", tool.name)];
    let day = 1_440;
    Alert {
        name: "McpToolRateAnomaly",
        query: unusual(&calls, "5m", FEW),
        lasts: None,
        severity: Severity::Warning,
        labels: vec![("rule", "tool-rate-anomaly".to_owned())],
        summary: "Tool {{ $labels.tool_name }} of {{ $labels.job }} is called unusually often".to_owned(),
        description: "{{ $value | printf \"%.0f\" }} calls in 5 minutes: more than 3 standard deviations above the last day's mean, and more than at this time of yesterday and of a week ago. Look first at whose they are, in the security log.".to_owned(),
        runbook: Paragraph {
            means: "All callers of a tool together call it far more often, more than 20 times in 5 minutes, than the last day leads to expect.",
            look: "the security log: `mcp.tool.name` of the last 10 minutes by `usr.id` and `network.client.ip`. One caller, or all?",
            causes: "an agent in a loop; somebody who copies out whatever the tool gives; a new user or a release that calls more.",
            stop: "limit or shut out the one caller; revoke the credentials if they are in wrong hands.",
            is_false: "growth that is wanted: it is quiet after a day. A batch at the same hour every day or week is no alert from the second time on.",
        },
        cases: vec![
            case("10 calls in 5 minutes for two hours, then 100", &[(2, 120), (20, 6)])
                .stays_quiet("2h")
                .fires("126m", labels, "100"),
            case("The same before there is an hour to compare with", &[(2, 30), (20, 6)])
                .stays_quiet("36m"),
            case("None, and then 25 in 5 minutes", &[(0, 120), (5, 6)]).fires("126m", labels, "25"),
            case("None, and then 15 in 5 minutes", &[(0, 120), (3, 6)]).stays_quiet("126m"),
            case("100 in 5 minutes, as always", &[(20, 126)]).stays_quiet("126m"),
            case(
                "The same at this time of yesterday as well",
                &[(2, 120), (20, 11), (2, day - 11), (20, 11)],
            )
            .fires("126m", labels, "100")
            .stays_quiet("1568m"),
        ],
    }
}
