//! An observed server whose client has initialised over a pipe, and what is exported of it.

use mcp_observe::rmcp::Observed;
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry_sdk::trace::SpanData;
use serde_json::Value;

use crate::server::Everything;
use crate::wire::{Wire, eventually, request};
use crate::{Capture, attributes, names};

/// The protocol revision that it speaks.
pub const VERSION: &str = "2025-11-25";

/// Attributes of a span that are no labels of its sample.
const SPAN_ONLY: [&str; 3] = ["jsonrpc.request.id", "mcp.resource.uri", "mcp.result.type"];

/// An observed [`Everything`] whose client has initialised.
#[derive(Debug)]
pub struct Session {
    /// All that is exported.
    pub capture: Capture,
    /// The client.
    pub wire: Wire,
}

impl Session {
    /// Begins the session.
    pub async fn new() -> Self {
        let capture = Capture::new();
        let observed = Observed::builder(Everything::default()).telemetry(&capture.telemetry);
        let wire = Wire::initialized(observed.build(), VERSION).await;
        eventually("the session is initialised", || capture.spans().len() == 2).await;
        Self { capture, wire }
    }

    /// Sends a request; returns its answer and its span.
    ///
    /// # Panics
    /// If there are more spans than one.
    pub async fn ask(
        &mut self,
        id: impl Into<Value>,
        method: &str,
        params: &Value,
    ) -> (Value, SpanData) {
        let before = self.capture.spans().len();
        let answer = self.wire.ask(&request(id, method, params)).await;
        let mut spans = self.capture.spans().split_off(before);
        assert_eq!(spans.len(), 1, "one request, one span: {:?}", names(&spans));
        (answer, spans.remove(0))
    }

    /// All that is exported, to look for what must not be.
    #[must_use]
    pub fn exported(&self) -> String {
        format!(
            "{:?}\n{}",
            self.capture.spans(),
            self.capture.telemetry.prometheus_text()
        )
    }
}

/// Asserts a span that says of its operation exactly this, beside what all of the session say; and
/// that it has one sample with the same values.
///
/// # Panics
/// If that is not so.
#[track_caller]
pub fn assert_span(capture: &Capture, span: &SpanData, name: &str, status: &Status, own: &[&str]) {
    assert_eq!(span.name, name);
    assert_eq!(span.span_kind, SpanKind::Server);
    assert_eq!(span.status, *status, "{name}");
    assert!(span.links.is_empty() && span.events.is_empty(), "{span:#?}");
    let mut expected = vec!["network.transport=pipe".to_owned()];
    if !own.iter().any(|it| it.starts_with("mcp.protocol.version")) {
        expected.push(format!("mcp.protocol.version={VERSION}"));
    }
    expected.extend(own.iter().map(|&it| it.to_owned()));
    expected.sort();
    assert_eq!(attributes(span), expected, "{name}");

    let labels: Vec<(String, &str)> = expected
        .iter()
        .filter_map(|it| it.split_once('='))
        .filter(|(key, _)| !SPAN_ONLY.contains(key))
        .map(|(key, value)| (key.replace('.', "_"), value))
        .collect();
    let labels: Vec<(&str, &str)> = labels.iter().map(|(key, value)| (&**key, *value)).collect();
    let samples = capture.metric("mcp_server_operation_duration_seconds_count", &labels);
    assert_eq!(samples, Some(1.0), "samples with {labels:?}");
}
