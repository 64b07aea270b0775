//! The README's tables of metrics.

use std::collections::BTreeSet;

use mcp_observe::metric::{ALL, Kind, TOOL_DURATION, Values};

use crate::defined;

const README: &str = include_str!("../../../README.md");

/// A row of a table of metrics: their names, and what it says of their labels.
struct Row {
    names: Vec<String>,
    labels: &'static str,
    remark: &'static str,
}

impl Row {
    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let (names, labels) = (cells.next()?, cells.next()?);
        let names = quoted(names);
        let first = *names.first()?;
        // `…_log_…` is the first one, of logs.
        let whole = |name: &str| match name.strip_prefix('…') {
            Some(part) => first.replace("_span_", part.trim_end_matches('…')),
            None => name.to_owned(),
        };
        Some(Self {
            names: names.iter().map(|name| whole(name)).collect(),
            labels,
            remark: cells.next().unwrap_or_default(),
        })
    }

    fn all() -> Vec<Self> {
        let (_, section) = README.split_once("\n### Metrics\n").expect("a section");
        let (section, _) = section.split_once("\n### ").expect("it ends");
        section.lines().filter_map(Self::read).collect()
    }
}

/// What is in backticks.
fn quoted(text: &'static str) -> Vec<&'static str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_metric_is_listed_once() {
    let mut listed: Vec<_> = Row::all().into_iter().flat_map(|row| row.names).collect();
    let mut all: Vec<_> = ALL.iter().map(|it| it.prometheus_name).collect();
    listed.sort_unstable();
    all.sort_unstable();
    assert_eq!(listed, all);
}

#[test]
fn labels_are_those_of_the_definitions() {
    for row in Row::all() {
        // What comes after `=` are values of the label before.
        let (names, values) = row.labels.split_once('=').unwrap_or((row.labels, ""));
        let (names, values) = (quoted(names), quoted(values));
        for metric in row.names.iter().map(|name| defined(name)) {
            let name = metric.prometheus_name;
            let listed: BTreeSet<_> = names.iter().copied().collect();
            let labels: BTreeSet<_> = metric.labels.iter().map(|it| it.name).collect();
            if row.labels.contains("those of the convention") {
                assert!(labels.is_superset(&listed), "{name}: {listed:?}");
            } else {
                assert_eq!(listed, labels, "{name}");
            }
            let declared = row.labels.contains("declared labels");
            assert_eq!(declared, metric.has_declared_labels, "{name}");
            if !values.is_empty() {
                let last = metric
                    .labels
                    .iter()
                    .find(|it| Some(&it.name) == names.last());
                let last = last.expect("a label");
                let Values::Closed(all) = last.values else {
                    panic!("{} is open", last.name);
                };
                assert_eq!(values, all, "{name}");
            }
        }
    }
}

#[test]
fn the_buckets_of_tools_are_the_default_ones() {
    let Kind::Histogram { buckets } = TOOL_DURATION.kind else {
        panic!("it is a histogram");
    };
    let buckets: Vec<_> = buckets.iter().map(ToString::to_string).collect();
    let rows = Row::all();
    let row = rows
        .iter()
        .find(|row| row.names == [TOOL_DURATION.prometheus_name]);
    let remark = row.expect("a row").remark;
    let expected = format!("buckets {}, ", buckets.join(" "));
    assert!(remark.starts_with(&expected), "{remark}");
}
