//! A security log that a test reads.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use mcp_observe::security::{SecurityLog, SecurityLogBuilder};
use mcp_observe::{Telemetry, TelemetryBuilder};
use opentelemetry_sdk::trace::SpanData;
use serde_json::{Map, Value};

use crate::{Capture, security_event};

/// Keys whose values differ from run to run.
const OF_THE_RUN: [&str; 4] = ["timestamp", "duration_ms", "trace_id", "span_id"];

/// What is written to it stays in memory. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().expect("not poisoned")
    }

    /// A log that is written here.
    pub fn builder(&self) -> SecurityLogBuilder {
        SecurityLog::builder().writer(self.clone())
    }

    /// An instance with this log, set up by `log` and `settings`.
    pub fn capture(
        &self,
        log: impl FnOnce(SecurityLogBuilder) -> SecurityLogBuilder,
        settings: impl FnOnce(TelemetryBuilder) -> TelemetryBuilder,
    ) -> Capture {
        let log = log(self.builder());
        Capture::with(|builder| settings(builder.security_log(log)))
    }

    /// All that the instance wrote so far.
    ///
    /// # Panics
    /// If that is no text, or telemetry cannot be flushed.
    #[must_use]
    pub fn text(&self, telemetry: &Telemetry) -> String {
        telemetry
            .flush(Duration::from_secs(60))
            .expect("telemetry can be flushed");
        String::from_utf8(self.bytes().clone()).expect("UTF-8")
    }

    /// The events that the instance wrote so far.
    ///
    /// # Panics
    /// If a line is not as the schema has it.
    #[must_use]
    pub fn events(&self, telemetry: &Telemetry) -> Vec<Event> {
        let text = self.text(telemetry);
        assert!(text.is_empty() || text.ends_with('\n'), "whole lines");
        text.lines().map(Event::read).collect()
    }

    /// The one event that the instance wrote so far.
    ///
    /// # Panics
    /// If there is none, or more than one.
    #[must_use]
    pub fn event(&self, telemetry: &Telemetry) -> Event {
        let mut events = self.events(telemetry);
        assert_eq!(events.len(), 1, "one event: {events:#?}");
        events.remove(0)
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A line of the log.
#[derive(Debug, Clone)]
pub struct Event(Map<String, Value>);

impl Event {
    fn read(line: &str) -> Self {
        Self(security_event::event(line))
    }

    /// A string.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.as_str()
    }

    /// `http.status`.
    #[must_use]
    pub fn http_status(&self) -> Option<u64> {
        self.0.get("http.status")?.as_u64()
    }

    /// Asserts that the event has exactly these members beside those that differ from run to run.
    ///
    /// # Panics
    /// If that is not so.
    #[track_caller]
    pub fn assert_is(&self, expected: &Value) {
        let mut found = self.0.clone();
        found.retain(|key, _| !OF_THE_RUN.contains(&&**key));
        found.remove("schema.version");
        assert_eq!(Value::Object(found), *expected);
    }

    /// Asserts that it tells of this span.
    ///
    /// # Panics
    /// If that is not so.
    #[track_caller]
    pub fn assert_of(&self, span: &SpanData) {
        let context = &span.span_context;
        assert_eq!(
            (self.get("trace_id"), self.get("span_id")),
            (
                Some(&*context.trace_id().to_string()),
                Some(&*context.span_id().to_string())
            )
        );
    }
}
