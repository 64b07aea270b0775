//! A tool fails in a burst, whoever is to blame: what fuzzing looks like.

use mcp_observe::metric::{TOOL_CALLS, TOOL_ERRORS};

use crate::rules::alert::{Alert, Severity};
use crate::rules::case::{Case, counter};
use crate::rules::runbook::Paragraph;
use crate::rules::server::{BY_TOOL, Server, one_of};

pub(super) fn alert(server: &Server<'_>) -> Alert {
    let errors = server.series(&TOOL_ERRORS).increase("5m").sum_by(BY_TOOL);
    let calls = server.calls().increase("5m").sum_by(BY_TOOL);
    let tool = server.tool();
    let case = |name: &str, errors: [u64; 2], calls| {
        let of_class = |class| {
            let series = server.series(&TOOL_ERRORS).is("error_type", class);
            one_of(series, &TOOL_ERRORS, tool)
        };
        let called = one_of(server.calls(), &TOOL_CALLS, tool);
        Case::new(name)
            .given(of_class("invalid_arguments"), counter(&[(errors[0], 10)]))
            .given(of_class("timeout"), counter(&[(errors[1], 10)]))
            .given(called, counter(&[(calls, 10)]))
    };
    Alert {
        name: "McpToolErrorBurst",
        query: errors
            .scalar(">=", 20)
            .and(&errors.at_least(&calls.scalar("*", 0.5))),
        lasts: None,
        severity: Severity::Warning,
        labels: vec![("rule", "tool-error-burst".to_owned())],
        summary: "Tool {{ $labels.tool_name }} of {{ $labels.job }} fails in a burst".to_owned(),
        description: "{{ $value | printf \"%.0f\" }} errors in 5 minutes, at least half of its calls. Look first at whose calls fail, in the security log.".to_owned(),
        runbook: Paragraph {
            means: "At least 20 calls of a tool failed within 5 minutes, and at least half of all; errors that are the callers' fault are among them.",
            look: "the security log: `mcp.tool.name` with `status` = `error` by `usr.id` and `error.kind`. One caller with `invalid_arguments` is fuzzing or in a loop; all callers with `timeout` or `tool_error` is a tool that is broken: go on with `McpToolErrorRatio`.",
            causes: "arguments that are tried out; an agent that repeats a call that cannot succeed; a dependency that is down.",
            stop: "shut out or limit the one caller; mend the tool.",
            is_false: "a load test.",
        },
        cases: vec![
            case("30 errors in 5 minutes of 50 calls", [4, 2], 10)
                .stays_quiet("2m")
                .fires("10m", [("tool_name", tool.name)], "30"),
            case("30 errors in 5 minutes of 65 calls", [4, 2], 13).stays_quiet("10m"),
            case("15 errors in 5 minutes of 15 calls", [2, 1], 3).stays_quiet("10m"),
        ],
    }
}
