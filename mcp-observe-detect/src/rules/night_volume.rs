//! `night-volume`: many calls at night.

use crate::alert::{AlertKey, Evidence};
use crate::config::NightVolume;
use crate::night::Nights;
use crate::occurrence::Occurrence;
use crate::raise::Raise;
use crate::rule::{Entry, Rule, Severity};
use crate::state::{Found, Quiet, Recent, Table, Traces};

pub(crate) const ENTRY: Entry = Entry {
    id: "night-volume",
    title: "Many calls at night",
    description: "One actor calls tools more than 100 times in 10 minutes between 23:00 and \
        06:00.",
    severity: Severity::Medium,
    limits: &[
        "a slow drip of at most 100 calls in 10 minutes is no alert",
        "there is one night for everybody; scheduled jobs at night need the rule's threshold \
         to be above theirs",
    ],
};

#[derive(Debug)]
pub(super) struct Watch {
    config: NightVolume,
    window: i64,
    nights: Nights,
    actors: Table<Actor>,
}

#[derive(Debug, Default)]
struct Actor {
    calls: Recent,
    traces: Traces,
    quiet: Quiet,
}

impl Watch {
    pub(super) fn new(config: &NightVolume, capacity: usize) -> Self {
        let window = config.window.micros();
        Self {
            nights: Nights::new(config),
            window,
            actors: Table::new(Rule::NightVolume, capacity, window),
            config: config.clone(),
        }
    }

    pub(super) fn evaluate(&mut self, at: &Occurrence, raise: &mut Raise<'_>) {
        // What happened before nightfall is never counted.
        if !at.is_tool_call() || !self.nights.contains(at.time) {
            return;
        }
        let Found {
            value: actor,
            shared,
        } = self.actors.entry(at.actor, at, raise);
        let max_calls = self.config.max_calls.index();
        let count = actor.calls.push(at.now, self.window, max_calls + 1);
        actor.traces.push(at.trace_id);
        if count <= max_calls {
            return;
        }
        if let Some(suppressed) = actor.quiet.ring(at.now, self.window) {
            let evidence = Evidence {
                count: Evidence::number(count),
                threshold: Evidence::number(max_calls),
                ..Evidence::of_window(self.window, suppressed, shared, &actor.traces)
            };
            raise.alert(
                Rule::NightVolume,
                self.config.severity,
                at,
                AlertKey::actor(at),
                evidence,
            );
        }
    }
}
