//! An instance, and what it exports of one input.

use std::time::Duration;

use mcp_observe::security::{self, Lines, SecurityLog, SecurityLogBuilder};
use mcp_observe::{SetupError, Telemetry, TelemetryBuilder};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SimpleSpanProcessor, SpanData};

/// Lines of a security log that one input makes are fewer.
const LINES: usize = 64;

/// An instance whose spans and security events are kept until they are taken.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) telemetry: Telemetry,
    spans: InMemorySpanExporter,
    lines: Lines,
}

impl Instance {
    /// Made with these settings, without a security log.
    pub(crate) fn with(settings: impl FnOnce(TelemetryBuilder) -> TelemetryBuilder) -> Self {
        Self::made(|builder, _| settings(builder).build())
    }

    /// The same with a security log.
    pub(crate) fn logged(settings: impl FnOnce(TelemetryBuilder) -> TelemetryBuilder) -> Self {
        Self::made(|builder, log| settings(builder.security_log(log)).build())
    }

    /// The process's default instance, without a security log.
    pub(crate) fn installed() -> Self {
        Self::made(|builder, _| builder.install())
    }

    fn made(
        make: impl FnOnce(TelemetryBuilder, SecurityLogBuilder) -> Result<Telemetry, SetupError>,
    ) -> Self {
        let spans = InMemorySpanExporter::default();
        let (sender, lines) = security::channel(LINES);
        let processor = SimpleSpanProcessor::new(spans.clone());
        let log = SecurityLog::builder().writer(sender);
        let telemetry = make(Telemetry::builder().span_processor(processor), log);
        Self {
            telemetry: telemetry.expect("the instance can be made"),
            spans,
            lines,
        }
    }

    /// The spans that ended since the last time.
    pub(crate) fn spans(&self) -> Vec<SpanData> {
        let spans = self.spans.get_finished_spans().expect("the exporter works");
        self.spans.reset();
        spans
    }

    /// The lines of the security log since the last time, without their ends.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.telemetry
            .flush(Duration::from_secs(60))
            .expect("telemetry can be flushed");
        std::iter::from_fn(|| self.lines.try_next()).collect()
    }
}

/// A text that must be nowhere, which nothing else contains.
pub(crate) const CANARY: &str = "CanaryQz7";

/// Asserts that no canary is in what was exported.
#[track_caller]
pub(crate) fn assert_clean(exported: &str) {
    assert!(!exported.contains(CANARY), "a canary got out: {exported}");
}
