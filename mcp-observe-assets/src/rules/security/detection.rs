//! What `mcp-observe-detect` found, where it runs in the server's process.

use mcp_observe_detect::metric::{ALERTS, ALERTS_UNWRITTEN, RULE};

use crate::catalogue::JOB;
use crate::promql::Series;
use crate::rules::alert::{Alert, Severity};
use crate::rules::case::{Case, counter};
use crate::rules::runbook::Paragraph;
use crate::rules::server::Server;

fn alerts(server: &Server<'_>) -> Series {
    server.of_detection(&ALERTS)
}

/// Alerts that a sink failed to take.
pub(super) fn unwritten(server: &Server<'_>) -> Series {
    server.of_detection(&ALERTS_UNWRITTEN)
}

pub(super) fn alert(server: &Server<'_>) -> Alert {
    let rule = |rule| alerts(server).is(RULE.name, rule);
    let increase = alerts(server).increase("5m").sum_by(&[JOB, RULE.name]);
    Alert {
        name: "McpDetectionAlert",
        query: increase.scalar(">", 0),
        lasts: None,
        severity: Severity::Warning,
        labels: Vec::new(),
        summary: "Detection rule {{ $labels.rule }} fired in {{ $labels.job }}".to_owned(),
        description: "Look first at the line of the security log with `event.category` = `mcp.alert`: who it was, and the evidence, are there.".to_owned(),
        runbook: Paragraph {
            means: "The detection on the security log raised an alert. Metrics know which rule, and the log knows who.",
            look: "the line of the security log with `event.category` = `mcp.alert` and this `rule`: caller, window, counts, traces.",
            causes: "what the rule is about; `mcp-observe-detect rules` describes each, with what makes it wrong.",
            stop: "shut out or limit the caller; revoke credentials if they are in wrong hands.",
            is_false: "what the rule's own limits say; its thresholds are settings of the detection.",
        },
        cases: vec![
            Case::new("One rule's alert, those of another long past, and none")
                .given(rule("enumeration"), counter(&[(0, 8), (1, 2), (0, 10)]))
                .given(rule("night-volume"), "3x20")
                .given(rule("read-then-send"), "0x20")
                .fires("10m", [("rule", "enumeration")], "")
                .stays_quiet("20m"),
        ],
    }
}
