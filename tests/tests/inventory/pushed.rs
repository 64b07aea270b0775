//! As it comes by OTLP.

use std::collections::BTreeSet;

use mcp_observe::metric::{ALL, Kind, Metric};
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::metrics::v1;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;

use crate::domain::check;
use crate::emitting::emitted;

#[tokio::test]
async fn what_is_pushed_is_what_is_defined() {
    let emitted = emitted().await;
    let names: BTreeSet<_> = emitted.pushed.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ALL.iter().map(|it| it.name).collect());
    for pushed in &emitted.pushed {
        let defined = ALL.iter().find(|it| it.name == pushed.name);
        let defined = defined.expect("one of all");
        assert_eq!(pushed.unit, defined.unit, "{}", pushed.name);
        assert_eq!(pushed.description, defined.description, "{}", pushed.name);
        for attributes in series(pushed, defined) {
            for attribute in attributes {
                let value = text(attribute);
                let label = (attribute.key.as_str(), value.as_str());
                check(defined, |it| it.attribute, label, &emitted.tools);
            }
        }
    }
}

/// The attributes of each series, if it is of the kind that it is defined to be.
fn series<'a>(pushed: &'a v1::Metric, defined: &Metric) -> Vec<&'a [KeyValue]> {
    let is_default = |bounds: &[f64]| match defined.kind {
        Kind::Histogram { buckets } => bounds == buckets,
        _ => false,
    };
    match (&pushed.data, defined.kind) {
        (Some(Data::Sum(sum)), Kind::Counter | Kind::UpDownCounter) => {
            let only_grows = defined.kind == Kind::Counter;
            assert_eq!(sum.is_monotonic, only_grows, "{}", pushed.name);
            sum.data_points.iter().map(|it| &*it.attributes).collect()
        }
        (Some(Data::Histogram(histogram)), Kind::Histogram { .. }) => {
            let points = &histogram.data_points;
            let is_tools = defined.has_declared_labels;
            for point in points {
                // A tool may have its own.
                let bounds = &point.explicit_bounds;
                assert!(is_default(bounds) || is_tools, "{}", pushed.name);
            }
            points.iter().map(|it| &*it.attributes).collect()
        }
        (data, kind) => panic!("{} is {data:?}, and no {kind:?}", pushed.name),
    }
}

fn text(attribute: &KeyValue) -> String {
    let value = attribute.value.as_ref().and_then(|it| it.value.as_ref());
    match value {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        other => panic!("{} is {other:?}", attribute.key),
    }
}
