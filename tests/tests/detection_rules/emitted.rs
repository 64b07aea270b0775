//! The metrics that a server has: those of one with a security log, that was called, and that refused a
//! request.

use std::collections::{BTreeMap, BTreeSet};

use mcp_observe::http::ObserveLayer;
use mcp_observe::security::SecurityLog;
use mcp_observe_tests::Capture;
use mcp_observe_tests::over_http::{Mode, Setup};
use mcp_observe_tests::series;
use serde_json::json;

/// Metrics as they are scraped, with their labels.
pub(crate) struct Emitted(BTreeMap<String, BTreeSet<String>>);

impl Emitted {
    /// From a server over HTTP.
    pub(crate) async fn scraped() -> Self {
        let log = SecurityLog::builder().writer(std::io::sink());
        let capture = Capture::with(|builder| builder.security_log(log));
        let layer = ObserveLayer::new().telemetry(&capture.telemetry);
        let around = |router: axum::Router| router.route_layer(layer);
        let setup = Setup::with(Mode::Sessions, capture, around).await;
        setup.call(1, json!({}), &[]).await;
        let gone = [("mcp-session-id", "gone")];
        let ping = json!({ "jsonrpc": "2.0", "id": 2, "method": "ping" });
        let answer = setup.web.post(&gone, &ping).await;
        assert_eq!(answer.status, 404, "there is no such session");

        let mut metrics = BTreeMap::<_, BTreeSet<_>>::new();
        for series in series(&setup.capture.telemetry.prometheus_text()) {
            let labels = series.labels.into_iter().map(|(label, _)| label);
            metrics.entry(series.name).or_default().extend(labels);
        }
        // What the detection counts is shown on a meter of the program's.
        metrics.insert("mcp_alerts_total".to_owned(), ["rule".to_owned()].into());
        metrics.insert("mcp_alerts_unwritten_total".to_owned(), BTreeSet::new());
        Self(metrics)
    }

    /// The labels of a metric.
    pub(crate) fn labels(&self, metric: &str) -> &BTreeSet<String> {
        let labels = self.0.get(metric);
        labels.unwrap_or_else(|| panic!("{metric} is not emitted: {:?}", self.0.keys()))
    }
}
