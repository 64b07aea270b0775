//! A tool's calls fail.

use mcp_observe::metric::{TOOL_DURATION, TOOL_ERRORS};

use crate::rules::alert::{Alert, Severity};
use crate::rules::case::{Case, counter, percentage};
use crate::rules::recording;
use crate::rules::runbook::Paragraph;
use crate::rules::server::{BY_TOOL, Server, one_of};

/// How many times the share that may fail is an alert for one tool.
const TIMES_BUDGET: f64 = 10.0;

pub(super) fn alerts(server: &Server<'_>) -> Vec<Alert> {
    vec![fails_often(server), refuses_callers(server)]
}

/// From which share of failures on; half of the calls fail at most.
fn limit(server: &Server<'_>) -> f64 {
    let limit = (TIMES_BUDGET * server.settings.error_budget()).min(0.5);
    (limit * 1e9).round() / 1e9
}

fn fails_often(server: &Server<'_>) -> Alert {
    let limit = limit(server);
    let ratio = recording::failure_ratio(server).series(server).now();
    let failures = server.failures().increase("5m").sum_by(BY_TOOL);
    let tool = server.tool().name;
    let name = format!(
        "Of a million calls a minute, {} fail",
        percentage(2.0 * limit)
    );
    let fires = failing(server, name, "tool_error", 2.0 * limit);
    let name = format!("{} fail", percentage(limit / 2.0));
    let quiet = failing(server, name, "tool_error", limit / 2.0);
    let callers = failing(
        server,
        "All fail, by the callers' fault",
        "invalid_arguments",
        1.0,
    );
    let all_fail = |name: &str, growth: &[(u64, u64)]| {
        let samples = [counter(growth), counter(&[(0, 20)])];
        Case::new(name).given_all(ended(server, "tool_error", samples))
    };
    Alert {
        name: "McpToolErrorRatio",
        query: ratio
            .scalar(">", limit)
            .and(&failures.scalar(">=", 5)),
        lasts: Some("5m"),
        severity: Severity::Warning,
        labels: Vec::new(),
        summary: "Tool {{ $labels.tool_name }} of {{ $labels.job }} fails often".to_owned(),
        description: "{{ $value | humanizePercentage }} of its calls failed in 5 minutes, their callers' own faults and cancelled calls not counted. Look first at its errors by class, then at the traces of calls that failed.".to_owned(),
        runbook: Paragraph {
            means: "One tool fails ten times as often as the objective allows (or half of the time), by no fault of its callers, for 5 minutes; at least 5 calls failed in the last 5.",
            look: "panel *Errors by tool and class* with this tool chosen: the class says where it went wrong. Then one of its failed calls in *Failed calls*: the span below it that failed is what it depends on.",
            causes: "`timeout`: what the tool calls is slow or gone. `tool_error`: it answered that it failed; if callers were to blame, give the error a class of its own. `panic`: a defect; the place is in the log. `-32603`, `_OTHER`: the server's own error.",
            stop: "if it began with a release, go back. If a dependency is down, it will end with that; to take a broken tool out of the list keeps agents from trying it again and again.",
            is_false: "an error is part of the tool's ordinary answers, such as *not found*: declare its class with `callers_faults` and make the rules again.",
        },
        cases: vec![
            fires.stays_quiet("4m").fires(
                "20m",
                [("tool_name", tool)],
                percentage(2.0 * limit),
            ),
            quiet.stays_quiet("20m"),
            callers.stays_quiet("20m"),
            all_fail("One call a minute fails, and none succeeds", &[(1, 20)]).fires(
                "20m",
                [("tool_name", tool)],
                "100%",
            ),
            all_fail("4 calls in 5 minutes", &[(1, 4), (0, 1)].repeat(4)).stays_quiet("20m"),
        ],
    }
}

fn refuses_callers(server: &Server<'_>) -> Alert {
    let faults = server.callers_faults();
    let refused = faults.rate("15m").sum_by(BY_TOOL);
    let completed = server.completed().rate("15m").sum_by(BY_TOOL);
    let ratio = refused.divided_by(&completed);
    let enough = faults.increase("15m").sum_by(BY_TOOL).scalar(">=", 20);
    let of_ten = |refused: u64| {
        let name = format!("{refused} of 10 calls a minute are their callers' fault");
        let samples = [counter(&[(refused, 40)]), counter(&[(10 - refused, 40)])];
        Case::new(name).given_all(ended(server, "invalid_arguments", samples))
    };
    let all = |name: &str, calls| {
        let samples = [counter(&[(calls, 40)]), counter(&[(0, 40)])];
        Case::new(name).given_all(ended(server, "invalid_arguments", samples))
    };
    let tool = server.tool().name;
    Alert {
        name: "McpToolCallersFaults",
        query: ratio.scalar(">", 0.5).and(&enough),
        lasts: Some("15m"),
        severity: Severity::Info,
        labels: Vec::new(),
        summary: "Tool {{ $labels.tool_name }} of {{ $labels.job }} is mostly called wrongly".to_owned(),
        description: "{{ $value | humanizePercentage }} of its calls in 15 minutes failed by their callers' fault. Look first at whether its schema or its description has changed.".to_owned(),
        runbook: Paragraph {
            means: "More than half of a tool's calls, and at least 20 in 15 minutes, ended in errors that are the callers' fault. No part of the server fails, but the tool is of no use to whoever calls it.",
            look: "panel *Errors by tool and class* with this tool chosen. In the security log, `mcp.tool.name` with `http.status` 400 tells who calls it so.",
            causes: "a changed schema that clients have cached; a description that leads models to wrong arguments; one client with a defect, in a loop.",
            stop: "make the schema take what it took before, or describe the argument better; tell the owner of the one client.",
            is_false: "a single test client tries out wrong arguments.",
        },
        cases: vec![
            of_ten(6)
                .stays_quiet("14m")
                .fires("40m", [("tool_name", tool)], "60%"),
            of_ten(5).stays_quiet("40m"),
            all("2 calls a minute, all their callers' fault", 2).fires(
                "40m",
                [("tool_name", tool)],
                "100%",
            ),
            all("One call a minute, their callers' fault", 1).stays_quiet("40m"),
        ],
    }
}

/// Calls of a tool a minute of which this share ends in an error of this class.
fn failing(server: &Server<'_>, name: impl Into<String>, class: &str, share: f64) -> Case {
    let (failed, succeeded) = of_a_million(share);
    let samples = [counter(&[(failed, 20)]), counter(&[(succeeded, 20)])];
    Case::new(name).given_all(ended(server, class, samples))
}

/// A share of a million, and the rest.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share is between 0 and 1"
)]
pub(super) fn of_a_million(share: f64) -> (u64, u64) {
    let part = (share * 1e6).round() as u64;
    (part, 1_000_000 - part)
}

/// Counts of calls of the tool that failed with this class, and of those that succeeded.
pub(super) fn ended(
    server: &Server<'_>,
    class: &str,
    [failed, succeeded]: [String; 2],
) -> Vec<(crate::promql::Series, String)> {
    let tool = server.tool();
    let errors = server.series(&TOOL_ERRORS).is("error_type", class);
    let count = |status| server.count(&TOOL_DURATION).is("status", status);
    let errors = one_of(errors, &TOOL_ERRORS, tool);
    let with_error = one_of(count("error"), &TOOL_DURATION, tool);
    let with_success = one_of(count("success"), &TOOL_DURATION, tool);
    vec![
        (errors, failed.clone()),
        (with_error, failed),
        (with_success, succeeded),
    ]
}
