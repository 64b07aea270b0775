//! A tool has more series than it should.

use mcp_observe::Tool;
use mcp_observe::metric::label::GEN_AI_TOOL_NAME;
use mcp_observe::metric::{
    SERVER_OPERATION_DURATION, TOOL_ACTIVE, TOOL_CALLS, TOOL_DURATION, TOOL_ERRORS, TOOL_TOKENS,
};

use crate::catalogue::JOB;
use crate::rules::alert::{Alert, Severity};
use crate::rules::case::Case;
use crate::rules::runbook::Paragraph;
use crate::rules::server::{INSTANCE, Server, one_of};

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
    let by = &[JOB, INSTANCE, "tool_name"];
    let names: Vec<_> = tools.iter().map(|tool| tool.name).collect();
    let own = [
        TOOL_CALLS,
        TOOL_ERRORS,
        TOOL_DURATION,
        TOOL_ACTIVE,
        TOOL_TOKENS,
    ];
    let own = server.all_of(&own).is_one_of("tool_name", &names);
    let operations = server
        .all_of(&[SERVER_OPERATION_DURATION])
        .is_one_of(GEN_AI_TOOL_NAME.name, &names);
    let operations = operations
        .now()
        .renamed(GEN_AI_TOOL_NAME.name, "tool_name")
        .count_by(by);
    let own = own.now().count_by(by);
    // A tool that was not called has no operations yet.
    let all = own.plus(&operations).or(&own);
    let tool = tools[0];
    let case = |name: &str, operations: usize| {
        let active = one_of(server.series(&TOOL_ACTIVE), &TOOL_ACTIVE, tool);
        let mut case = Case::new(name).given(active.is(INSTANCE, "a:1"), "0x5");
        for version in 0..operations {
            // None of the closed labels has so many values: whatever breaks the bound.
            let series = server
                .count(&SERVER_OPERATION_DURATION)
                .is(INSTANCE, "a:1")
                .is(GEN_AI_TOOL_NAME.name, tool.name)
                .is("gen_ai_prompt_name", &version.to_string());
            case = case.given(series, "1x5");
        }
        case
    };
    Alert {
        name: "McpToolSeriesNearBudget",
        query: all.scalar(">", limit),
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
            case("One series more than the limit", limit)
                .stays_quiet("4m")
                .fires(
                    "5m",
                    [(INSTANCE, "a:1"), ("tool_name", tool.name)],
                    (limit + 1).to_string(),
                ),
            case("As many as the limit", limit - 1).stays_quiet("5m"),
        ],
    }
}
