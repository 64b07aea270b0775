//! A tool takes long: longer than it should, or than it usually does.

use mcp_observe::Tool;
use mcp_observe::metric::TOOL_DURATION;

use crate::promql::{Query, Series};
use crate::rules::alert::{Alert, Severity};
use crate::rules::case::{Case, counter};
use crate::rules::recording;
use crate::rules::runbook::Paragraph;
use crate::rules::server::{BY_TOOL, Server, one_of};

/// How many times the usual duration is an alert.
const TIMES_USUAL: u32 = 2;

pub(super) fn alerts(server: &Server<'_>) -> Vec<Alert> {
    let by_threshold = server.tools_by(|tool| server.settings.p95_threshold_of(tool));
    let slow = by_threshold
        .iter()
        .map(|(threshold, tools)| slow(server, *threshold, tools));
    slow.chain(slower_than_usual(server)).collect()
}

fn slow(server: &Server<'_>, threshold: f64, tools: &[&Tool]) -> Alert {
    let names: Vec<_> = tools.iter().map(|tool| tool.name).collect();
    let p95 = recording::quantile(server, 95).series(server);
    let completed = server.completed().is_one_of("tool_name", &names);
    let completed = completed.increase("5m").sum_by(BY_TOOL);
    let tool = tools[0];
    let largest = tool.buckets.last().copied().unwrap_or(threshold);
    let all_slow =
        |name: &str, calls| Case::new(name).given_all(durations(server, tool, &[(0, calls, 20)]));
    let of_100 = |slow: u64| {
        let name = format!("Of 100 calls a minute, {slow} take more than {largest} s");
        Case::new(name).given_all(durations(server, tool, &[(100 - slow, slow, 20)]))
    };
    Alert {
        name: "McpToolSlow",
        query: p95
            .is_one_of("tool_name", &names)
            .now()
            .scalar(">=", threshold)
            .and(&completed.scalar(">=", 10)),
        lasts: Some("10m"),
        severity: Severity::Warning,
        labels: vec![("threshold", format!("{threshold}s"))],
        summary: "Tool {{ $labels.tool_name }} of {{ $labels.job }} is slow".to_owned(),
        description: format!(
            "One in 20 of its calls takes {{{{ $value | printf \"%.3f\" }}}} s or longer, and should take less than {threshold} s. Look first at a slow call's trace."
        ),
        runbook: Paragraph {
            means: "For 10 minutes, 5 % of a tool's calls have taken longer than its threshold: the largest bound but one of its buckets, unless `p95_threshold` says otherwise. A value that is the largest bound means *that or longer*.",
            look: "heat map *Durations of …* with this tool chosen: have all become slow, or some? Then a slow call in *Slow calls*: the span below it that takes the time is the cause. Where the tool declares labels, *…: p95 by …* says which calls.",
            causes: "what the tool calls is slow; callers ask for more than they did; too much at once (see *Active calls by tool*); the machine has no CPU left.",
            stop: "bring what it depends on up to speed, or limit what one call may ask for; a timeout in the tool turns waiting into an error that the model can react to.",
            is_false: "the tool is meant to take that long: give it `buckets = [..]` that fit, or another `p95_threshold`.",
        },
        cases: vec![
            of_100(10).stays_quiet("5m").fires(
                "20m",
                [("tool_name", tool.name)],
                format!("{largest:.3}"),
            ),
            of_100(4).stays_quiet("20m"),
            all_slow("4 calls a minute, all slow", 4).fires(
                "20m",
                [("tool_name", tool.name)],
                format!("{largest:.3}"),
            ),
            all_slow("One call a minute, slow", 1).stays_quiet("20m"),
        ],
    }
}

