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
///
/// # Time
/// Events are evaluated in the order of their `timestamp`, whatever the machine's clock says: a log that is
/// replayed raises the alerts that it raised live. Each is held back until one has been observed that is
/// younger by more than [`Config::allowance`], at most 65,536 of them; one that comes later than that is
/// evaluated at once, at the time that has been reached, and counted in [`Stats::late`].
///
/// Clocks are doubted: an event that is younger than all others by more than [`Config::max_skew`] is
/// believed when another one, or [`advance`](Self::advance), confirms that it is that late; after 64 in a
/// row that are older by more than that, the log's clock was set back, of which rule `clock-step` tells.
/// Windows go on over such a step, and lose nothing that they have counted.
///
/// # Memory
/// Is bounded by the configuration, whatever is in the log: at most 9 KiB for each of
/// [`Config::capacity`] keys (576 MiB at the default, if 65,536 actors were at the limits of all rules
/// at once; those who call now and then take a tenth of it), 90 MiB for events that are held back, and
/// 24 MiB for tools.
///
/// Where a rule has more keys within its window than that, those beyond share their counts: flooding
/// makes alerts come early ([`Evidence::shared`]), and never keeps one back. Rule `state-pressure` tells
/// of it.
///
/// ```
/// use mcp_observe_detect::{Config, Detector};
///
/// let mut detector = Detector::new(Config::default());
/// let log = [
///     r#"{"timestamp":"2026-03-01T12:00:00.000000Z","schema.version":"1.0","event.category":"mcp.tool_call",
///         "mcp.tool.name":"read_mail","mcp.tool.tags":["source"],"usr.id":"ada","status":"success"}"#,
///     r#"{"timestamp":"2026-03-01T12:00:09.000000Z","schema.version":"1.0","event.category":"mcp.tool_call",
///         "mcp.tool.name":"post","mcp.tool.tags":["sink"],"usr.id":"ada","status":"success"}"#,
/// ];
/// let mut told = Vec::new();
/// for line in log {
///     detector.observe_line(line.as_bytes(), &mut |alert| told.push(alert.to_json()))?;
/// }
/// detector.finish(&mut |alert| told.push(alert.to_json()));
/// assert!(told[0].contains(r#""rule.id":"read-then-send""#));
/// # Ok::<(), mcp_observe_detect::EventError>(())
/// ```
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
