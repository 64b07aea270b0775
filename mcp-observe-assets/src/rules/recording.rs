//! Recording rules: what several rules look at, and what has to be remembered for longer than it takes.

use mcp_observe::metric::label::{GEN_AI_TOOL_NAME, TOOL_NAME};
use mcp_observe::metric::{
    SERVER_OPERATION_DURATION, TOOL_ACTIVE, TOOL_CALLS, TOOL_DURATION, TOOL_ERRORS, TOOL_TOKENS,
};

use super::case::{Case, counter};
use super::server::{BY_TOOL, INSTANCE, Server, is_a_number, one_of};
use crate::catalogue::{JOB, OF_TOOLS};
use crate::promql::{Query, Series};

/// Calls in 30 minutes from which on their 95th percentile is worth remembering.
const ENOUGH_CALLS: u32 = 20;

/// A recording rule. Its name says what its level is, of which metric it is and what was done to it.
#[derive(Debug, Clone)]
pub(super) struct Recording {
    pub(super) name: String,
    pub(super) query: Query,
    pub(super) may_be_empty: Option<&'static str>,
}

impl Recording {
    fn new(name: impl Into<String>, query: Query) -> Self {
        let name = name.into();
        Self {
            name,
            query,
            may_be_empty: None,
        }
    }

    fn may_be_empty(mut self, reason: &'static str) -> Self {
        self.may_be_empty = Some(reason);
        self
    }

    /// What it records.
    pub(super) fn series(&self, server: &Server<'_>) -> Series {
        server.recorded(&self.name, &self.query)
    }
}

/// Calls in a window, by tool.
pub(super) fn calls(server: &Server<'_>, window: &str) -> Recording {
    let increase = server.calls().increase(window).sum_by(BY_TOOL);
    Recording::new(
        format!("job_tool:mcp_tool_calls:increase{window}"),
        increase,
    )
}

/// Calls that are going on, by tool.
pub(super) fn active(server: &Server<'_>) -> Recording {
    let active = server.series(&TOOL_ACTIVE).now().sum_by(BY_TOOL);
    Recording::new("job_tool:mcp_tool_active:sum", active)
}

/// Tokens used in an hour, by tool.
pub(super) fn tokens(server: &Server<'_>) -> Recording {
    let tokens = server.series(&TOOL_TOKENS).increase("1h").sum_by(BY_TOOL);
    Recording::new("job_tool:mcp_tool_tokens:increase1h", tokens)
}

/// The share of calls that failed, by tool.
pub(super) fn failure_ratio(server: &Server<'_>) -> Recording {
    let ratio = server.failure_ratio("5m", BY_TOOL);
    Recording::new("job_tool:mcp_tool_failures:ratio_rate5m", ratio)
        .may_be_empty("no call ended in the last 5 minutes")
}

/// The share of calls that failed, of all tools.
pub(super) fn failure_ratio_of_all(server: &Server<'_>, window: &str) -> Recording {
    let name = format!("job:mcp_tool_failures:ratio_rate{window}");
    Recording::new(name, server.failure_ratio(window, &[JOB]))
        .may_be_empty("no call ended in the window")
}

/// A quantile of the durations of the last 5 minutes, by tool.
pub(super) fn quantile(server: &Server<'_>, percent: u8) -> Recording {
    let quantile = f64::from(percent) / 100.0;
    let durations = server.durations().rate("5m").quantile(quantile, BY_TOOL);
    let name = format!("job_tool:mcp_tool_invocation_duration_seconds:p{percent}_rate5m");
    Recording::new(name, is_a_number(&durations))
        .may_be_empty("no call ended in the last 5 minutes")
}

/// The 95th percentile of the durations of the last 30 minutes, by tool: to be compared with those of
/// other days.
pub(super) fn usual_p95(server: &Server<'_>) -> Recording {
    let completed = server.completed().increase("30m").sum_by(BY_TOOL);
    let p95 = server.durations().rate("30m").quantile(0.95, BY_TOOL);
    Recording::new(
        "job_tool:mcp_tool_invocation_duration_seconds:p95_rate30m",
        p95.and(&completed.scalar(">=", ENOUGH_CALLS)),
    )
    .may_be_empty("fewer than 20 calls ended in the last 30 minutes")
}

