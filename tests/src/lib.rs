//! What the tests share: an instance whose exported data can be looked at.

pub mod connect;
pub mod expected;
pub mod over_http;
pub mod pages;
pub mod runtimes;
pub mod script;
pub mod security;
// Its crate has tools, which would be linked into every test that lists them.
#[path = "../invariants/src/security_event.rs"]
pub mod security_event;
pub mod server;
pub mod session;
pub mod source;
pub mod web;
pub mod wire;
pub mod written;

#[cfg(doctest)]
mod compiled;

use std::sync::OnceLock;

use mcp_observe::{Telemetry, TelemetryBuilder};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SimpleSpanProcessor, SpanData};

/// A `Telemetry` instance with everything that it exported.
#[derive(Debug, Clone)]
pub struct Capture {
    /// The instance.
    pub telemetry: Telemetry,
    spans: InMemorySpanExporter,
}

impl Default for Capture {
    fn default() -> Self {
        Self::new()
    }
}

impl Capture {
    /// An instance of its own, which only what names it uses.
    ///
    /// # Panics
    /// If the instance cannot be made.
    #[must_use]
    pub fn new() -> Self {
        Self::with(|builder| builder)
    }

    /// An instance of its own with further settings.
    ///
    /// # Panics
    /// If the instance cannot be made.
    pub fn with(settings: impl FnOnce(TelemetryBuilder) -> TelemetryBuilder) -> Self {
        let (builder, spans) = builder();
        Self {
            telemetry: settings(builder).build().expect("the instance can be made"),
            spans,
        }
    }

    /// The process's default instance. All tests of a file share it: they tell their data apart by
    /// the names of their tools.
    ///
    /// # Panics
    /// If the instance cannot be installed.
    #[expect(
        clippy::must_use_candidate,
        reason = "some want it to be installed, and no more"
    )]
    pub fn installed() -> &'static Self {
        Self::installed_with(|builder| builder)
    }

    /// The same with further settings, those of the first test that asks.
    ///
    /// # Panics
    /// If the instance cannot be installed.
    pub fn installed_with(settings: fn(TelemetryBuilder) -> TelemetryBuilder) -> &'static Self {
        static INSTALLED: OnceLock<Capture> = OnceLock::new();
        INSTALLED.get_or_init(|| {
            let (builder, spans) = builder();
            Self {
                telemetry: settings(builder)
                    .install()
                    .expect("nothing else is installed"),
                spans,
            }
        })
    }

    /// All spans exported so far, in the order in which they ended.
    ///
    /// # Panics
    /// If the exporter was poisoned by another test's panic.
    #[must_use]
    pub fn spans(&self) -> Vec<SpanData> {
        self.spans.get_finished_spans().expect("the exporter works")
    }

    /// The spans of that name.
    #[must_use]
    pub fn spans_named(&self, name: &str) -> Vec<SpanData> {
        let mut spans = self.spans();
        spans.retain(|span| span.name == name);
        spans
    }

    /// The one span of that name.
    ///
    /// # Panics
    /// If there is none, or more than one.
    #[must_use]
    pub fn span(&self, name: &str) -> SpanData {
        let mut spans = self.spans_named(name);
        assert_eq!(
            spans.len(),
            1,
            "spans named {name}: {:#?}",
            names(&self.spans())
        );
        spans.remove(0)
    }

    /// The value of the series `name` whose labels are exactly `labels`, as it is scraped; `None` if
    /// there is no such series.
    #[must_use]
    pub fn metric(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        series(&self.telemetry.prometheus_text())
            .into_iter()
            .find(|series| series.name == name && series.has_exactly(labels))
            .map(|series| series.value)
    }

    /// The sum over all series of `name` whose labels include `labels`.
    #[must_use]
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        series(&self.telemetry.prometheus_text())
            .into_iter()
            .filter(|series| series.name == name && series.has(labels))
            .map(|series| series.value)
            .sum()
    }
}

fn builder() -> (TelemetryBuilder, InMemorySpanExporter) {
    let spans = InMemorySpanExporter::default();
    let processor = SimpleSpanProcessor::new(spans.clone());
    (Telemetry::builder().span_processor(processor), spans)
}

/// The names of the spans.
#[must_use]
pub fn names(spans: &[SpanData]) -> Vec<String> {
    spans.iter().map(|span| span.name.to_string()).collect()
}

/// An attribute's value as text; `None` if the span does not have it.
///
/// # Panics
/// If the span has the attribute more than once.
#[must_use]
pub fn attribute(span: &SpanData, key: &str) -> Option<String> {
    let mut values = span.attributes.iter().filter(|it| it.key.as_str() == key);
    let value = values.next()?;
    assert!(values.next().is_none(), "{key} is there twice: {span:#?}");
    Some(value.value.to_string())
}

/// The span's attributes as sorted `key=value` texts.
#[must_use]
pub fn attributes(span: &SpanData) -> Vec<String> {
    let mut all: Vec<String> = span
        .attributes
        .iter()
        .map(|it| format!("{}={}", it.key, it.value))
        .collect();
    all.sort();
    all
}

/// A line of Prometheus text.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The metric's name.
    pub name: String,
    /// Its labels.
    pub labels: Vec<(String, String)>,
    /// Its value.
    pub value: f64,
}

impl Series {
    fn has(&self, labels: &[(&str, &str)]) -> bool {
        labels
            .iter()
            .all(|(key, value)| self.labels.iter().any(|(k, v)| k == key && v == value))
    }

    fn has_exactly(&self, labels: &[(&str, &str)]) -> bool {
        self.labels.len() == labels.len() && self.has(labels)
    }
}

/// Reads Prometheus text. Label values with commas or escapes are not understood; ours have none.
///
/// # Panics
/// If a line cannot be read.
#[must_use]
pub fn series(text: &str) -> Vec<Series> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            let (name, labels) = match series.split_once('{') {
                Some((name, labels)) => (name, labels.trim_end_matches('}')),
                None => (series, ""),
            };
            Series {
                name: name.to_owned(),
                labels: labels
                    .split(',')
                    .filter(|label| !label.is_empty())
                    .map(|label| {
                        let (key, value) = label.split_once('=').expect("a label");
                        (key.to_owned(), value.trim_matches('"').to_owned())
                    })
                    .collect(),
                value: value.parse().expect("a number"),
            }
        })
        .collect()
}
