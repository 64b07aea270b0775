//! Numbers that are counted here: to add is one instruction, and the SDK asks for them when it collects.
//!
//! For a provider that is the instance's own. Of one that several instances share, the SDK would take what it
//! is told last, and not the sum.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry::KeyValue;

/// The numbers of an instrument's series.
#[derive(Debug, Default)]
pub(super) struct Numbers(Mutex<HashMap<Box<[KeyValue]>, Arc<AtomicU64>>>);

impl Numbers {
    /// That of the series with these attributes, which is there from now on.
    pub(super) fn of(&self, attributes: &[KeyValue]) -> Arc<AtomicU64> {
        // Several tools of one name have the same series, in whatever order they declare their labels.
        let mut attributes: Box<[KeyValue]> = attributes.into();
        attributes.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(numbers.entry(attributes).or_default())
    }

    /// Tells all of them.
    pub(super) fn observe(&self, mut tell: impl FnMut(u64, &[KeyValue])) {
        let numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (attributes, number) in &*numbers {
            tell(number.load(Ordering::Relaxed), attributes);
        }
    }
}
