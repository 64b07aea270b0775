//! Metrics as they are exported by OTLP, as far as the tests look at them.

use axum::body::Bytes;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, HistogramDataPoint, NumberDataPoint, metric::Data,
    number_data_point::Value,
};
use prost::Message;

use crate::collector::attribute;

/// The value of a series at the time of an export.
#[derive(Debug)]
pub(crate) struct Point {
    pub(crate) name: String,
    /// Of a histogram, how many values it has.
    pub(crate) value: f64,
    /// Of a counter or histogram, whether it tells what came to be since the last export.
    pub(crate) is_difference: Option<bool>,
    labels: Vec<KeyValue>,
}

impl Point {
    pub(crate) fn label(&self, key: &str) -> Option<&str> {
        attribute(&self.labels, key)
    }

    pub(crate) fn has(&self, labels: &[(&str, &str)]) -> bool {
        labels
            .iter()
            .all(|&(key, value)| self.label(key) == Some(value))
    }

    pub(crate) fn has_exactly(&self, labels: &[(&str, &str)]) -> bool {
        self.labels.len() == labels.len() && self.has(labels)
    }

    /// All labels as one text.
    pub(crate) fn series(&self) -> String {
        format!("{:?}", self.labels)
    }
}

/// The values of an export.
pub(crate) fn points(body: Bytes) -> Vec<Point> {
    let request = ExportMetricsServiceRequest::decode(body).expect("an export of metrics");
    let scopes = request
        .resource_metrics
        .into_iter()
        .flat_map(|resource| resource.scope_metrics);
    let metrics = scopes.flat_map(|scope| scope.metrics);
    metrics
        .flat_map(|metric| {
            let temporality = match metric.data.as_ref() {
                // Up/down counters are never exported as differences.
                Some(Data::Sum(sum)) if sum.is_monotonic => Some(sum.aggregation_temporality()),
                Some(Data::Histogram(it)) => Some(it.aggregation_temporality()),
                _ => None,
            };
            let is_difference = temporality.map(|it| it == AggregationTemporality::Delta);
            let points = match metric.data.expect("a metric has data") {
                Data::Sum(sum) => sum.data_points.into_iter().map(of_number).collect(),
                Data::Gauge(gauge) => gauge.data_points.into_iter().map(of_number).collect(),
                Data::Histogram(it) => it.data_points.into_iter().map(of_histogram).collect(),
                other => panic!("a kind of metric that nothing here has: {other:?}"),
            };
            let points: Vec<_> = points;
            points.into_iter().map(move |(value, labels)| Point {
                name: metric.name.clone(),
                value,
                is_difference,
                labels,
            })
        })
        .collect()
}

fn of_number(point: NumberDataPoint) -> (f64, Vec<KeyValue>) {
    let value = match point.value.expect("a point has a value") {
        Value::AsDouble(value) => value,
        Value::AsInt(value) => as_f64(value),
    };
    (value, point.attributes)
}

fn of_histogram(point: HistogramDataPoint) -> (f64, Vec<KeyValue>) {
    let count = i64::try_from(point.count).expect("few values");
    (as_f64(count), point.attributes)
}

fn as_f64(value: i64) -> f64 {
    f64::from(i32::try_from(value).expect("a small number"))
}
