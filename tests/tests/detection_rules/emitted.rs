//! The metrics that a server can have, as Prometheus names them: those that are defined, and a test of
//! their own compares those with what is emitted.

use std::collections::{BTreeMap, BTreeSet};

use mcp_observe::metric::{self, Kind, Metric};
use mcp_observe_detect::metric as alerts;

/// Metrics as they are scraped, with their labels.
pub(crate) struct Emitted(BTreeMap<String, BTreeSet<&'static str>>);

impl Emitted {
    /// All of a server's, and what the detection counts.
    pub(crate) fn all() -> Self {
        let of_server = metric::ALL.iter().flat_map(series);
        let of_alerts = alerts::ALL.iter().map(|metric| {
            let labels = metric.labels.iter().map(|label| label.name);
            (metric.prometheus_name.to_owned(), labels.collect())
        });
        Self(of_server.chain(of_alerts).collect())
    }

    /// The labels of a metric.
    pub(crate) fn labels(&self, metric: &str) -> &BTreeSet<&'static str> {
        let labels = self.0.get(metric);
        labels.unwrap_or_else(|| panic!("{metric} is not emitted: {:?}", self.0.keys()))
    }
}

/// The names of a metric's series, of which a histogram has several, with their labels.
fn series(metric: &Metric) -> Vec<(String, BTreeSet<&'static str>)> {
    let name = metric.prometheus_name;
    let labels: BTreeSet<_> = metric.labels.iter().map(|label| label.name).collect();
    if !matches!(metric.kind, Kind::Histogram { .. }) {
        return vec![(name.to_owned(), labels)];
    }
    let mut of_buckets = labels.clone();
    of_buckets.insert("le");
    vec![
        (format!("{name}_bucket"), of_buckets),
        (format!("{name}_sum"), labels.clone()),
        (format!("{name}_count"), labels),
    ]
}
