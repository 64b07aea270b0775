//! Calls pile up.

use mcp_observe::Tool;
use mcp_observe::metric::label::STATUS;
use mcp_observe::metric::{TOOL_ACTIVE, TOOL_DURATION};

use super::unusual;
use crate::catalogue::JOB;
use crate::rules::alert::{Alert, Severity};
use crate::rules::case::{Case, counter};
use crate::rules::recording;
use crate::rules::runbook::Paragraph;
use crate::rules::server::{INSTANCE, Server, one_of};

/// Calls at once below which no number is unusual.
const FEW: u32 = 10;

pub(super) fn alerts(server: &Server<'_>) -> Vec<Alert> {
    let by_minutes = server.tools_by(|tool| Some(patience(tool)));
    let stuck = by_minutes
        .iter()
        .map(|(minutes, tools)| stuck(server, *minutes, tools));
    stuck.chain([active_high(server)]).collect()
}

/// How many minutes a tool may be at work with no call ending: a quarter of an hour, or three times the
/// largest bound of its buckets, in which its author expected nearly all calls to end.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive number, of which a conversion takes no more than fits"
)]
fn patience(tool: &Tool) -> u32 {
    let largest = tool.buckets.last().copied().unwrap_or_default();
    ((3.0 * largest / 60.0).ceil() as u32).max(15)
}

fn stuck(server: &Server<'_>, minutes: u32, tools: &[&Tool]) -> Alert {
    let by = &[JOB, INSTANCE, "tool_name"];
    let names: Vec<_> = tools.iter().map(|tool| tool.name).collect();
    let window = format!("{minutes}m");
    let of_tools = |series: crate::promql::Series| series.is_one_of("tool_name", &names);
    let active = of_tools(server.series(&TOOL_ACTIVE));
    // One that started in between and is at work has not been stuck all the time.
    let active = active.over("min_over_time", &window).sum_by(by);
    let ended = of_tools(server.count(&TOOL_DURATION));
    let ended = ended.increase(&window).sum_by(by);
    let tool = tools[0];
    let case = |name: &str, last_end: u64| {
        let minutes = u64::from(minutes);
        let instance = |series: crate::promql::Series| series.is(INSTANCE, "a:1");
        let active = one_of(server.series(&TOOL_ACTIVE), &TOOL_ACTIVE, tool);
        let ended = server.count(&TOOL_DURATION).is(STATUS.name, "success");
        let ended = one_of(ended, &TOOL_DURATION, tool);
        let other = ended.clone().is(INSTANCE, "b:1");
        Case::new(name)
            .given(instance(active), format!("0x4 2x{}", 2 * minutes + 2))
            .given(
                instance(ended),
                counter(&[(1, last_end), (0, 2 * minutes + 2 - last_end)]),
            )
            .given(other, counter(&[(1, 2 * minutes + 2)]))
    };
    let minutes = u64::from(minutes);
    let at = format!("{}m", 2 * minutes + 2);
    Alert {
        name: "McpToolStuck",
        query: active.scalar(">", 0).and(&ended.scalar("==", 0)),
        lasts: None,
        severity: Severity::Critical,
        labels: vec![("patience", window)],
        summary: "Calls of tool {{ $labels.tool_name }} of {{ $labels.job }} do not end".to_owned(),
        description: format!(
            "{{{{ $value | printf \"%.0f\" }}}} calls at {{{{ $labels.instance }}}} have gone on for {minutes} minutes, in which none ended. Look first at what the process waits for."
        ),
        runbook: Paragraph {
            means: "In one process calls of a tool are going on, and for a quarter of an hour (three times the largest bound of its buckets, if that is longer) none has ended. Calls that do not end are in no error and in no duration.",
            look: "panel *Active calls by tool*, with *Calls by tool*: a staircase that never comes down. Spans end with their calls, so there are none of these; those of what they called last may be there. Then a stack dump of the process (`gdb -p`, `tokio-console`).",
            causes: "a dependency that accepts and never answers, with no timeout in the tool; a deadlock; a pool whose connections are all in use.",
            stop: "restart the process; then give the tool a timeout (`tokio::time::timeout` is recorded as `timeout`).",
            is_false: "the tool's calls may take that long: give it `buckets = [..]` that reach so far.",
        },
        cases: vec![
            case("None ends, but elsewhere", minutes)
                .stays_quiet(format!("{}m", 2 * minutes - 2))
                .fires(&at, [(INSTANCE, "a:1"), ("tool_name", tool.name)], "2"),
            case("One ended within the time", minutes + 5).stays_quiet(&at),
        ],
    }
}

fn active_high(server: &Server<'_>) -> Alert {
    let recorded = recording::active(server).series(server);
    let tool = server.tool();
    let active = one_of(server.series(&TOOL_ACTIVE), &TOOL_ACTIVE, tool);
    let case = |name: &str, samples: &str| Case::new(name).given(active.clone(), samples);
    let labels = [("tool_name", tool.name)];
    Alert {
        name: "McpToolActiveHigh",
        query: unusual(&recorded, "15m", FEW),
        lasts: Some("5m"),
        severity: Severity::Warning,
        labels: Vec::new(),
        summary: "Unusually many calls of tool {{ $labels.tool_name }} of {{ $labels.job }} go on at once".to_owned(),
        description: "{{ $value | printf \"%.0f\" }} calls at once: more than 3 standard deviations above the last day's mean, and more than at this time of yesterday and of a week ago. Look first at whether more start or fewer end.".to_owned(),
        runbook: Paragraph {
            means: "For 5 minutes more calls of a tool have been going on at once, more than 10, than the last day leads to expect. It comes before errors and timeouts, and sometimes instead.",
            look: "panels *Calls by tool* and *Durations of …* with this tool chosen. More calls: who, in the security log (`usr.id`). The same number and longer: as for `McpToolSlow`.",
            causes: "a slow dependency, so that calls pile up; an agent in a loop; a client without a limit to what it asks at once.",
            stop: "limit how many calls run at once, or what one caller may start; bring the dependency up to speed.",
            is_false: "growth that is wanted: it is quiet after a day.",
        },
        cases: vec![
            case("15 at once, where it was 2 to 4", "2x59 4x60 15x30")
                .stays_quiet("124m")
                .fires("130m", labels, "15"),
            case("10 at once, where it was 2 to 4", "2x59 4x60 10x30").stays_quiet("130m"),
            case("15 at once, as always", "15x150").stays_quiet("130m"),
            case("15 at once, before there is an hour to compare with", "2x30 15x30")
                .stays_quiet("40m"),
            case("15 at once, as at this time of yesterday", "2x119 15x30 2x1409 15x30")
                .over_days()
                .stays_quiet("1590m"),
            case("15 at once, as at this time a week ago", "2x119 15x30 2x10049 15x30")
                .over_days()
                .stays_quiet("10230m"),
        ],
    }
}
