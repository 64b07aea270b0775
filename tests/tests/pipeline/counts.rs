//! Counts and the error ratio in a metrics store: what the client has counted.

use std::collections::BTreeMap;

use crate::caller::{Call, Ending};
use crate::demo::{Demo, sum};
use crate::metric_store::MetricStore;
use crate::polling::until;
use crate::prometheus::Prometheus;

/// Waits until the demo has been scraped.
pub(crate) async fn scraped(prometheus: &Prometheus) {
    until("the demo is scraped", async || {
        let series = prometheus.store.query("mcp_unknown_total").await?;
        (!series.is_empty())
            .then_some(())
            .ok_or("no series".to_owned())
    })
    .await;
}

/// By tool, and by tool and what else there is, joined by a space.
type Counts = BTreeMap<String, f64>;

/// Asserts that a store has counted what was called, beside what the demo's own agent had called before.
pub(crate) async fn assert_counted(store: &MetricStore, demo: &Demo, calls: &[Call]) {
    let of = store.selector;
    let known: Vec<_> = calls
        .iter()
        .filter(|it| it.ending != Ending::UnknownTool)
        .collect();
    let before = |name: &str, labels: &[(&str, &str)]| sum(&demo.before, name, labels);
    let unknown =
        before("mcp_unknown_total", &[("kind", "tool")]) + count(calls.len() - known.len());
    let ended = "mcp_tool_invocation_duration_seconds_count";
    // What is counted when calls end: all else is of the same scrape or export, or of a later one.
    for (name, labels, total) in [
        (ended, "", before(ended, &[]) + count(known.len())),
        ("mcp_unknown_total", r#",kind="tool""#, unknown),
    ] {
        until("all calls are counted", async || {
            let sum = format!("sum({name}{{{of}{labels}}})");
            let stored = store.values(&sum).await?;
            (stored.get("") == Some(&total))
                .then_some(())
                .ok_or(format!("{sum}: {stored:?}, not {total}"))
        })
        .await;
    }

    let (mut called, mut failed) = (Counts::new(), Counts::new());
    let (mut errors, mut ended) = (Counts::new(), Counts::new());
    for call in &known {
        let tool = call.tool.as_str();
        let of_tool = ("tool_name", tool);
        let entry = called.entry(tool.to_owned());
        *entry.or_insert_with(|| before("mcp_tool_calls_total", &[of_tool])) += 1.0;
        let status = call.ending.status();
        let entry = ended.entry(format!("{status} {tool}"));
        let name = "mcp_tool_invocation_duration_seconds_count";
        *entry.or_insert_with(|| before(name, &[of_tool, ("status", status)])) += 1.0;
        let name = "mcp_tool_errors_total";
        let failures = failed.entry(tool.to_owned());
        let failures = failures.or_insert_with(|| before(name, &[of_tool]));
        if let Some(error) = call.ending.error() {
            *failures += 1.0;
            let entry = errors.entry(format!("{error} {tool}"));
            *entry.or_insert_with(|| before(name, &[of_tool, ("error_type", error)])) += 1.0;
        }
    }
    let ratios: Counts = called
        .iter()
        .map(|(tool, all)| (tool.clone(), failed[tool] / all))
        .collect();

    let by_tool = format!("sum by (tool_name) (mcp_tool_calls_total{{{of}}}) > 0");
    assert_values(store, &by_tool, &called).await;
    let by_status = format!(
        "sum by (status, tool_name) (mcp_tool_invocation_duration_seconds_count{{{of}}}) > 0"
    );
    assert_values(store, &by_status, &ended).await;
    let by_error = format!("sum by (error_type, tool_name) (mcp_tool_errors_total{{{of}}}) > 0");
    assert_values(store, &by_error, &errors).await;
    let ratio = format!(
        "sum by (tool_name) (mcp_tool_errors_total{{{of}}}) \
         / sum by (tool_name) (mcp_tool_calls_total{{{of}}})"
    );
    assert_values(store, &ratio, &ratios).await;
}

/// Asserts the values of those that are expected: the demo's own agent may have called other tools too.
async fn assert_values(store: &MetricStore, expression: &str, expected: &Counts) {
    let mut stored = store.values(expression).await.expect("it is answered");
    stored.retain(|labels, _| expected.contains_key(labels));
    assert_eq!(&stored, expected, "{expression}");
}

fn count(many: usize) -> f64 {
    f64::from(u32::try_from(many).expect("few calls"))
}
