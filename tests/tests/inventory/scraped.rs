//! As Prometheus scrapes it.

use std::collections::{BTreeMap, BTreeSet};

use mcp_observe::metric::{ALL, Kind, Metric};
use mcp_observe_tests::{Series, series};

use crate::defined;
use crate::domain::{check, values};
use crate::emitting::emitted;

/// What the SDK itself shows.
const RESOURCE: &str = "target_info";

/// The metric that a series is of, and the labels that are its own.
fn metric_of(it: &Series) -> (&'static Metric, Vec<(&str, &str)>) {
    let parts = ["_bucket", "_sum", "_count"];
    let family = parts.iter().find_map(|part| it.name.strip_suffix(part));
    let metric = defined(family.unwrap_or(&it.name));
    let is_histogram = matches!(metric.kind, Kind::Histogram { .. });
    assert_eq!(family.is_some(), is_histogram, "{}", it.name);
    let labels = it.labels.iter();
    let labels = labels.map(|(name, value)| (name.as_str(), value.as_str()));
    let own = labels.filter(|(name, _)| !(is_histogram && *name == "le"));
    (metric, own.collect())
}

#[tokio::test]
async fn every_family_is_defined_with_its_type_and_its_help() {
    let described: BTreeSet<_> = emitted()
        .await
        .text
        .lines()
        .filter(|line| line.starts_with("# ") && !line.contains(RESOURCE))
        .collect();
    let lines: Vec<_> = ALL
        .iter()
        .flat_map(|metric| {
            let kind = match metric.kind {
                Kind::Counter => "counter",
                Kind::UpDownCounter => "gauge",
                Kind::Histogram { .. } => "histogram",
                other => panic!("{other:?} is new"),
            };
            let name = metric.prometheus_name;
            [
                format!("# HELP {name} {}", metric.description),
                format!("# TYPE {name} {kind}"),
            ]
        })
        .collect();
    assert_eq!(described, lines.iter().map(String::as_str).collect());
}

/// Prometheus' names are those of OpenTelemetry, with the unit and what they count.
#[test]
fn names_follow_from_each_other() {
    for metric in ALL {
        let unit = match metric.unit {
            "s" => "_seconds",
            unit => {
                let is_annotation = unit.starts_with('{') && unit.ends_with('}');
                assert!(unit.is_empty() || is_annotation, "{}: {unit}", metric.name);
                ""
            }
        };
        let total = if metric.kind == Kind::Counter {
            "_total"
        } else {
            ""
        };
        let name = metric.name.replace('.', "_");
        assert_eq!(metric.prometheus_name, format!("{name}{unit}{total}"));
    }
}

#[tokio::test]
async fn every_label_of_every_series_is_defined_and_has_a_value_that_it_can_have() {
    let emitted = emitted().await;
    for series in series(&emitted.text) {
        if series.name == RESOURCE {
            continue;
        }
        let (metric, labels) = metric_of(&series);
        for label in labels {
            check(metric, |it| it.name, label, &emitted.tools);
        }
    }
}

/// The other way round. What needs something in particular to be emitted: the client's metrics an
/// observed peer and an observed transport, those of the security log that log, those of the SDK
/// something that is exported; on labels, the process says what it does.
#[tokio::test]
async fn every_label_of_every_definition_is_emitted() {
    let emitted = emitted().await;
    let mut found = BTreeMap::<_, BTreeSet<_>>::new();
    let all = series(&emitted.text);
    for series in all.iter().filter(|it| it.name != RESOURCE) {
        let (metric, labels) = metric_of(series);
        let names = labels.into_iter().map(|(name, _)| name);
        found.entry(metric.name).or_default().extend(names);
    }
    for metric in ALL {
        let found = &found[metric.name];
        for label in metric.labels {
            assert!(
                found.contains(label.name),
                "{} is never on {}",
                label.name,
                metric.name
            );
        }
        if metric.has_declared_labels {
            for label in emitted.tools.iter().flat_map(|tool| &tool.labels) {
                assert!(found.contains(&*label.name), "{}", metric.name);
            }
        }
    }
}

/// Counters of which all series are there from the start have every value of every label.
#[tokio::test]
async fn every_value_is_there_from_the_start() {
    let emitted = emitted().await;
    let all = series(&emitted.text);
    for metric in ALL.iter().filter(|it| it.kind == Kind::Counter) {
        for label in metric.labels {
            // Of the sinks those are there that the log has, and `_OTHER` is a tool when there are too many.
            if matches!(label.name, "sink" | "tool_name") {
                continue;
            }
            let found: BTreeSet<_> = all
                .iter()
                .filter(|it| it.name == metric.prometheus_name)
                .flat_map(|it| it.labels.clone())
                .filter_map(|(name, value)| (name == label.name).then_some(value))
                .collect();
            assert_eq!(
                Some(found),
                values(label, &emitted.tools),
                "{}",
                metric.name
            );
        }
    }
}
