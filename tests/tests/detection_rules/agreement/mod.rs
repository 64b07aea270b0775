//! `mcp-observe-detect` and the Sigma rules agree, event by event: the latter are evaluated by an engine
//! of another make.
//!
//! Compared is at which event a rule is first crossed. For each rule, and each key that it counts by, the
//! crossings of both sides are put together; one that comes later than the rule's quiet period after the
//! one before is the first of an episode, and has to be a crossing on both sides. What comes after the
//! first is not compared: Sigma has no quiet period, and fires on. Keys are computed from the events, not
//! taken from either side. Both see the events in the order of their time, in microseconds.
//!
//! Not compared is what Sigma cannot express; [`Relation`] says which rules those are.

mod corpus;
mod episodes;
mod independent;
mod ours;
mod relation;
mod streams;

pub(crate) use ours::rules;

use mcp_observe_detect::Timestamp;
use serde_json::Value;

/// A line of the log.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) line: String,
    pub(crate) json: Value,
    /// In microseconds since 1970.
    pub(crate) at: i64,
}

impl Event {
    fn read(line: &str) -> Self {
        let json: Value = serde_json::from_str(line).expect("a line is JSON");
        let timestamp = json["timestamp"].as_str().expect("events have times");
        let time: Timestamp = timestamp.parse().expect("RFC 3339");
        Self {
            line: line.to_owned(),
            at: time.as_micros(),
            json,
        }
    }

    /// As if it had happened then.
    fn move_to(&mut self, at: i64) {
        let time = Timestamp::from_micros(at).to_string();
        self.json["timestamp"] = time.into();
        *self = Self::read(&self.json.to_string());
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.json[field].as_str()
    }
}

/// A rule was crossed at an event, on one side.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Crossing {
    /// The event's place in the stream.
    pub(crate) event: usize,
    /// The rule's id.
    pub(crate) rule: String,
    /// Which of its conditions, where that is compared.
    pub(crate) part: &'static str,
}
