//! The error counters of one tool, by class.

use std::sync::{Arc, PoisonError, RwLock};

use opentelemetry::KeyValue;

use super::bound::{CounterHandle, CounterInstrument};
use crate::error_class::ErrorClass;
use crate::error_type::ErrorTypes;
use crate::metric::label;

/// Classes that no type told of, bound when they occur: where the error type depends on a generic
/// parameter, so that the tool's constants cannot have it.
const MAX_LATE: usize = 32;

/// Classes of its own that a tool has counters for from the start. All indices together fit a `u8`.
const MAX_OWN: usize = 200;

#[derive(Debug)]
pub(super) struct Errors {
    instrument: CounterInstrument,
    tool_name: KeyValue,
    /// By [`ErrorClass::index`]; none for cancellation, which is no error here.
    common: [Option<CounterHandle>; ErrorClass::COMMON],
    own: Box<[(&'static str, CounterHandle)]>,
    late: RwLock<Vec<(&'static str, Arc<CounterHandle>)>>,
}

impl Errors {
    pub(super) fn new(
        instrument: &CounterInstrument,
        tool_name: &KeyValue,
        types: ErrorTypes,
    ) -> Self {
        let bind = |class| bind(instrument, tool_name, class);
        let mut common = [const { None }; ErrorClass::COMMON];
        for class in ErrorClass::all_counted() {
            if let Some(index) = class.index() {
                common[usize::from(index)] = Some(bind(class.as_str()));
            }
        }
        Self {
            common,
            own: types
                .iter()
                .take(MAX_OWN)
                .map(|name| (name, bind(name)))
                .collect(),
            late: RwLock::default(),
            instrument: instrument.clone(),
            tool_name: tool_name.clone(),
        }
    }

    /// The index of a class among all that the tool has; that of `_OTHER` if it has too many.
    #[inline]
    pub(super) fn index(&self, class: ErrorClass) -> usize {
        match class.index() {
            Some(index) => usize::from(index),
            None => self.index_of_own(class.as_str()),
        }
    }

    fn index_of_own(&self, name: &'static str) -> usize {
        if let Some(index) = self.own.iter().position(|(own, _)| *own == name) {
            return ErrorClass::COMMON + index;
        }
        let first = ErrorClass::COMMON + self.own.len();
        let of_late = |late: &[(&str, _)]| late.iter().position(|(late, _)| *late == name);
        let late = self.late.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = of_late(&late) {
            return first + index;
        }
        drop(late);
        let mut late = self.late.write().unwrap_or_else(PoisonError::into_inner);
        match of_late(&late) {
            Some(index) => first + index,
            None if late.len() < MAX_LATE => {
                let handle = bind(&self.instrument, &self.tool_name, name);
                late.push((name, Arc::new(handle)));
                first + late.len() - 1
            }
            None => 0,
        }
    }

    /// Counts an error of the class at `index`.
    #[inline]
    pub(super) fn add(&self, index: usize) {
        match self.common.get(index) {
            Some(Some(handle)) => handle.add(1),
            Some(None) => {}
            None => self.add_own(index),
        }
    }

    fn add_own(&self, index: usize) {
        let index = index - self.common.len();
        if let Some((_, handle)) = self.own.get(index) {
            handle.add(1);
            return;
        }
        let late = self.late.read().unwrap_or_else(PoisonError::into_inner);
        let handle = late
            .get(index - self.own.len())
            .map(|(_, handle)| Arc::clone(handle));
        drop(late);
        if let Some(handle) = handle {
            handle.add(1);
        }
    }
}

fn bind(
    instrument: &CounterInstrument,
    tool_name: &KeyValue,
    class: &'static str,
) -> CounterHandle {
    let attributes = [
        tool_name.clone(),
        KeyValue::new(label::ERROR_TYPE.attribute, class),
    ];
    instrument.bind(&attributes)
}
