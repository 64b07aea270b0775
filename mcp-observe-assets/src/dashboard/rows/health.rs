//! Whether the telemetry itself can be believed.

use std::collections::BTreeMap;

use mcp_observe::metric::label::EXPORT_ERROR_TYPE;
use mcp_observe::metric::{
    ALL, DATA_POINTS_EXPORTED, Kind, LOGS_EXPORTED, LOGS_PROCESSED, Metric,
    SERVER_OPERATION_DURATION, SPANS_EXPORTED, SPANS_PROCESSED,
};

use super::Group;
use crate::catalogue::{Catalogue, JOB, OF_TOOLS};
use crate::dashboard::grafana::{Format, Panel, Target, Unit};
use crate::dashboard::palette;
use crate::dashboard::queries::{OPERATION_TOOL, Queries, RATE, TOOL, growth, of_server};
use crate::dashboard::variables;
use crate::promql::{Query, Series};

const INSTANCE: &str = "instance";
const NOT_EXPORTED: &str = "the server exports nothing of that kind by OTLP";

const EXPORTED: [(Metric, &str); 3] = [
    (SPANS_EXPORTED, "spans"),
    (DATA_POINTS_EXPORTED, "data points"),
    (LOGS_EXPORTED, "log records"),
];

const DROPPED: [(Metric, &str); 2] = [(SPANS_PROCESSED, "spans"), (LOGS_PROCESSED, "log records")];

pub(super) fn group(queries: Queries<'_>) -> Group {
    Group {
        title: "Health of the telemetry",
        is_open: false,
        panels: vec![
            scraped(),
            exported(queries),
            lost(queries),
            of_budget(queries),
            series(queries),
        ],
    }
}

fn scraped() -> Panel {
    let up = Queries::made_by_prometheus("up", &[INSTANCE]).now();
    Panel::state_timeline("Scraped")
        .describe(
            "Whether each instance's metrics could be read. Where they are pushed by OTLP there is nothing \
             here.",
        )
        .size(8, 8)
        .unit(Unit::Text)
        .states(&[("0", "down", palette::BAD), ("1", "up", palette::GOOD)])
        .no_value("not scraped")
        .target(
            Target::range(&up.max_by(&[JOB, INSTANCE]), "{{instance}}")
                .empty_if("the metrics are pushed by OTLP, and not scraped"),
        )
}

fn exported(queries: Queries<'_>) -> Panel {
    let panel = Panel::lines("Exported")
        .describe("What the server sent by OTLP, per minute. If it falls to nothing while calls go on, the Collector is gone.")
        .size(8, 8)
        .unit(Unit::PerMinute)
        .no_value("nothing is exported");
    EXPORTED.iter().fold(panel, |panel, (metric, name)| {
        let exported = queries.server(metric).has_no(EXPORT_ERROR_TYPE.name);
        let exported = exported.rate(RATE).sum_by(&[JOB]).scalar("*", 60);
        panel.target(Target::range(&exported, *name).empty_if(NOT_EXPORTED))
    })
}

fn lost(queries: Queries<'_>) -> Panel {
    let panel = Panel::bars("Lost")
        .describe(
            "In each window: what could not be exported, and spans and log records that the exporter's queue \
             had no room for. Traces and logs of that time have holes.",
        )
        .size(8, 8)
        .unit(Unit::Count)
        .color(palette::BAD)
        .no_value("nothing lost");
    let panel = EXPORTED.iter().fold(panel, |panel, (metric, name)| {
        let failed = growth(&queries.server(metric).has(EXPORT_ERROR_TYPE.name));
        let failed = failed.sum_by(&[JOB, EXPORT_ERROR_TYPE.name]);
        let legend = format!("{name}: {{{{error_type}}}}");
        panel.target(Target::range(&failed, legend).empty_if("nothing failed to be exported"))
    });
    DROPPED.iter().fold(panel, |panel, (metric, name)| {
        let dropped = growth(&queries.server(metric).has(EXPORT_ERROR_TYPE.name));
        let dropped = dropped.sum_by(&[JOB, EXPORT_ERROR_TYPE.name]);
        let legend = format!("{name}: {{{{error_type}}}}");
        panel.target(Target::range(&dropped, legend).empty_if("the queues had room for all"))
    })
}

/// One query for all tools with the same budget.
fn of_budget(queries: Queries<'_>) -> Panel {
    let mut by_budget: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for tool in &queries.catalogue.tools {
        by_budget.entry(tool.budget).or_default().push(tool.name);
    }
    let panel = Panel::bar_gauge("Series of each tool, of its budget")
        .describe(
            "How much of its budget of time series a tool has, in the instance that has most. The compiler \
             keeps it below 100 %; more is a tool that uses tokens without declaring it.",
        )
        .size(12, 8)
        .unit(Unit::Ratio)
        .decimals(0)
        .between(0.0, 1.0)
        .thresholds(palette::rising(0.8, 1.0))
        .no_value("no server");
    by_budget.iter().fold(panel, |panel, (budget, tools)| {
        let ratio = series_of_tools(queries.catalogue, tools).scalar("/", budget);
        panel.target(Target::instant(&ratio, Format::TimeSeries).legend("{{tool_name}}"))
    })
}

/// How many series tools have, in the instance that has most.
fn series_of_tools(catalogue: &Catalogue, tools: &[&str]) -> Query {
    let by = [JOB, INSTANCE, TOOL];
    let own = every_series(catalogue, &OF_TOOLS).chosen_by(TOOL, variables::TOOL_NAME);
    let own = own.is_one_of(TOOL, tools).now().count_by(&by);
    let operations = every_series(catalogue, &[SERVER_OPERATION_DURATION])
        .chosen_by(OPERATION_TOOL, variables::TOOL_NAME)
        .is_one_of(OPERATION_TOOL, tools)
        .now()
        .count_by(&[JOB, INSTANCE, OPERATION_TOOL])
        .renamed(OPERATION_TOOL, TOOL)
        .sum_by(&by);
    // A tool that was never called has no operations.
    own.plus(&operations).or(&own).max_by(&[JOB, TOOL])
}

fn series(queries: Queries<'_>) -> Panel {
    let series = every_series(queries.catalogue, ALL).now();
    Panel::lines("Time series")
        .describe(
            "Time series of the server in Prometheus, by instance. They are bounded: what grows without \
             end comes from elsewhere.",
        )
        .size(12, 8)
        .unit(Unit::Count)
        .decimals(0)
        .no_value("no server")
        .target(Target::range(&series.count_by(&[JOB, INSTANCE]), "{{instance}}"))
}

/// All series of these metrics, those of histograms among them.
fn every_series(catalogue: &Catalogue, metrics: &[Metric]) -> Series {
    let of = |metric: &Metric| match metric.kind {
        Kind::Histogram { .. } => vec![
            catalogue.buckets(metric),
            catalogue.sum(metric),
            catalogue.count(metric),
        ],
        _ => vec![catalogue.series(metric)],
    };
    of_server(Series::any_of(
        &metrics.iter().flat_map(of).collect::<Vec<_>>(),
    ))
}
