//! The metrics of detection, which a program shows on a meter of its own.

use std::collections::BTreeSet;
use std::time::Duration;

use mcp_observe::Telemetry;
use mcp_observe_detect::metric::{ALL, Metric, MetricLabel};
use mcp_observe_detect::{Config, LiveDetector};
use mcp_observe_tests::{Series, series};
use opentelemetry::global;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, MetricData, ResourceMetrics, ScopeMetrics,
};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader};

#[test]
fn alerts_are_counted_as_they_are_defined() {
    let exporter = InMemoryMetricExporter::default();
    let telemetry = Telemetry::builder()
        .metric_reader(PeriodicReader::builder(exporter.clone()).build())
        .install()
        .expect("it is the only one");
    let detector = LiveDetector::builder(Config::default());
    let detector = detector.build().expect("there is a thread to spare");
    let meter = global::meter("mcp-observe-detect");
    detector.counts().observe(&meter);

    let text = telemetry.prometheus_text();
    let is_alerts = |it: &Series| it.name.starts_with("mcp_alerts");
    let scraped: Vec<_> = series(&text).into_iter().filter(is_alerts).collect();
    let names: BTreeSet<_> = scraped.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ALL.iter().map(|it| it.prometheus_name).collect());

    telemetry
        .flush(Duration::from_secs(60))
        .expect("the exporter takes all");
    let batches = exporter.get_finished_metrics().expect("the exporter works");
    let pushed: Vec<_> = batches
        .iter()
        .flat_map(ResourceMetrics::scope_metrics)
        .filter(|it| it.scope().name() == "mcp-observe-detect")
        .flat_map(ScopeMetrics::metrics)
        .collect();
    let names: BTreeSet<_> = pushed.iter().map(|it| it.name()).collect();
    assert_eq!(names, ALL.iter().map(|it| it.name).collect());

    for metric in ALL {
        let name = metric.prometheus_name;
        let help = format!("# HELP {name} {}\n", metric.description);
        assert!(text.contains(&help), "{help}");
        assert!(text.contains(&format!("# TYPE {name} counter\n")), "{name}");
        let of_metric = scraped.iter().filter(|it| it.name == name);
        let labels: BTreeSet<_> = of_metric.map(|it| it.labels.clone()).collect();
        assert_eq!(labels, combinations(metric), "{name}");

        for pushed in pushed.iter().filter(|it| it.name() == metric.name) {
            assert_eq!(pushed.unit(), metric.unit, "{name}");
            assert_eq!(pushed.description(), metric.description, "{name}");
            let AggregatedMetrics::U64(MetricData::Sum(sum)) = pushed.data() else {
                panic!("{name} is no counter");
            };
            assert!(sum.is_monotonic(), "{name}");
        }
    }
}

/// The labels of all series that a metric has: there is none with more than one label.
fn combinations(metric: &Metric) -> BTreeSet<Vec<(String, String)>> {
    let of_value = |label: &MetricLabel, value: &str| vec![(label.name.into(), value.into())];
    match metric.labels {
        [] => [Vec::new()].into(),
        [label] => {
            let values = label.values.iter();
            values.map(|value| of_value(label, value)).collect()
        }
        more => panic!("{more:?}"),
    }
}
