//! What a process that sent messages says of them.

use mcp_observe_tests::series;
use serde::{Deserialize, Serialize};

use crate::ledger::{Ledger, scraped};

/// What came of the messages, as far as the process itself knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// What the messages must have come to.
    pub expected: Ledger,
    /// What was scraped at the end.
    pub metrics: String,
    /// The lines of the security log, if they went to a channel.
    pub events: Ledger,
    /// The sum of the lines' `duration_ms`.
    pub event_milliseconds: f64,
    /// Answers that came, all of them the bare handler's.
    pub answers: u64,
    /// What half of the answers took at most, in seconds.
    pub p50: f64,
    /// What 99 % of them did.
    pub p99: f64,
    /// How long it took to send all messages and get all answers.
    pub seconds: f64,
    /// Resident memory in bytes, before the first message and after the last.
    pub resident: [u64; 2],
    /// How the shutdown ended, and a second one.
    pub shutdown: [Result<(), String>; 2],
    /// How long both took.
    pub shutdown_seconds: f64,
}

impl Report {
    /// The sum of all operations' durations, in seconds.
    #[must_use]
    pub fn sum_of_durations(&self) -> f64 {
        let sums = series(&self.metrics).into_iter();
        sums.filter(|it| it.name == "mcp_server_operation_duration_seconds_sum")
            .map(|it| it.value)
            .sum()
    }

    /// How many messages were answered in a second.
    #[must_use]
    pub fn answers_per_second(&self) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "it is printed without its fraction"
        )]
        let answers = self.answers as f64;
        answers / self.seconds
    }

    /// As one line of JSON.
    ///
    /// # Panics
    /// Never: it can be written as JSON.
    #[must_use]
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("it can be written as JSON")
    }
}

/// What became of spans and events that were made, as the process counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// Spans that the collector said it has.
    pub exported: u64,
    /// Spans that it did not.
    pub failed: u64,
    /// Spans that the queue had no room for.
    pub dropped: u64,
    /// Events of the security log, lost ones among them.
    pub events: u64,
    /// Events that the log's queue had no room for.
    pub events_dropped: u64,
    /// Events that could not be written.
    pub events_failed: u64,
}

impl Lost {
    /// Reads it from what is scraped.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let exports = "otel_sdk_exporter_span_exported_total";
        let failed = scraped(text, exports, Some(("error_type", "_OTHER")));
        let lost = "mcp_security_events_dropped_total";
        Self {
            exported: scraped(text, exports, None) - failed,
            failed,
            dropped: scraped(
                text,
                "otel_sdk_processor_span_processed_total",
                Some(("error_type", "queue_full")),
            ),
            events: scraped(text, "mcp_security_events_total", None),
            events_dropped: scraped(text, lost, Some(("reason", "queue_full"))),
            events_failed: scraped(text, lost, Some(("reason", "write_failed"))),
        }
    }

    /// All spans that anything became of.
    #[must_use]
    pub fn all_spans(self) -> u64 {
        self.exported + self.failed + self.dropped
    }
}
