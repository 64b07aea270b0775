//! Events in, alerts out.

use crate::alert::{Alert, AlertKey, Evidence};
use crate::config::Config;
use crate::event::{Category, Event, EventError};
use crate::identity::Keys;
use crate::raise::Raise;
use crate::rule::Rule;
use crate::rules::Rules;
use crate::stats::Stats;
use crate::timeline::{Step, Timeline};
use crate::timestamp::Timestamp;

/// Evaluates the rules over a stream of events, in event time.
#[derive(Debug)]
pub struct Detector {
    config: Config,
    keys: Keys,
    timeline: Timeline,
    rules: Rules,
    stats: Stats,
}

impl Detector {
    /// Without any past.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            keys: Keys::default(),
            timeline: Timeline::new(&config),
            rules: Rules::new(&config),
            stats: Stats::default(),
            config,
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
        self.stats.events += 1;
        if event.category == Category::Other {
            return;
        }
        let mut occurrence = self.timeline.blank();
        occurrence.fill(event, &self.keys, &self.config.ignore_peers);
        if let Some(step) = self.timeline.insert(occurrence, &mut self.stats) {
            self.tell(step, raise);
        }
        self.evaluate(raise);
    }

    /// It is `now`, and everything that was written until now has been observed: evaluates what need
    /// not be held back any longer.
    pub fn advance(&mut self, now: Timestamp, raise: &mut dyn FnMut(&Alert)) {
        self.timeline.advance(now, &mut self.stats);
        self.evaluate(raise);
    }

    /// Nothing more comes: evaluates what is held back.
    pub fn finish(&mut self, raise: &mut dyn FnMut(&Alert)) {
        self.timeline.finish(&mut self.stats);
        self.evaluate(raise);
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

    fn evaluate(&mut self, to: &mut dyn FnMut(&Alert)) {
        while let Some(occurrence) = self.timeline.next() {
            let mut raise = Raise {
                stats: &mut self.stats,
                to,
            };
            self.rules.evaluate(&occurrence, &mut raise);
            self.timeline.give_back(occurrence);
        }
    }

    fn tell(&mut self, step: Step, to: &mut dyn FnMut(&Alert)) {
        let rule = Rule::ClockStep;
        let evidence = Evidence {
            since: Some(step.from),
            ..Evidence::default()
        };
        Raise {
            stats: &mut self.stats,
            to,
        }
        .alert_at(
            rule,
            rule.severity(),
            step.to,
            AlertKey::default(),
            evidence,
        );
    }
}
