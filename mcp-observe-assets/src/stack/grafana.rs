//! What Grafana is provisioned with: its data sources, with the ways from one to the other, and where the
//! dashboards are.

use mcp_observe::metric::{TOOL_CALLS, TOOL_DURATION, TOOL_ERRORS};

use super::template::{fill, indented};
use crate::assets::Expression;

pub(super) const DATA_SOURCES_PATH: &str = "grafana/provisioning/datasources/datasources.yaml";
pub(super) const DASHBOARDS_PATH: &str = "grafana/provisioning/dashboards/dashboards.yaml";

const DATA_SOURCES: &str =
    include_str!("../../templates/grafana/provisioning/datasources/datasources.yaml");
const DASHBOARDS: &str =
    include_str!("../../templates/grafana/provisioning/dashboards/dashboards.yaml");

pub(super) fn data_sources() -> String {
    let queries = from_spans().map(|(name, promql)| {
        let promql = promql.replace('$', "$$");
        format!("- name: {name}\n  query: '{promql}'\n")
    });
    fill(
        DATA_SOURCES,
        &[("queries", &indented(&queries.concat(), 10))],
    )
}

pub(super) fn dashboards() -> String {
    fill(DASHBOARDS, &[])
}

pub(super) fn expressions() -> Vec<Expression> {
    let expressions = from_spans().map(|(name, promql)| Expression {
        path: DATA_SOURCES_PATH,
        place: name.to_owned(),
        promql,
        may_be_empty: None,
    });
    expressions.into()
}

/// Queries that a span leads to. Grafana puts the matchers of its job and its tool for `$__tags`.
fn from_spans() -> [(&'static str, String); 3] {
    let calls = TOOL_CALLS.prometheus_name;
    let errors = TOOL_ERRORS.prometheus_name;
    let duration = TOOL_DURATION.prometheus_name;
    [
        (
            "Calls per second",
            format!("sum by (job, tool_name) (rate({calls}{{$__tags}}[5m]))"),
        ),
        (
            "Errors per second by class",
            format!("sum by (job, tool_name, error_type) (rate({errors}{{$__tags}}[5m]))"),
        ),
        (
            "p95 of the duration",
            format!(
                "histogram_quantile(0.95, sum by (job, tool_name, le) (rate({duration}_bucket{{$__tags}}[5m])))"
            ),
        ),
    ]
}
