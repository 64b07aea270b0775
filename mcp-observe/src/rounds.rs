//! Messages that go on with an earlier one, and are linked to it: the rounds of one logical call
//! (protocol 2026-07-28), where a server that answers `input_required` gives the client a
//! `requestState` which comes back under a new request id; and what is asked of a task, once a call
//! became one.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use opentelemetry::trace::SpanContext;

use crate::metrics::Round;
use crate::telemetry::Telemetry;

/// What a message has in common with the one that it goes on with.
#[derive(Debug, Clone, Copy, Hash)]
pub enum Thread<'a> {
    /// The `requestState` of a round.
    Round(&'a str),
    /// The id of a task.
    Task(&'a str),
}

/// The spans of messages that may be followed by another. Bounded: the oldest are forgotten, and with
/// them only a link is lost.
#[derive(Debug, Default)]
pub(crate) struct Rounds {
    /// Keyed per process, so that a state's hash says nothing about the state.
    hasher: RandomState,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    spans: HashMap<u64, Earlier>,
    order: VecDeque<u64>,
}

#[derive(Debug)]
struct Earlier {
    span: SpanContext,
    followed: bool,
}

/// A message's predecessor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Followed {
    pub(crate) span: SpanContext,
    /// No other message went on with it before.
    pub(crate) first: bool,
}

impl Rounds {
    /// Messages that wait for their next one, over all calls.
    const MAX_OPEN: usize = 1_024;

    /// A message ended so that others may go on with it.
    pub(crate) fn interim(&self, thread: Thread<'_>, span: SpanContext) {
        let key = self.hasher.hash_one(thread);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = Earlier {
            span,
            followed: false,
        };
        if open.spans.insert(key, earlier).is_none() {
            open.order.push_back(key);
        }
        while open.order.len() > Self::MAX_OPEN {
            if let Some(oldest) = open.order.pop_front() {
                open.spans.remove(&oldest);
            }
        }
    }

    /// The message that this one goes on with. It stays, as a client may try again, and asks a task
    /// more than once.
    pub(crate) fn previous(&self, thread: Thread<'_>) -> Option<Followed> {
        let key = self.hasher.hash_one(thread);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = open.spans.get_mut(&key)?;
        let first = !std::mem::replace(&mut earlier.followed, true);
        Some(Followed {
            span: earlier.span.clone(),
            first,
        })
    }
}

impl Telemetry {
    /// A message that was handled here, with this span, may be followed by another.
    pub(crate) fn may_be_followed(&self, thread: Thread<'_>, span: Option<SpanContext>) {
        self.count(thread, Round::InputRequired);
        self.inner()
            .rounds
            .interim(thread, span.unwrap_or(SpanContext::NONE));
    }

    /// The span of the message that one which is handled here goes on with.
    pub(crate) fn followed(&self, thread: Thread<'_>) -> Option<SpanContext> {
        let followed = self.inner().rounds.previous(thread)?;
        if followed.first {
            self.count(thread, Round::Resumed);
        }
        Some(followed.span).filter(SpanContext::is_valid)
    }

    /// Rounds are counted, so that those that nobody came back for can be seen. Tasks go on by
    /// themselves.
    fn count(&self, thread: Thread<'_>, round: Round) {
        if let (Thread::Round(_), Some(metrics)) = (thread, self.metrics()) {
            metrics.round(round);
        }
    }
}