/// None if the buckets of no tool are wide enough to tell.
fn slower_than_usual(server: &Server<'_>) -> Option<Alert> {
    let range = |tool: &Tool| Some((*tool.buckets.first()?, *tool.buckets.last()?));
    let (tool, slow) = server.tools().into_iter().find_map(|tool| {
        let (first, last) = range(tool)?;
        (last > f64::from(TIMES_USUAL) * first).then_some((tool, last))
    })?;
    let p95 = recording::usual_p95(server).series(server);
    let usual = usual(&p95);
    let enough_days = usual.count_by(BY_TOOL).scalar(">=", 2);
    let limit = usual.median_by(BY_TOOL).scalar("*", TIMES_USUAL);
    let days = |name: &str, first: u64, second: u64| {
        let day = 1_440;
        let hour = |slow| (100 - slow, slow, 60);
        let rest = (100, 0, day - 60);
        let growth = [hour(first), rest, hour(second), rest, hour(100)];
        let case = Case::new(name).over_days();
        case.given_all(durations(server, tool, &growth))
    };
    Some(Alert {
        name: "McpToolSlowerThanUsual",
        query: p95.now().above(&limit).and(&enough_days),
        lasts: Some("15m"),
        severity: Severity::Warning,
        labels: Vec::new(),
        summary: "Tool {{ $labels.tool_name }} of {{ $labels.job }} is slower than at this hour of other days".to_owned(),
        description: "One in 20 of its calls takes {{ $value | printf \"%.3f\" }} s or longer: more than twice the median of yesterday, the day before and a week ago. Look first at what was released since.".to_owned(),
        runbook: Paragraph {
            means: "The 95th percentile of half an hour is more than twice the median of those of the same time yesterday, two days and a week ago; each of them is of at least 20 calls, and at least two of those days are there.",
            look: "heat map *Durations of …* with this tool chosen and the last two days: a step, or a slope? At a step, the annotation of a release next to it. Then the trace of a slow call beside one of yesterday's.",
            causes: "a release; a query whose data has grown or whose plan has changed; a cache that is cold or gone; a dependency that is slower.",
            stop: "go back to the last release if it began there; else as for `McpToolSlow`.",
            is_false: "callers ask for other things than on other days (where the tool declares labels, compare *…: calls by …*), or it is still far below what anybody notices.",
        },
        cases: vec![
            days("Slow today, as on none of two days", 0, 0)
                .stays_quiet("45m")
                .fires("2925m", [("tool_name", tool.name)], format!("{slow:.3}")),
            days("Slow today, as at this hour of both days", 100, 100).stays_quiet("2925m"),
            Case::new("Slow, and there is one day to compare with")
                .over_days()
                .given_all(durations(server, tool, &[(100, 0, 1_440), (0, 100, 60)]))
                .stays_quiet("1485m"),
        ],
    })
}

/// What it was at this time of other days.
fn usual(recorded: &Series) -> Query {
    let day = |offset: &'static str| {
        let then = recorded.clone().offset(offset).now();
        then.with_label("day", offset)
    };
    day("1d").or(&day("2d")).or(&day("7d"))
}

/// A tool's histogram: how many calls a minute are in its first bucket, and how many beyond its last
/// bound, for how many minutes.
fn durations(
    server: &Server<'_>,
    tool: &Tool,
    growth: &[(u64, u64, u64)],
) -> Vec<(Series, String)> {
    let count = server.count(&TOOL_DURATION).is("status", "success");
    let buckets = server.buckets(&TOOL_DURATION).is("status", "success");
    let fast: Vec<_> = growth
        .iter()
        .map(|(fast, _, time)| (*fast, *time))
        .collect();
    let all: Vec<_> = growth
        .iter()
        .map(|(fast, slow, time)| (fast + slow, *time))
        .collect();
    let of_tool = |series| one_of(series, &TOOL_DURATION, tool);
    let mut histogram = vec![(of_tool(count), counter(&all))];
    for bound in tool.buckets {
        let bucket = of_tool(buckets.clone()).is("le", &bound.to_string());
        histogram.push((bucket, counter(&fast)));
    }
    histogram.push((of_tool(buckets).is("le", "+Inf"), counter(&all)));
    histogram
}
