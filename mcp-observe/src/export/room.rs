//! The room in a queue of the SDK's. Its batch processors drop what they have no room for and tell nobody, so
//! account is kept in front of them, and their queues are never full.

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The SDK's own default.
const DEFAULT_SIZE: usize = 2_048;

/// Clones are of the same queue.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    size: usize,
    /// What was queued and not yet handed to the exporter.
    waiting: Arc<AtomicUsize>,
}

impl Room {
    /// As large as the variable says.
    pub(super) fn of(variable: &str) -> Self {
        let size = env::var(variable)
            .ok()
            .and_then(|size| size.trim().parse().ok())
            .filter(|size| *size > 0)
            .unwrap_or(DEFAULT_SIZE);
        Self {
            size,
            waiting: Arc::default(),
        }
    }

    /// What the SDK's queue has to take.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Takes the place of one, if there is one.
    pub(super) fn take(&self) -> bool {
        self.waiting
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |waiting| {
                (waiting < self.size).then_some(waiting + 1)
            })
            .is_ok()
    }

    /// So many were handed over: what the exporter does with them is no longer the queue's room.
    pub(super) fn give_back(&self, number: usize) {
        self.waiting.fetch_sub(number, Ordering::Relaxed);
    }

    #[cfg(feature = "logs")]
    pub(crate) fn is_full(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) >= self.size
    }
}
