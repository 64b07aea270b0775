//! Tool by tool: how often, how well, how fast.

use mcp_observe::metric::label::ERROR_TYPE;
use mcp_observe::metric::{TOOL_ACTIVE, TOOL_ERRORS};

use super::Group;
use crate::catalogue::JOB;
use crate::dashboard::explore::{ROW_TOOL, SERIES_TOOL, links_of_failures, links_of_tool};
use crate::dashboard::grafana::{Format, Override, Panel, Target, Transformation, Unit};
use crate::dashboard::palette;
use crate::dashboard::queries::{Queries, RANGE, RATE, TOOL};

const BY_TOOL: [&str; 2] = [JOB, TOOL];

pub(super) fn group(queries: Queries<'_>) -> Group {
    let mut panels = vec![
        table(queries),
        calls(queries),
        errors(queries),
        quantile(queries, "p50 by tool", 0.5),
        quantile(queries, "p95 by tool", 0.95),
        quantile(queries, "p99 by tool", 0.99),
    ];
    let heat_maps = heat_maps(queries);
    let is_one_beside = heat_maps.len() % 2 == 1;
    panels.extend(heat_maps);
    panels.push(active(queries).size(if is_one_beside { 12 } else { 24 }, 8));
    Group {
        title: "Tools",
        is_open: true,
        panels,
    }
}

/// A row for each tool.
fn table(queries: Queries<'_>) -> Panel {
    let calls = queries.calls().increase(RANGE).sum_by(&BY_TOOL);
    let active = queries.tools(&TOOL_ACTIVE).now().sum_by(&BY_TOOL);
    let durations = queries.durations().rate(RANGE);
    let column = |query| Target::instant(query, Format::Table);
    let rows = u16::try_from(queries.catalogue.tools.len()).unwrap_or(u16::MAX);
    let bad = palette::rising(0.01, 0.05);
    Panel::table("Tools", Some("Calls"))
        .describe(
            "Each tool over the whole time range. A tool's name leads to its traces and security events. \
             Quantiles are as fine as the tool's buckets.",
        )
        .size(24, rows.saturating_add(3).clamp(5, 12))
        .unit(Unit::Count)
        .no_value("–")
        .transformations(vec![
            Transformation::merge(),
            Transformation::organize(
                &[
                    (TOOL, "Tool"),
                    ("Value #A", "Calls"),
                    ("Value #B", "Error ratio"),
                    ("Value #C", "p50"),
                    ("Value #D", "p95"),
                    ("Value #E", "p99"),
                    ("Value #F", "Active"),
                ],
                &["Time", JOB],
            ),
        ])
        .overrides([
            Override::name("Tool").unit(Unit::Text).links(links_of_tool(ROW_TOOL)),
            Override::name("Calls").decimals(0),
            Override::name("Error ratio")
                .unit(Unit::Ratio)
                .decimals(1)
                .colored_by(bad)
                .links(links_of_failures(ROW_TOOL)),
            Override::pattern("/^p[0-9]+$/").unit(Unit::Seconds),
        ])
        .target(column(&calls))
        .target(column(&queries.error_ratio(&BY_TOOL, RANGE)))
        .target(column(&durations.quantile(0.5, &BY_TOOL)))
        .target(column(&durations.quantile(0.95, &BY_TOOL)))
        .target(column(&durations.quantile(0.99, &BY_TOOL)))
        .target(column(&active))
}

fn calls(queries: Queries<'_>) -> Panel {
    let calls = queries.calls().rate(RATE).sum_by(&BY_TOOL);
    Panel::lines("Calls by tool")
        .describe(
            "Calls that began, per second. A tool that was called and is not any more may be gone.",
        )
        .size(12, 8)
        .unit(Unit::CallsPerSecond)
        .no_value("no calls")
        .legend_table()
        .links(links_of_tool(SERIES_TOOL))
        .target(Target::range(&calls, "{{tool_name}}"))
}

fn errors(queries: Queries<'_>) -> Panel {
    let errors = queries.tools(&TOOL_ERRORS).rate(RATE);
    let errors = errors.sum_by(&[JOB, TOOL, ERROR_TYPE.name]).scalar("*", 60);
    Panel::bars("Errors by tool and class")
        .describe(
            "Errors per minute. `invalid_arguments` and codes such as -32602 are callers' mistakes, \
             `timeout` is often something behind the server, `panic` is always a bug.",
        )
        .size(12, 8)
        .unit(Unit::PerMinute)
        .no_value("no errors")
        .legend_table()
        .links(links_of_failures(SERIES_TOOL))
        .target(
            Target::range(&errors.scalar(">", 0), "{{tool_name}} {{error_type}}")
                .empty_if("no call failed in this time"),
        )
}

fn quantile(queries: Queries<'_>, title: &'static str, quantile: f64) -> Panel {
    let durations = queries.durations().rate(RATE).quantile(quantile, &BY_TOOL);
    Panel::lines(title)
        .describe(
            "So long, or less, took that part of a tool's calls, however they ended. No finer than the \
             tool's buckets: what is above the last one is shown as that.",
        )
        .size(8, 8)
        .unit(Unit::Seconds)
        .no_value("no calls")
        .logarithmic()
        .links(links_of_tool(SERIES_TOOL))
        .target(Target::range(&durations, "{{tool_name}}").with_exemplars())
}

/// One for all tools that have the same buckets: others must not be summed.
fn heat_maps(queries: Queries<'_>) -> Vec<Panel> {
    let groups = queries.catalogue.tools_by_buckets();
    let is_only = groups.len() == 1;
    let heat_map = |tools: Vec<&'static str>| {
        let durations = queries.durations().is_one_of(TOOL, &tools);
        let calls = durations.increase(RATE).sum_by(&[JOB, "le"]);
        let title = if is_only {
            "Durations of all tools".to_owned()
        } else {
            format!("Durations of {}", listed(&tools))
        };
        Panel::heat_map(title)
            .describe(
                "How many calls took how long: the darker, the more. Two bands are two kinds of calls, \
                 such as hits and misses of a cache. Tools with other buckets have a panel of their own.",
            )
            .size(12, 8)
            .no_value("no calls")
            .target(Target::buckets(&calls))
    };
    groups.into_iter().map(heat_map).collect()
}

/// Up to three names, of more the first.
fn listed(tools: &[&str]) -> String {
    match tools {
        [first, others @ ..] if others.len() > 2 => format!("{first} and {} others", others.len()),
        few => few.join(", "),
    }
}

fn active(queries: Queries<'_>) -> Panel {
    let active = queries.tools(&TOOL_ACTIVE).now().sum_by(&BY_TOOL);
    Panel::areas("Active calls by tool")
        .describe(
            "Calls being carried out. What grows and never falls hangs: its traces say where.",
        )
        .unit(Unit::Count)
        .decimals(0)
        .no_value("no server")
        .legend_table()
        .links(links_of_tool(SERIES_TOOL))
        .target(Target::range(&active, "{{tool_name}}"))
}
