//! What the definitions say of labels and their values, for the tools of one binary.

use std::collections::BTreeSet;

use mcp_observe::metric::{Metric, MetricLabel, Values};
use mcp_observe_tests::server::TOOLS;

use crate::emitting::Tool;

const OTHER: &str = "_OTHER";

/// The values that a label can have; `None` where they are known at run time alone.
pub(crate) fn values(label: &MetricLabel, tools: &[Tool]) -> Option<BTreeSet<String>> {
    let values: Vec<String> = match label.values {
        Values::Closed(values) => values.iter().copied().map(str::to_owned).collect(),
        Values::Tools => {
            let attributed = tools.iter().map(|tool| tool.name.clone());
            // Those of the server without the attribute.
            let all = TOOLS.into_iter().chain([OTHER]).map(str::to_owned);
            attributed.chain(all).collect()
        }
        Values::ErrorTypes(of_all) => {
            let own = tools.iter().flat_map(|tool| tool.error_types.clone());
            of_all
                .iter()
                .copied()
                .map(str::to_owned)
                .chain(own)
                .collect()
        }
        Values::Bounded => return None,
        other => panic!("{other:?} is new"),
    };
    Some(values.into_iter().collect())
}

/// Asserts that a series of the metric may have this label with this value; `name` gives the name of a
/// label as it is in that series.
#[track_caller]
pub(crate) fn check(
    metric: &Metric,
    name: fn(&MetricLabel) -> &'static str,
    (label, value): (&str, &str),
    tools: &[Tool],
) {
    if let Some(defined) = metric.labels.iter().find(|it| name(it) == label) {
        if let Some(values) = values(defined, tools) {
            assert!(
                values.contains(value),
                "{label} of {} cannot be {value}: {values:?}",
                metric.name
            );
        }
        return;
    }
    assert!(metric.has_declared_labels, "{} has {label}", metric.name);
    let declared: Vec<_> = tools
        .iter()
        .flat_map(|tool| &tool.labels)
        .filter(|it| it.name == label)
        .collect();
    assert!(!declared.is_empty(), "{} has {label}", metric.name);
    let values = declared.iter().flat_map(|it| &it.values);
    assert!(
        value == OTHER || values.clone().any(|it| it == value),
        "{label} of {} cannot be {value}",
        metric.name
    );
}
