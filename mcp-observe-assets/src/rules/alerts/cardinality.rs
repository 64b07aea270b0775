//! A tool has more series than it should.

use mcp_observe::Tool;

use crate::rules::alert::{Alert, Severity};
use crate::rules::case::Case;
use crate::rules::recording;
use crate::rules::runbook::Paragraph;
use crate::rules::server::{INSTANCE, Server};

pub(super) fn alerts(server: &Server<'_>) -> Vec<Alert> {
    let by_limit = server.tools_by(|tool| Some(limit(tool)));
    by_limit
        .iter()
        .map(|(limit, tools)| near_budget(server, *limit, tools))
        .collect()
}

/// Nine tenths of its budget; what the compiler counted, if that is more, as it is to be expected.
fn limit(tool: &Tool) -> usize {
    (tool.budget - tool.budget / 10).max(tool.series)
}

fn near_budget(server: &Server<'_>, limit: usize, tools: &[&Tool]) -> Alert {
    let names: Vec<_> = tools.iter().map(|tool| tool.name).collect();
    let recorded = recording::series(server).series(server);
    let tool = tools[0];
    // What is recorded is given here: a case of so many series would be long.
    let case = |name: &str, number: usize| {
        let given = recorded.clone().is(INSTANCE, "a:1");
        let given = given.is("tool_name", tool.name);
        Case::new(name).given(given, format!("{number}x5"))
    };
    Alert {
        name: "McpToolSeriesNearBudget",
        query: recorded
            .clone()
            .is_one_of("tool_name", &names)
            .now()
            .scalar(">", limit),
        lasts: Some("5m"),
        severity: Severity::Info,
        labels: vec![("limit", limit.to_string())],
        summary: "Tool {{ $labels.tool_name }} of {{ $labels.job }} has many time series"
            .to_owned(),
        description: format!(
            "{{{{ $value | printf \"%.0f\" }}}} series at {{{{ $labels.instance }}}}, more than {limit}. Look first at which of its labels has so many values."
        ),
        runbook: Paragraph {
            means: "A tool has more series in one process than nine tenths of its budget, and more than the compiler counted. All labels are closed, so it grows no further without end; but Prometheus pays for each.",
            look: "`count by (__name__) ({tool_name=\"NAME\"})` in Prometheus, then the metric that is largest by each of its labels.",
            causes: "token usage that is not declared (`tokens`); an error type that depends on a generic parameter, whose classes the compiler does not count; another version of the server than the rules were made for; labels that the scrape adds.",
            stop: "declare it, and let the compiler count; leave out a label, or give it fewer values.",
            is_false: "the server was released and its rules were not made again.",
        },
        cases: vec![
            case("One series more than the limit", limit + 1)
                .stays_quiet("4m")
                .fires(
                    "5m",
                    [(INSTANCE, "a:1"), ("tool_name", tool.name)],
                    (limit + 1).to_string(),
                ),
            case("As many as the limit", limit).stays_quiet("5m"),
        ],
    }
}
