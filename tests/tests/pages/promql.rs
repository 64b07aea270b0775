//! Queries for Prometheus: read by its own parser, and of metrics that are emitted.

use std::collections::BTreeSet;

use mcp_observe::metric::{self, Kind};
use mcp_observe_tests::pages::pages;

use crate::fields::{of_pages, read};

/// The names of all series.
fn series() -> BTreeSet<String> {
    let detection = mcp_observe_detect::metric::ALERTS.prometheus_name;
    let names = metric::ALL.iter().flat_map(|metric| {
        let suffixes: &[_] = match metric.kind {
            Kind::Histogram { .. } => &["_bucket", "_sum", "_count"],
            _ => &[""],
        };
        suffixes
            .iter()
            .map(|suffix| format!("{}{suffix}", metric.prometheus_name))
    });
    names.chain([detection.to_owned()]).collect()
}

fn assert_emitted(name: &str, series: &BTreeSet<String>, place: &str) {
    if name.starts_with("mcp_") {
        assert!(series.contains(name), "no series is {name}: {place}");
    }
}

#[test]
fn queries_are_for_what_is_emitted() {
    let series = series();
    for (query, read) in of_pages("promql") {
        for field in read.fields {
            assert_emitted(&field.name, &series, &query);
        }
    }
}

/// Rules for Prometheus and for Loki's ruler, in blocks of YAML.
#[test]
fn rules_can_be_read() {
    let series = series();
    let mut seen = 0;
    for page in pages() {
        for block in page.blocks_in("yaml") {
            let Ok(block) = yaml_serde::from_str::<serde_json::Value>(&block) else {
                // Several documents: no file of rules.
                continue;
            };
            let groups = block["groups"].as_array().into_iter().flatten();
            for rule in groups.flat_map(|group| group["rules"].as_array().into_iter().flatten()) {
                let query = rule["expr"].as_str().expect("a query").to_owned();
                let is_logs = query.contains("{service_name=");
                let language = if is_logs { "logql" } else { "promql" };
                let read = read(language, std::slice::from_ref(&query)).remove(0);
                assert!(read.failures.is_empty(), "{query}: {:?}", read.failures);
                if !is_logs {
                    for field in read.fields {
                        assert_emitted(&field.name, &series, &query);
                    }
                }
                seen += 1;
            }
        }
    }
    assert!(seen >= 2, "{seen} rules were looked at");
}

#[test]
fn what_is_no_query_is_found() {
    let read = read(
        "promql",
        &["sum by (tool_name (mcp_tool_calls_total)".to_owned()],
    );
    assert!(!read[0].failures.is_empty(), "{read:?}");
}
