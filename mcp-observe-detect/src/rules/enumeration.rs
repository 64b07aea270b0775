//! `enumeration`: unknown tools and methods are tried out.

use crate::alert::{AlertKey, Evidence};
use crate::config::Enumeration;
use crate::occurrence::Occurrence;
use crate::raise::Raise;
use crate::rule::{Entry, Rule, Severity};
use crate::state::{Distinct, Found, Quiet, Table, Traces};

pub(crate) const ENTRY: Entry = Entry {
    id: "enumeration",
    title: "Unknown tools or methods are tried out",
    description: "One actor asks for 10 distinct unknown tools and methods in 10 minutes.",
    severity: Severity::Medium,
    limits: &[
        "a slow drip of fewer than 10 names in 10 minutes is no alert",
        "actors without a `usr.id` are told apart by address only: one who changes that \
         network begins anew",
    ],
};

#[derive(Debug)]
pub(super) struct Watch {
    config: Enumeration,
    window: i64,
    actors: Table<Actor>,
}

#[derive(Debug, Default)]
struct Actor {
    names: Distinct,
    traces: Traces,
    quiet: Quiet,
}

impl Watch {
    pub(super) fn new(config: &Enumeration, capacity: usize) -> Self {
        let window = config.window.micros();
        Self {
            window,
            actors: Table::new(Rule::Enumeration, capacity, window),
            config: config.clone(),
        }
    }

    pub(super) fn evaluate(&mut self, at: &Occurrence, raise: &mut Raise<'_>) {
        let Some(name) = at.unknown_hash else {
            return;
        };
        let Found {
            value: actor,
            shared,
        } = self.actors.entry(at.actor, at, raise);
        let threshold = self.config.distinct.index();
        actor.traces.push(at.trace_id);
        // One that was asked for again is no further step of the attack.
        let Some(count) = actor.names.push(name, at.now, self.window, threshold) else {
            return;
        };
        if count < threshold {
            return;
        }
        if let Some(suppressed) = actor.quiet.ring(at.now, self.window) {
            let evidence = Evidence {
                count: Evidence::number(count),
                threshold: Evidence::number(threshold),
                ..Evidence::of_window(self.window, suppressed, shared, &actor.traces)
            };
            raise.alert(
                Rule::Enumeration,
                self.config.severity,
                at,
                AlertKey::actor(at),
                evidence,
            );
        }
    }
}
