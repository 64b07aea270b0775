//! What is recorded of a tool's calls under its declared labels: found by the index of their
//! combination.

use std::sync::OnceLock;

use opentelemetry::KeyValue;

use super::bound::{CounterHandle, CounterInstrument, HistogramHandle, HistogramInstrument};
use crate::label::{Combination, Label, combination};
use crate::metric::label;
use crate::operation::outcome::Status;

/// The series of one combination.
#[derive(Debug)]
pub(super) struct Series {
    pub(super) calls: CounterHandle,
    /// By [`Status`].
    pub(super) duration: [HistogramHandle; Status::ALL.len()],
}

/// What the series of a tool's combinations have in common.
#[derive(Debug, Clone)]
pub(super) struct ToolLabels {
    pub(super) tool_name: KeyValue,
    pub(super) declared: &'static [Label],
}

impl ToolLabels {
    /// The attributes of the combination at `index`; none if one of its values has not occurred yet.
    pub(super) fn at(&self, index: usize) -> Option<Vec<KeyValue>> {
        let values = combination::values_at(self.declared, index)?;
        // With room for one more.
        let mut attributes = Vec::with_capacity(values.len() + 2);
        attributes.push(self.tool_name.clone());
        for (label, value) in self.declared.iter().zip(values) {
            attributes.push(KeyValue::new(label.name, value));
        }
        Some(attributes)
    }
}

/// Makes them.
#[derive(Debug, Clone)]
pub(super) struct Binder {
    pub(super) calls: CounterInstrument,
    pub(super) duration: HistogramInstrument,
    pub(super) labels: ToolLabels,
}

impl Binder {
    fn bind(&self, mut attributes: Vec<KeyValue>) -> Series {
        let calls = self.calls.bind(&attributes);
        let duration = Status::ALL.map(|status| {
            attributes.push(KeyValue::new(label::STATUS.attribute, status.as_str()));
            let handle = self.duration.bind(&attributes);
            attributes.pop();
            handle
        });
        Series { calls, duration }
    }

    fn at(&self, index: usize) -> Option<Series> {
        self.labels
            .at(index)
            .map(|attributes| self.bind(attributes))
    }
}

/// The series of every combination.
#[derive(Debug)]
pub(super) struct Labelled {
    /// That of a tool without labels, and of a call whose labels are not known.
    first: Series,
    /// All but the first. Those whose values the compiler knows are bound from the start, others
    /// when they occur.
    rest: Box<[OnceLock<Series>]>,
    binder: Option<Binder>,
}

impl Labelled {
    pub(super) fn new(binder: Binder) -> Self {
        let declared = binder.labels.declared;
        let rest = (1..combination::count(declared))
            .map(|index| binder.at(index).map_or_else(OnceLock::new, OnceLock::from))
            .collect();
        Self {
            first: binder
                .at(0)
                .expect("the combination of `_OTHER` is always there"),
            rest,
            binder: (!declared.is_empty()).then_some(binder),
        }
    }

    pub(super) fn has_labels(&self) -> bool {
        self.binder.is_some()
    }

    #[inline]
    pub(super) fn of(&self, combination: Option<Combination>) -> &Series {
        combination.map_or(&self.first, |combination| self.at(combination))
    }

    fn at(&self, combination: Combination) -> &Series {
        let index = combination.index();
        let slot = index.checked_sub(1).and_then(|index| self.rest.get(index));
        let (Some(slot), Some(binder)) = (slot, &self.binder) else {
            return &self.first;
        };
        if let Some(series) = slot.get() {
            return series;
        }
        match binder.at(index) {
            Some(series) => slot.get_or_init(|| series),
            None => &self.first,
        }
    }
}
