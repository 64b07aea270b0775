//! What the README's query for costs asks for is what a server has.

use std::collections::BTreeSet;

use mcp_observe::{Usage, mcp_tool, record_usage};
use mcp_observe_tests::{Capture, series};

use super::{TOKENS, TYPES, Team};

const README: &str = include_str!("../../../README.md");

#[mcp_tool(tokens, labels(team))]
fn costs(team: Team) -> bool {
    record_usage(Usage::new(100, 50).cache_read(60).reasoning(20));
    matches!(team, Team::Search)
}

/// The query, and what stands in the quotes of its selectors.
fn query() -> (&'static str, Vec<&'static str>) {
    let (_, rest) = README.split_once("```promql\n").expect("a query");
    let (query, _) = rest.split_once("```").expect("its end");
    let values = query.split('"').skip(1).step_by(2).collect();
    (query, values)
}

#[test]
fn each_type_of_token_has_one_price() {
    let (query, values) = query();
    let selected: BTreeSet<_> = values.iter().flat_map(|it| it.split('|')).collect();
    assert_eq!(selected, BTreeSet::from(TYPES));
    let alternatives: usize = values.iter().map(|it| it.split('|').count()).sum();
    assert_eq!(alternatives, TYPES.len(), "none is there twice");
    assert_eq!(
        query.matches(&format!("{TOKENS}{{token_type")).count(),
        values.len()
    );
    assert!(query.trim_start().starts_with("sum by (team)"), "{query}");
}

#[test]
fn its_series_have_the_labels_that_it_asks_for() {
    let capture = Capture::installed();
    costs(Team::Support);
    let of_tool: Vec<_> = series(&capture.telemetry.prometheus_text())
        .into_iter()
        .filter(|it| it.name == TOKENS)
        .filter(|it| it.labels.contains(&("tool_name".into(), "costs".into())))
        .collect();
    assert_eq!(of_tool.len(), (2 + 1) * TYPES.len());
    for series in of_tool {
        let names: BTreeSet<_> = series.labels.iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, BTreeSet::from(["team", "token_type", "tool_name"]));
    }
}
