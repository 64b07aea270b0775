//! Calls by the labels that tools declare.

use mcp_observe::Tool;

use super::Group;
use crate::catalogue::JOB;
use crate::dashboard::grafana::{Panel, Target, Unit};
use crate::dashboard::queries::{Queries, RATE, TOOL};

/// None if no tool declares any.
pub(super) fn group(queries: Queries<'_>) -> Option<Group> {
    let tools = queries.catalogue.tools.iter();
    let panels: Vec<_> = tools
        .flat_map(|tool| tool.labels.iter().map(move |label| (tool, label.name)))
        .flat_map(|(tool, label)| [calls(queries, tool, label), p95(queries, tool, label)])
        .collect();
    (!panels.is_empty()).then_some(Group {
        title: "Tools by their labels",
        is_open: false,
        panels,
    })
}

fn calls(queries: Queries<'_>, tool: &Tool, label: &'static str) -> Panel {
    let calls = queries.calls().is(TOOL, tool.name);
    let calls = calls.rate(RATE).sum_by(&[JOB, label]);
    Panel::areas(format!("{}: calls by {label}", tool.name))
        .describe(
            "Calls that began, per second, by a label that the tool declares. `_OTHER` are calls whose \
             function never ran, and values beyond those that are kept.",
        )
        .size(12, 8)
        .unit(Unit::CallsPerSecond)
        .no_value("no calls")
        .legend_table()
        .target(Target::range(&calls, format!("{{{{{label}}}}}")))
}

fn p95(queries: Queries<'_>, tool: &Tool, label: &'static str) -> Panel {
    let durations = queries.durations().is(TOOL, tool.name).rate(RATE);
    Panel::lines(format!("{}: p95 by {label}", tool.name))
        .describe("So long, or less, took 95 % of the calls: which of them are the slow ones.")
        .size(12, 8)
        .unit(Unit::Seconds)
        .no_value("no calls")
        .logarithmic()
        .legend_table()
        .target(
            Target::range(
                &durations.quantile(0.95, &[JOB, label]),
                format!("{{{{{label}}}}}"),
            )
            .with_exemplars(),
        )
}
