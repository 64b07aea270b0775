//! The token counters of one tool: found, as its other series, by the index of a combination of its
//! labels.

use std::sync::OnceLock;

use opentelemetry::KeyValue;

use super::bound::{CounterHandle, CounterInstrument};
use super::labelled::ToolLabels;
use crate::label::{Combination, combination};
use crate::metric::label;
use crate::usage::{TokenType, Tokens};

/// Those of one combination, by [`TokenType`].
type Counters = [CounterHandle; TokenType::ALL.len()];

/// Those of every combination.
#[derive(Debug)]
pub(super) struct TokenCounters {
    instrument: CounterInstrument,
    labels: ToolLabels,
    /// Of a tool that declares tokens, those whose values the compiler knows are bound from the start,
    /// all others when they occur.
    bound: Box<[OnceLock<Box<Counters>>]>,
}

impl TokenCounters {
    pub(super) fn new(
        instrument: &CounterInstrument,
        labels: ToolLabels,
        is_declared: bool,
    ) -> Self {
        let combinations = combination::count(labels.declared);
        let mut counters = Self {
            instrument: instrument.clone(),
            labels,
            bound: Box::default(),
        };
        // To bind a counter is to make its series.
        let at = |index| is_declared.then(|| counters.at(index)).flatten();
        let slot = |index| at(index).map_or_else(OnceLock::new, OnceLock::from);
        counters.bound = (0..combinations).map(slot).collect();
        counters
    }

    /// Counts them.
    pub(super) fn add(&self, tokens: &Tokens, labels: Option<Combination>) {
        let Some(counters) = self.of(labels) else {
            return;
        };
        for (counter, kind) in counters.iter().zip(TokenType::ALL) {
            counter.add(tokens.get(kind));
        }
    }

    /// Those of the combination; of the first one where a value has no series of its own.
    fn of(&self, labels: Option<Combination>) -> Option<&Counters> {
        let index = labels.map_or(0, Combination::index);
        self.bound_at(index).or_else(|| self.bound_at(0))
    }

    fn bound_at(&self, index: usize) -> Option<&Counters> {
        let slot = self.bound.get(index)?;
        if let Some(counters) = slot.get() {
            return Some(counters);
        }
        // Not under the lock of the slot: a meter of another make is others' code.
        let bound = self.at(index)?;
        Some(slot.get_or_init(|| bound))
    }

    fn at(&self, index: usize) -> Option<Box<Counters>> {
        let mut attributes = self.labels.at(index)?;
        Some(Box::new(TokenType::ALL.map(|kind| {
            attributes.push(KeyValue::new(label::TOKEN_TYPE.attribute, kind.as_str()));
            let counter = self.instrument.bind(&attributes);
            attributes.pop();
            counter
        })))
    }
}
