//! Nothing comes: from a tool's callers, or from the server.

use mcp_observe::metric::TOOL_CALLS;

use crate::rules::alert::{Alert, Severity};
use crate::rules::case::{Case, counter};
use crate::rules::recording;
use crate::rules::runbook::Paragraph;
use crate::rules::server::{INSTANCE, Server, one_of};

/// Calls in half an hour from which on a tool is called regularly: one a minute.
const REGULARLY: u32 = 30;

pub(super) fn alerts(server: &Server<'_>) -> Vec<Alert> {
    vec![
        tool_silent(server),
        server_down(server),
        server_absent(server),
    ]
}

fn tool_silent(server: &Server<'_>) -> Alert {
    let calls = recording::calls(server, "30m").series(server);
    let yesterday = calls.clone().offset("1d").now();
    let a_week_ago = calls.clone().offset("7d").now();
    let tool = server.tool();
    let called = one_of(server.calls(), &TOOL_CALLS, tool);
    let case = |name: &str, growth: &[(u64, u64)]| {
        let case = Case::new(name).over_days();
        case.given(called.clone(), counter(growth))
    };
    let labels = [("tool_name", tool.name)];
    let day = 1_440;
    Alert {
        name: "McpToolSilent",
        query: calls
            .now()
            .scalar("==", 0)
            .and(&yesterday.scalar(">=", REGULARLY))
            .unless(&a_week_ago.scalar("<", REGULARLY)),
        lasts: None,
        severity: Severity::Warning,
        labels: Vec::new(),
        summary: "Tool {{ $labels.tool_name }} of {{ $labels.job }} is no longer called".to_owned(),
        description: "No call in 30 minutes, though at this time of yesterday, and of a week ago if it is known, it was called at least once a minute. Look first at whether all of the server's tools are silent.".to_owned(),
        runbook: Paragraph {
            means: "A tool that is called regularly at this time of the day has not been called for half an hour. What is not called does not fail: no other alert tells of it.",
            look: "panel *Calls by tool*. If all are silent, callers do not get here: see *Messages by method* for whether anybody still connects. If only this one is: is it still in `tools/list`, under the same name?",
            causes: "the agents that call it are down or were changed; a proxy or credentials in between; the tool was renamed or is hidden; its description no longer makes models choose it.",
            stop: "bring the callers back; undo the renaming.",
            is_false: "a holiday, or the end of a batch that ran on those days only.",
        },
        cases: vec![
            case("Called for a day, and then no longer", &[(2, day + 30), (0, 90)])
                .stays_quiet("1485m")
                .fires("1515m", labels, "0"),
            case("The same, with a last call in the last half hour", &[(2, day + 50), (0, 70)])
                .stays_quiet("1515m"),
            case("Called 20 times at this time of yesterday", &[(0, 50), (1, 20), (0, day + 50)])
                .stays_quiet("1515m"),
            case("Called for a week, and then no longer", &[(2, 8 * day), (0, 60)])
                .fires("11565m", labels, "0"),
            case(
                "The same, but for the same day of the week before",
                &[(2, day), (0, day), (2, 6 * day), (0, 60)],
            )
            .stays_quiet("11565m"),
        ],
    }
}

fn server_down(server: &Server<'_>) -> Alert {
    let instance = "127.0.0.1:9464";
    let up = server.up().is(INSTANCE, instance);
    let case = |name: &str, samples: &str| Case::new(name).given(up.clone(), samples);
    Alert {
        name: "McpServerDown",
        query: server.up().now().scalar("==", 0),
        lasts: Some("3m"),
        severity: Severity::Critical,
        labels: Vec::new(),
        summary: "{{ $labels.job }} cannot be scraped at {{ $labels.instance }}".to_owned(),
        description: "There has been no answer from its /metrics for 3 minutes. Look first at whether the process runs.".to_owned(),
        runbook: Paragraph {
            means: "Prometheus, or the Collector for it, does not get metrics from one process of the server. It is down, or what listens for scrapes is unreachable; then every other alert about it is blind.",
            look: "whether the process runs, and its log. `curl http://ADDRESS/metrics` from where it is scraped. The listener of `/metrics` has a thread of its own and answers while the server's runtime is stuck: no answer means no process or no network.",
            causes: "a crash or an OOM kill; a deployment that does not come up; a changed port or a firewall.",
            stop: "start it; go back to the last release if it does not stay up.",
            is_false: "the process was taken out of service and is still in the list of targets.",
        },
        cases: vec![
            case("Down", "1x5 0x10")
                .stays_quiet("8m")
                .fires("10m", [(INSTANCE, instance)], "0"),
            case("One scrape failed", "1x5 0x1 1x10").stays_quiet("10m"),
        ],
    }
}

fn server_absent(server: &Server<'_>) -> Alert {
    let calls = one_of(server.calls(), &TOOL_CALLS, server.tool());
    Alert {
        name: "McpServerAbsent",
        query: server.calls().absent(),
        lasts: Some("5m"),
        severity: Severity::Critical,
        labels: Vec::new(),
        summary: "Nothing is known of {{ $labels.job }}".to_owned(),
        description: "There are no metrics of its tools, though they are there from its start, at zero. Look first at whether it runs, and at the Collector.".to_owned(),
        runbook: Paragraph {
            means: "Of no process of the server there are metrics. The counters of its tools are there from the start, called or not: either none runs, or what they export gets lost.",
            look: "whether a process runs; then, along the way of its metrics, whether it is scraped (`up` in Prometheus, the Collector's log) or pushes (`OTEL_EXPORTER_OTLP_ENDPOINT`, and its log, where losses are told once a minute).",
            causes: "the server or the Collector is down; `service.name`, and so `job`, was changed; the metrics are set up by another program than these rules were made for.",
            stop: "start what is down; make the rules again if the name has changed.",
            is_false: "the server is not to run at this time.",
        },
        cases: vec![
            Case::new("Gone after 5 minutes")
                .given(calls.clone(), "0x5 stale")
                .stays_quiet("10m")
                .fires("15m", [], "1"),
            Case::new("Not called, but there").given(calls, "0x20").stays_quiet("15m"),
        ],
    }
}
