//! Links the rounds of one logical call (protocol 2026-07-28): a server that answers
//! `input_required` gives the client a `requestState`, which comes back with the next round under a
//! new request id.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use opentelemetry::trace::SpanContext;

/// The spans of rounds that may be followed by another. Bounded: the oldest are forgotten, and with
/// them only a link is lost.
#[derive(Debug, Default)]
pub(crate) struct Rounds {
    /// Keyed per process, so that a state's hash says nothing about the state.
    hasher: RandomState,
    open: Mutex<OpenRounds>,
}

#[derive(Debug, Default)]
struct OpenRounds {
    spans: HashMap<u64, SpanContext>,
    order: VecDeque<u64>,
}

impl Rounds {
    /// Rounds that wait for their next one, over all calls.
    const MAX_OPEN: usize = 1_024;

    /// A round ended with this state.
    pub(crate) fn interim(&self, request_state: &str, span: SpanContext) {
        let key = self.hasher.hash_one(request_state);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.spans.insert(key, span).is_none() {
            open.order.push_back(key);
        }
        while open.order.len() > Self::MAX_OPEN {
            if let Some(oldest) = open.order.pop_front() {
                open.spans.remove(&oldest);
            }
        }
    }

    /// The span of the round that this state was given out by. It stays, as a client may try again.
    pub(crate) fn previous(&self, request_state: &str) -> Option<SpanContext> {
        let key = self.hasher.hash_one(request_state);
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.spans.get(&key).cloned()
    }
}
