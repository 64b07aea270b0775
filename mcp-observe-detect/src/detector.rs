//! Events in, alerts out.

use crate::alert::Alert;
use crate::config::Config;
use crate::event::{Event, EventError};
use crate::stats::Stats;
use crate::timestamp::Timestamp;

/// Evaluates the rules over a stream of events, in event time.
#[derive(Debug)]
pub struct Detector {
    config: Config,
    stats: Stats,
}

impl Detector {
    /// Without any past.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config,
            stats: Stats::default(),
        }
    }

    /// Reads a line and observes its event. Lines of nothing but spaces are passed over.
    ///
    /// # Errors
    /// The line is no event. It is counted, and detection goes on.
    pub fn observe_line(
        &mut self,
        line: &[u8],
        raise: &mut dyn FnMut(&Alert),
    ) -> Result<(), EventError> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        match Event::parse(line) {
            Ok(event) => {
                self.observe(&event, raise);
                Ok(())
            }
            Err(error) => {
                self.stats.malformed += 1;
                Err(error)
            }
        }
    }

    /// Observes an event. Alerts may be about earlier events, which were held back until now.
    pub fn observe(&mut self, event: &Event<'_>, raise: &mut dyn FnMut(&Alert)) {
        let _ = (event, raise);
        self.stats.events += 1;
    }

    /// It is `now`, and everything that was written until now has been observed: evaluates what need
    /// not be held back any longer.
    pub fn advance(&mut self, now: Timestamp, raise: &mut dyn FnMut(&Alert)) {
        let _ = (now, raise);
    }

    /// Nothing more comes: evaluates what is held back.
    pub fn finish(&mut self, raise: &mut dyn FnMut(&Alert)) {
        let _ = raise;
    }

    /// What it has seen so far.
    #[must_use]
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// What it was made with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }
}
