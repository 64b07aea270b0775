//! What the security log and its alerts lose: what is not there cannot be detected.

use mcp_observe::metric::SECURITY_EVENTS_DROPPED;

use super::detection;
use crate::catalogue::JOB;
use crate::rules::alert::{Alert, Severity};
use crate::rules::case::{Case, counter};
use crate::rules::runbook::Paragraph;
use crate::rules::server::Server;

pub(super) fn alerts(server: &Server<'_>) -> Vec<Alert> {
    vec![events_dropped(server), alerts_unwritten(server)]
}

fn events_dropped(server: &Server<'_>) -> Alert {
    let dropped = server.series(&SECURITY_EVENTS_DROPPED);
    let given = dropped
        .clone()
        .is("sink", "file")
        .is("reason", "queue_full");
    let by = &[JOB, "sink", "reason"];
    Alert {
        name: "McpSecurityEventsDropped",
        query: dropped.increase("5m").sum_by(by).scalar(">", 0),
        lasts: None,
        severity: Severity::Critical,
        labels: Vec::new(),
        summary: "{{ $labels.job }} loses security events".to_owned(),
        description: "{{ $value | printf \"%.0f\" }} events in 5 minutes did not get to {{ $labels.sink }}: {{ $labels.reason }}. Look first at the rate of events, as a flood may hide something.".to_owned(),
        runbook: Paragraph {
            means: "Events of the security log did not get to a sink, and are gone: `queue_full` as they came faster than they were written, `write_failed` as it could not be written, `shut_down` as they came after the end.",
            look: "panel *Security events by category*: a flood fills the queue and costs other events their place, which may be what it is for. For `write_failed`, the server's log says why; then the disk, or the collector of the sink `otlp`.",
            causes: "a full disk, a revoked permission, a collector that is down; a flood of refused messages.",
            stop: "make room; bring the collector back; shut out the flood's origin before the server.",
            is_false: "never: what is lost cannot be looked at later. `shut_down` at a restart concerns the last calls only.",
        },
        cases: vec![
            Case::new("5 in 5 minutes, and then none")
                .given(given.clone(), counter(&[(1, 10), (0, 10)]))
                .fires("10m", [("sink", "file"), ("reason", "queue_full")], "5")
                .stays_quiet("20m"),
            Case::new("Some long ago").given(given, "9x20").stays_quiet("10m"),
        ],
    }
}

fn alerts_unwritten(server: &Server<'_>) -> Alert {
    let unwritten = detection::unwritten(server);
    Alert {
        name: "McpAlertsUnwritten",
        query: unwritten.increase("5m").sum_by(&[JOB]).scalar(">", 0),
        lasts: None,
        severity: Severity::Critical,
        labels: Vec::new(),
        summary: "{{ $labels.job }} cannot write the alerts of its detection".to_owned(),
        description:
            "McpDetectionAlert says of which rules they are. Look first at the sinks of the alerts."
                .to_owned(),
        runbook: Paragraph {
            means: "The detection found something, and no line tells what: a sink of its alerts failed.",
            look: "`McpDetectionAlert` for which rules; the server's log for why; the security log for the events themselves.",
            causes: "a full disk, or a revoked permission.",
            stop: "make room. `mcp-observe-detect` over the security log finds the alerts again.",
            is_false: "never.",
        },
        cases: vec![
            Case::new("One, and then none")
                .given(unwritten, counter(&[(0, 8), (1, 2), (0, 10)]))
                .stays_quiet("8m")
                .fires("10m", [], "")
                .stays_quiet("20m"),
        ],
    }
}
