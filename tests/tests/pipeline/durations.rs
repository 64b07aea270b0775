//! Durations in Prometheus: those of the spans, which are what the client's own clock allows.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::caller::{Call, Ending};
use crate::demo::{Demo, sum};
use crate::prometheus::Prometheus;
use crate::trace::server_span;
use crate::trace_store::StoredSpan;

const HISTOGRAM: &str = "mcp_tool_invocation_duration_seconds_bucket";

/// What a trace store rounds times to, twice.
const ROUNDING: f64 = 2e-6;

/// A bucket as it is stored, and what is in it and those below.
#[derive(Debug)]
struct Bucket {
    bound: f64,
    stored: f64,
    /// What the client knows to be in it, as it waited no longer.
    allowed: f64,
}

/// Asserts of each tool and status that as many calls are in each bucket as there are spans that belong
/// there, and that the 95th percentile is where these are.
pub(crate) async fn assert_durations(
    prometheus: &Prometheus,
    demo: &Demo,
    calls: &[Call],
    spans: &[StoredSpan],
) {
    let known = calls.iter().filter(|it| it.ending != Ending::UnknownTool);
    let kinds: BTreeSet<_> = known
        .map(|it| (it.tool.as_str(), it.ending.status()))
        .collect();
    for (tool, status) in kinds {
        let of_kind = calls
            .iter()
            .filter(|it| it.tool == tool && it.ending.status() == status);
        let durations: Vec<_> = of_kind
            .map(|it| (it.took, server_span(spans, it).took))
            .collect();
        for (waited, served) in &durations {
            assert!(served <= waited, "{tool} {status}: {durations:?}");
        }
        let labels = [("tool_name", tool), ("status", status)];
        let series = format!(
            "sum by (le) ({HISTOGRAM}{{{},tool_name=\"{tool}\",status=\"{status}\"}})",
            prometheus.store.selector
        );
        let buckets = buckets(prometheus, demo, &series, labels, &durations).await;
        assert_percentile(prometheus, &series, &buckets).await;
    }
}

async fn buckets(
    prometheus: &Prometheus,
    demo: &Demo,
    series: &str,
    [tool, status]: [(&str, &str); 2],
    durations: &[(Duration, Duration)],
) -> Vec<Bucket> {
    let stored = prometheus
        .store
        .values(series)
        .await
        .expect("it is answered");
    assert!(stored.len() > 2, "{series}: {stored:?}");
    let mut buckets: Vec<_> = stored
        .into_iter()
        .map(|(le, stored)| {
            let bound: f64 = le.parse().expect("a bound");
            let before = sum(&demo.before, HISTOGRAM, &[tool, status, ("le", &le)]);
            let within = |bound: f64, took: fn(&(Duration, Duration)) -> Duration| {
                let within = durations
                    .iter()
                    .filter(|it| took(it).as_secs_f64() <= bound);
                within.fold(before, |count, _| count + 1.0)
            };
            let served = |bound| within(bound, |&(_, served)| served);
            let possible = served(bound - ROUNDING)..=served(bound + ROUNDING);
            assert!(
                possible.contains(&stored),
                "{series} {le}: {stored}, not {possible:?}"
            );
            let allowed = within(bound, |&(waited, _)| waited);
            Bucket {
                bound,
                stored,
                allowed,
            }
        })
        .collect();
    buckets.sort_by(|a, b| a.bound.total_cmp(&b.bound));
    buckets
}

/// Asserts that it is in the bucket that holds it by the spans, and in none above the one that holds it
/// by what the client waited.
async fn assert_percentile(prometheus: &Prometheus, series: &str, buckets: &[Bucket]) {
    let expression = format!("histogram_quantile(0.95, {series})");
    let values = prometheus
        .store
        .values(&expression)
        .await
        .expect("it is answered");
    let percentile = values[""];
    let rank = 0.95 * buckets.last().expect("a bucket").stored;
    let holds = |count: fn(&Bucket) -> f64| buckets.iter().position(|it| count(it) >= rank);
    let served = holds(|it| it.stored).expect("the last one has all");
    let waited = holds(|it| it.allowed).expect("the last one has all");
    let lower = served
        .checked_sub(1)
        .map_or(0.0, |below| buckets[below].bound);
    assert!(
        lower < percentile && percentile <= buckets[served].bound,
        "{expression}: {percentile}, {buckets:?}"
    );
    assert!(
        percentile <= buckets[waited].bound,
        "{expression}: {percentile}, {buckets:?}"
    );
}