/// The number of series, by instance and tool.
pub(super) fn series(server: &Server<'_>) -> Recording {
    let by = &[JOB, INSTANCE, TOOL_NAME.name];
    let own = server.all_of(&OF_TOOLS).now().count_by(by);
    let operations = server.all_of(&[SERVER_OPERATION_DURATION]);
    let operations = operations.has(GEN_AI_TOOL_NAME.name).now();
    let operations = operations.renamed(GEN_AI_TOOL_NAME.name, TOOL_NAME.name);
    // A tool that was not called has no operations yet.
    let all = own.plus(&operations.count_by(by)).or(&own);
    Recording::new("job_instance_tool:mcp_tool_series:count", all)
}

/// All that do not belong to detection.
pub(super) fn all(server: &Server<'_>) -> Vec<Recording> {
    let calls_rate = server.calls().rate("5m").sum_by(BY_TOOL);
    let errors = server.series(&TOOL_ERRORS).rate("5m").sum_by(BY_TOOL);
    let completed = server.completed().rate("5m").sum_by(BY_TOOL);
    let errors_ratio = is_a_number(&errors.divided_by(&completed));
    let mut all = vec![
        Recording::new("job_tool:mcp_tool_calls:rate5m", calls_rate),
        calls(server, "30m"),
        active(server),
        Recording::new("job_tool:mcp_tool_errors:ratio_rate5m", errors_ratio)
            .may_be_empty("no call ended in the last 5 minutes"),
        failure_ratio(server),
        quantile(server, 50),
        quantile(server, 95),
        quantile(server, 99),
        usual_p95(server),
        series(server),
    ];
    let windows = ["5m", "30m", "1h", "6h", "3d"];
    all.extend(windows.map(|window| failure_ratio_of_all(server, window)));
    if server.tools().iter().any(|tool| tool.tokens) {
        all.push(tokens(server));
    }
    all
}

/// What is recorded of one tool's calls.
pub(super) fn cases(server: &Server<'_>) -> Vec<Case> {
    let tool = server.tool();
    let ended = |status, rate: u64| {
        let series = server.count(&TOOL_DURATION).is("status", status);
        let series = one_of(series, &TOOL_DURATION, tool);
        (series, counter(&[(rate, 10)]))
    };
    let failed = |class, rate| {
        let series = server.series(&TOOL_ERRORS).is("error_type", class);
        let series = one_of(series, &TOOL_ERRORS, tool);
        (series, counter(&[(rate, 10)]))
    };
    let calls = one_of(server.calls(), &TOOL_CALLS, tool);
    let mut case = Case::new("Of 75 calls a minute 15 are cancelled, 12 fail by the server's fault, and 12 by their callers'")
        .given(calls, counter(&[(75, 10)]))
        .given_all([
            ended("success", 36),
            ended("error", 24),
            ended("cancelled", 15),
            failed("invalid_arguments", 12),
            failed("tool_error", 12),
        ]);
    if let Some(&bound) = tool.buckets.first() {
        for (le, rate) in [(bound.to_string(), 36), ("+Inf".to_owned(), 36)] {
            let buckets = server.buckets(&TOOL_DURATION).is("status", "success");
            let bucket = one_of(buckets, &TOOL_DURATION, tool).is("le", &le);
            case = case.given(bucket, counter(&[(rate, 10)]));
        }
        for (percent, share) in [(50, 0.5), (95, 0.95), (99, 0.99)] {
            let series = quantile(server, percent).series(server);
            case = case.records("10m", series.is("tool_name", tool.name), bound * share);
        }
    }
    let operations = server
        .count(&SERVER_OPERATION_DURATION)
        .is(GEN_AI_TOOL_NAME.name, tool.name);
    case = case.given(operations, "60x10");
    #[expect(clippy::cast_precision_loss, reason = "a dozen")]
    let number = case.given.len() as f64;
    let of_tool = [
        ("job_instance_tool:mcp_tool_series:count", number),
        ("job_tool:mcp_tool_calls:rate5m", 1.25),
        ("job_tool:mcp_tool_errors:ratio_rate5m", 0.4),
        ("job_tool:mcp_tool_failures:ratio_rate5m", 0.25),
    ];
    for recording in all(server) {
        for (name, value) in of_tool {
            if recording.name == name {
                let series = recording.series(server).is("tool_name", tool.name);
                case = case.records("10m", series, value);
            }
        }
    }
    let of_all = failure_ratio_of_all(server, "5m").series(server);
    let not_called = one_of(server.calls(), &TOOL_CALLS, tool);
    let alone = series(server).series(server).is("tool_name", tool.name);
    vec![
        case.records("10m", of_all, 0.25),
        Case::new("A tool that was never called has series")
            .given(not_called, "0x5")
            .records("5m", alone, 1.0),
    ]
}
