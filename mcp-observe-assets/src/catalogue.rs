//! What one server can emit: the metrics' definitions, with the names of its tools, their labels and
//! their classes of errors.

use std::collections::BTreeSet;

use mcp_observe::Tool;
use mcp_observe::metric::label::TOOL_NAME;
use mcp_observe::metric::{
    Metric, MetricLabel, TOOL_ACTIVE, TOOL_CALLS, TOOL_DURATION, TOOL_ERRORS, TOOL_TOKENS, Values,
};

use crate::promql::{KnownLabel, Query, Series};

/// The label of Prometheus that tells servers apart: `service.name` by OTLP, the scrape's job.
pub(crate) const JOB: &str = "job";

/// What is measured of tools, each of which has `tool_name`.
pub(crate) const OF_TOOLS: [Metric; 5] = [
    TOOL_CALLS,
    TOOL_ERRORS,
    TOOL_DURATION,
    TOOL_ACTIVE,
    TOOL_TOKENS,
];

/// A server.
#[derive(Debug, Clone)]
pub(crate) struct Catalogue {
    pub(crate) service: String,
    /// By name.
    pub(crate) tools: Vec<Tool>,
}

impl Catalogue {
    pub(crate) fn new(service: String, mut tools: Vec<Tool>) -> Self {
        tools.sort_by_key(|tool| tool.name);
        Self { service, tools }
    }

    /// The names of tools whose durations have the same buckets, and can thus be summed.
    pub(crate) fn tools_by_buckets(&self) -> Vec<Vec<&'static str>> {
        let mut groups: Vec<(&[f64], Vec<&'static str>)> = Vec::new();
        for tool in &self.tools {
            match groups
                .iter_mut()
                .find(|(buckets, _)| *buckets == tool.buckets)
            {
                Some((_, names)) => names.push(tool.name),
                None => groups.push((tool.buckets, vec![tool.name])),
            }
        }
        groups.into_iter().map(|(_, names)| names).collect()
    }

    /// The series of a metric that is no histogram.
    pub(crate) fn series(&self, metric: &Metric) -> Series {
        Series::new(metric.prometheus_name.to_owned(), self.labels(metric))
    }

    /// A histogram's number of samples.
    pub(crate) fn count(&self, metric: &Metric) -> Series {
        let name = format!("{}_count", metric.prometheus_name);
        Series::new(name, self.labels(metric))
    }

    /// A histogram's sum of samples.
    pub(crate) fn sum(&self, metric: &Metric) -> Series {
        let name = format!("{}_sum", metric.prometheus_name);
        Series::new(name, self.labels(metric))
    }

    /// A histogram's buckets.
    pub(crate) fn buckets(&self, metric: &Metric) -> Series {
        let name = format!("{}_bucket", metric.prometheus_name);
        let mut labels = self.labels(metric);
        labels.push(KnownLabel::open("le"));
        Series::new(name, labels)
    }

    /// Series that a rule records under this name.
    pub(crate) fn recorded(&self, name: &str, query: &Query) -> Series {
        let labels = query.labels().iter().map(|label| {
            if *label == TOOL_NAME.name {
                self.known(&TOOL_NAME)
            } else {
                KnownLabel::open(label)
            }
        });
        Series::new(name.to_owned(), labels.collect())
    }

    /// Whether the server could be scraped, as Prometheus or the Collector says.
    pub(crate) fn up() -> Series {
        Self::of_other("up", &[])
    }

    /// Series of the detection's, where it runs in the server's process.
    pub(crate) fn detection(metric: &mcp_observe_detect::metric::Metric) -> Series {
        let labels = metric.labels.iter().map(|label| {
            let values = label.values.iter().copied().collect();
            KnownLabel::closed(label.name, values)
        });
        let all = [JOB, "instance"].map(KnownLabel::open).into_iter();
        let name = metric.prometheus_name.to_owned();
        Series::new(name, all.chain(labels).collect())
    }

    /// Series that others make, with these labels of any value.
    pub(crate) fn of_other(name: &str, labels: &[&'static str]) -> Series {
        let all = [JOB, "instance"].into_iter().chain(labels.iter().copied());
        Series::new(name.to_owned(), all.map(KnownLabel::open).collect())
    }

    fn labels(&self, metric: &Metric) -> Vec<KnownLabel> {
        let mut labels = vec![KnownLabel::open(JOB), KnownLabel::open("instance")];
        labels.extend(metric.labels.iter().map(|label| self.known(label)));
        if metric.has_declared_labels {
            let declared = self.tools.iter().flat_map(|tool| tool.labels);
            labels.extend(declared.map(|label| KnownLabel::open(label.name)));
        }
        labels
    }

    fn known(&self, label: &MetricLabel) -> KnownLabel {
        let values: BTreeSet<&'static str> = match label.values {
            Values::Closed(values) => values.iter().copied().collect(),
            Values::Tools => self
                .tools
                .iter()
                .map(|tool| tool.name)
                .chain(["_OTHER"])
                .collect(),
            Values::ErrorTypes(of_all) => {
                let own = self.tools.iter().flat_map(|tool| &tool.error_types);
                of_all.iter().chain(own).copied().collect()
            }
            _ => return KnownLabel::open(label.name),
        };
        KnownLabel::closed(label.name, values)
    }
}
