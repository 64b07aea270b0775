//! A metrics store, asked in Prometheus's way: Prometheus itself, or `VictoriaMetrics`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::Api;

/// A series' labels, without its name, and its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sample {
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) value: f64,
}

/// What answers queries.
#[derive(Debug, Clone)]
pub(crate) struct MetricStore {
    pub(crate) api: Api,
    /// What of its series are of the demo.
    pub(crate) selector: &'static str,
}

impl MetricStore {
    /// What an expression is now, as a vector; a scalar is one sample without labels.
    pub(crate) async fn query(&self, expression: &str) -> Result<Vec<Sample>, String> {
        let answer = self
            .api
            .json("/api/v1/query", &[("query", expression)])
            .await?;
        let result = &answer["data"]["result"];
        let sample = |labels: &Value, point: &Value| {
            let labels = labels.as_object().into_iter().flatten();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            Some(Sample {
                labels: labels
                    .filter(|(name, _)| *name != "__name__")
                    .map(|(name, value)| (name.clone(), text(value)))
                    .collect(),
                value: point[1].as_str()?.parse().ok()?,
            })
        };
        let samples: Option<Vec<_>> = match answer["data"]["resultType"].as_str() {
            Some("vector") => result.as_array().and_then(|all| {
                let all = all.iter();
                all.map(|it| sample(&it["metric"], &it["value"])).collect()
            }),
            Some("scalar") => sample(&Value::Null, result).map(|it| vec![it]),
            _ => None,
        };
        samples.ok_or_else(|| format!("{expression}: {answer}"))
    }

    /// The values of a vector by those of its labels' values, which are joined by a space.
    pub(crate) async fn values(&self, expression: &str) -> Result<BTreeMap<String, f64>, String> {
        let samples = self.query(expression).await?.into_iter();
        Ok(samples
            .map(|sample| {
                let labels: Vec<_> = sample.labels.into_values().collect();
                (labels.join(" "), sample.value)
            })
            .collect())
    }
}
