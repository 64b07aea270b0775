//! Whether all is well.

use mcp_observe::metric::label::STATUS;
use mcp_observe::metric::{TOOL_ACTIVE, UNKNOWN};

use super::Group;
use crate::catalogue::JOB;
use crate::dashboard::grafana::{
    Format, GraphMode, Override, Panel, Target, Threshold, Transformation, Unit,
};
use crate::dashboard::palette;
use crate::dashboard::queries::{Queries, RANGE, RATE};

const NO_ALERT: &str = "no alert fires";

pub(super) fn group(queries: Queries<'_>) -> Group {
    Group {
        title: "Overview",
        is_open: true,
        panels: vec![
            calls(queries),
            error_ratio(queries),
            p95(queries),
            active(queries),
            unknown(queries),
            alerts_firing(),
            by_outcome(queries),
            durations(queries),
            alerts(),
        ],
    }
}

fn calls(queries: Queries<'_>) -> Panel {
    let calls = queries.calls().rate(RATE).sum_by(&[JOB]);
    Panel::stat("Calls", GraphMode::Area)
        .describe("Calls of the chosen tools that began, per second.")
        .size(4, 4)
        .unit(Unit::CallsPerSecond)
        .color(palette::NEUTRAL)
        .no_value("no server")
        .target(Target::range(&calls, "calls"))
}

fn error_ratio(queries: Queries<'_>) -> Panel {
    Panel::stat("Error ratio", GraphMode::Area)
        .describe(
            "How many of the calls that ended were errors, callers' mistakes among them; cancelled calls \
             count for nothing. \"Errors by tool and class\" says which.",
        )
        .size(4, 4)
        .unit(Unit::Ratio)
        .decimals(1)
        .thresholds(palette::rising(0.01, 0.05))
        .no_value("no calls")
        .target(Target::range(&queries.error_ratio(&[JOB], RATE), "error ratio"))
}

fn p95(queries: Queries<'_>) -> Panel {
    let p95 = queries
        .uniform_durations()
        .rate(RATE)
        .quantile(0.95, &[JOB]);
    Panel::stat("p95 duration", GraphMode::Area)
        .describe(
            "95 % of the calls were as fast or faster, in the buckets that all tools share. Which tool it \
             is, the table of tools says.",
        )
        .size(4, 4)
        .unit(Unit::Seconds)
        .color(palette::NEUTRAL)
        .no_value("no calls")
        .target(Target::range(&p95, "p95"))
}

fn active(queries: Queries<'_>) -> Panel {
    let active = queries.tools(&TOOL_ACTIVE).now().sum_by(&[JOB]);
    Panel::stat("Active calls", GraphMode::Area)
        .describe("Calls being carried out. If it only grows, calls hang: see which tool's below.")
        .size(4, 4)
        .unit(Unit::Count)
        .color(palette::NEUTRAL)
        .no_value("no server")
        .target(Target::range(&active, "active"))
}

fn unknown(queries: Queries<'_>) -> Panel {
    let unknown = queries.server(&UNKNOWN).increase(RANGE).sum_by(&[JOB]);
    Panel::stat("Unknown names", GraphMode::None)
        .describe(
            "How often, in the whole time range, callers asked for a tool or a method that is not there. A \
             few are a client that is out of date; many are somebody who tries names: see Security.",
        )
        .size(4, 4)
        .unit(Unit::Count)
        .decimals(0)
        .thresholds(palette::rising(1.0, 10.0))
        .no_value("no server")
        .target(Target::instant(&unknown, Format::TimeSeries))
}

fn alerts_firing() -> Panel {
    let firing = firing().now().count_by(&[JOB]);
    Panel::stat("Alerts firing", GraphMode::None)
        .describe(
            "Alerts of this server that fire now. The list is below, what to do in the runbook.",
        )
        .size(4, 4)
        .unit(Unit::Count)
        .thresholds(vec![
            Threshold::base(palette::GOOD),
            Threshold::from(1.0, palette::BAD),
        ])
        .no_value("0")
        .target(Target::instant(&firing, Format::TimeSeries).empty_if(NO_ALERT))
}

fn by_outcome(queries: Queries<'_>) -> Panel {
    let ended = queries.ended().rate(RATE).sum_by(&[JOB, STATUS.name]);
    Panel::areas("Calls by outcome")
        .describe("Calls that ended, per second, by how. Red is what to look at.")
        .size(10, 8)
        .unit(Unit::CallsPerSecond)
        .no_value("no calls")
        .overrides(palette::by_status())
        .target(Target::range(&ended, "{{status}}"))
}

fn durations(queries: Queries<'_>) -> Panel {
    let durations = queries.uniform_durations().rate(RATE);
    let quantile = |quantile, name: &str| {
        Target::range(&durations.quantile(quantile, &[JOB]), name).with_exemplars()
    };
    Panel::lines("Duration of all calls")
        .describe(
            "How long the chosen tools' calls took, however they ended: half of them at most p50. If p99 \
             rises alone, some calls wait for something: look at slow calls.",
        )
        .size(8, 8)
        .unit(Unit::Seconds)
        .no_value("no calls")
        .overrides(palette::by_quantile())
        .target(quantile(0.5, "p50"))
        .target(quantile(0.95, "p95"))
        .target(quantile(0.99, "p99"))
}

fn alerts() -> Panel {
    let alerts = firing()
        .now()
        .max_by(&[JOB, "alertname", "severity", "tool_name"]);
    Panel::table("Alerts", None)
        .describe("What fires now. The runbook has a paragraph for each of them.")
        .size(6, 8)
        .unit(Unit::Text)
        .no_value("none")
        .transformations(vec![Transformation::organize(
            &[
                ("severity", "Severity"),
                ("alertname", "Alert"),
                ("tool_name", "Tool"),
            ],
            &["Time", "Value", JOB],
        )])
        .overrides([Override::name("Severity").width(80).colored(&[
            ("critical", palette::BAD),
            ("warning", palette::WORRYING),
            ("info", palette::NEUTRAL),
        ])])
        .target(Target::instant(&alerts, Format::Table).empty_if(NO_ALERT))
}

fn firing() -> crate::promql::Series {
    let labels = ["alertname", "alertstate", "severity", "tool_name"];
    Queries::made_by_prometheus("ALERTS", &labels).is("alertstate", "firing")
}
