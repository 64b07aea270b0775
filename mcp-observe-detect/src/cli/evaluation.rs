//! A detector with where its alerts go, and what came of it.

use std::time::{Duration, Instant};

use mcp_observe_detect::{Config, Detector, Event, EventError, Stats, Timestamp};

use super::Found;
use super::alerts::Alerts;
use super::arguments::Format;
use super::failure::Failure;

/// What lines are given to.
#[derive(Debug)]
pub(super) struct Evaluation {
    detector: Detector,
    alerts: Alerts,
    malformed: u64,
    /// Of the earliest event and the latest.
    span: Option<(Timestamp, Timestamp)>,
    started: Instant,
}

impl Evaluation {
    pub(super) fn new(config: Config, format: Format) -> Self {
        Self {
            detector: Detector::new(config),
            alerts: Alerts::new(format),
            malformed: 0,
            span: None,
            started: Instant::now(),
        }
    }

    /// Evaluates a line. One that is no event is counted; an empty one is nothing.
    pub(super) fn line(&mut self, line: &[u8]) -> Result<(), EventError> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        let event = Event::parse(line).inspect_err(|_| self.malformed += 1)?;
        let time = event.timestamp;
        self.span = Some(match self.span {
            Some((first, last)) => (first.min(time), last.max(time)),
            None => (time, time),
        });
        self.detector
            .observe(&event, &mut |alert| self.alerts.take(alert));
        Ok(())
    }

    /// Everything that was written until now has been evaluated.
    pub(super) fn idle(&mut self) {
        self.detector
            .advance(Timestamp::now(), &mut |alert| self.alerts.take(alert));
    }

    /// Nothing more comes.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        self.detector.finish(&mut |alert| self.alerts.take(alert));
        self.flush()
    }

    /// Makes sure that alerts are out.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        self.alerts.flush().map_err(Failure::Output)
    }

    pub(super) fn found(&self) -> Found {
        if self.alerts.by_rule().next().is_some() {
            Found::Something
        } else {
            Found::Nothing
        }
    }

    pub(super) fn alerts(&self) -> &Alerts {
        &self.alerts
    }

    pub(super) fn stats(&self) -> &Stats {
        self.detector.stats()
    }

    pub(super) fn malformed(&self) -> u64 {
        self.malformed
    }

    pub(super) fn span(&self) -> Option<(Timestamp, Timestamp)> {
        self.span
    }

    /// Since it began.
    pub(super) fn taken(&self) -> Duration {
        self.started.elapsed()
    }
}
