//! Messages that go on with an earlier one, and are linked to it: the rounds of one logical call
//! (protocol 2026-07-28), where a server that answers `input_required` may give the client a
//! `requestState` which comes back under a new request id; and what is asked of a task, once a call
//! became one.

use std::collections::VecDeque;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::sync::{Mutex, PoisonError};

use opentelemetry::trace::{SpanContext, TraceId};

use crate::metrics::Round;
use crate::telemetry::Telemetry;

/// What a message has in common with the one that it goes on with.
#[derive(Debug, Clone, Copy, Hash)]
pub enum Thread<'a> {
    /// The `requestState` of a round. A server need not make one for each call.
    Round(&'a str),
    /// What a round without a `requestState` asked for: see [`Thread::asked`].
    Asked(u64),
    /// The id of a task.
    Task(&'a str),
}

/// Where the message was that one goes on with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Follows<'a> {
    /// It was handled here.
    Handled(Thread<'a>),
    /// It was sent from here.
    #[cfg(feature = "client")]
    Sent(Thread<'a>),
}

impl Follows<'_> {
    /// The span of that message, for one in `trace`.
    pub(crate) fn previous(self, telemetry: &Telemetry, trace: TraceId) -> Option<SpanContext> {
        match self {
            Self::Handled(thread) => telemetry.followed(thread, trace),
            #[cfg(feature = "client")]
            Self::Sent(thread) => telemetry.inner().sent_rounds.previous(thread, trace)?.span,
        }
    }
}

impl Thread<'_> {
    /// The round that asked for the answers with these keys.
    pub(crate) fn asked<'k>(keys: impl Iterator<Item = &'k String>) -> Self {
        let mut hasher = DefaultHasher::new();
        keys.for_each(|key| key.hash(&mut hasher));
        Self::Asked(hasher.finish())
    }
}

/// The spans of messages that may be followed by another. Bounded: the oldest are forgotten, and with
/// them only a link is lost.
#[derive(Debug, Default)]
pub(crate) struct Rounds {
    /// Keyed per process, so that a state's hash says nothing about the state.
    hasher: RandomState,
    /// The oldest first. Few calls have rounds, so that looking through them is no matter.
    open: Mutex<VecDeque<Earlier>>,
}

#[derive(Debug)]
struct Earlier {
    thread: u64,
    span: SpanContext,
    followed: bool,
}

/// A message's predecessor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Followed {
    /// None if there are several that it may be, or if no traces are recorded.
    pub(crate) span: Option<SpanContext>,
    /// No other message went on with it before.
    pub(crate) first: bool,
}

impl Rounds {
    /// Messages that wait for their next one, over all calls.
    const MAX_OPEN: usize = 1_024;

    /// A message ended so that others may go on with it.
    pub(crate) fn interim(&self, thread: Thread<'_>, span: SpanContext) {
        let earlier = Earlier {
            thread: self.hasher.hash_one(thread),
            span,
            followed: false,
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() == Self::MAX_OPEN {
            open.pop_front();
        }
        open.push_back(earlier);
    }

    /// The message that this one, in `trace`, goes on with. It stays, as a client may try again, and
    /// asks a task more than once.
    ///
    /// Calls may have their state in common, and then it is the trace that tells them apart. A link to
    /// another's call would be worse than none.
    pub(crate) fn previous(&self, thread: Thread<'_>, trace: TraceId) -> Option<Followed> {
        let key = self.hasher.hash_one(thread);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut earlier: Vec<_> = open.iter_mut().filter(|it| it.thread == key).collect();
        let is_of_trace = |it: &Earlier| it.span.is_valid() && it.span.trace_id() == trace;
        let in_trace = earlier.iter().any(|it| is_of_trace(it));
        if in_trace {
            earlier.retain(|it| is_of_trace(it));
        }
        let waiting = earlier.iter().filter(|it| !it.followed).count();
        let is_certain = match (thread, waiting) {
            // By the keys alone any call may have asked.
            (Thread::Asked(_), _) if !in_trace => false,
            // It tries again.
            (_, 0) => in_trace || earlier.len() == 1,
            (_, waiting) => waiting == 1,
        };
        let earlier = match earlier.iter().position(|it| !it.followed) {
            Some(waiting) => earlier.swap_remove(waiting),
            None => earlier.pop()?,
        };
        Some(Followed {
            span: (is_certain && earlier.span.is_valid()).then(|| earlier.span.clone()),
            first: !std::mem::replace(&mut earlier.followed, true),
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

    /// The span of the message that one which is handled here, in `trace`, goes on with.
    pub(crate) fn followed(&self, thread: Thread<'_>, trace: TraceId) -> Option<SpanContext> {
        let followed = self.inner().rounds.previous(thread, trace)?;
        if followed.first {
            self.count(thread, Round::Resumed);
        }
        followed.span
    }

    /// Rounds are counted, so that those that nobody came back for can be seen. Tasks go on by
    /// themselves.
    fn count(&self, thread: Thread<'_>, round: Round) {
        if let (Thread::Round(_) | Thread::Asked(_), Some(metrics)) = (thread, self.metrics()) {
            metrics.round(round);
        }
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanId, TraceFlags, TraceState};

    use super::*;

    fn span(trace: u128, id: u64) -> SpanContext {
        SpanContext::new(
            TraceId::from(trace),
            SpanId::from(id),
            TraceFlags::SAMPLED,
            false,
            TraceState::NONE,
        )
    }

    fn previous(rounds: &Rounds, thread: Thread<'_>, trace: u128) -> Option<(Option<u64>, bool)> {
        let followed = rounds.previous(thread, TraceId::from(trace))?;
        let id = followed
            .span
            .map(|it| u64::from_be_bytes(it.span_id().to_bytes()));
        Some((id, followed.first))
    }

    #[test]
    fn calls_with_a_state_in_common_are_told_apart_by_their_traces() {
        let rounds = Rounds::default();
        let state = Thread::Round("second step");
        rounds.interim(state, span(1, 11));
        rounds.interim(state, span(2, 21));
        assert_eq!(previous(&rounds, state, 2), Some((Some(21), true)));
        assert_eq!(previous(&rounds, state, 1), Some((Some(11), true)));
        // It tries again.
        assert_eq!(previous(&rounds, state, 2), Some((Some(21), false)));
        // A trace that says nothing: both were followed, and it may be either that tries again.
        assert_eq!(previous(&rounds, state, 3), Some((None, false)));
    }

    #[test]
    fn rounds_that_cannot_be_told_apart_are_counted_and_not_linked() {
        let rounds = Rounds::default();
        let state = Thread::Round("second step");
        rounds.interim(state, span(1, 11));
        rounds.interim(state, span(1, 12));
        assert_eq!(previous(&rounds, state, 1), Some((None, true)));
        // Of the two, one is left.
        assert_eq!(previous(&rounds, state, 1), Some((Some(12), true)));
        assert_eq!(previous(&rounds, Thread::Round("other"), 1), None);
    }

    #[test]
    fn without_a_state_only_the_trace_makes_certain() {
        let rounds = Rounds::default();
        let keys = ["city".to_owned()];
        let asked = Thread::asked(keys.iter());
        rounds.interim(asked, span(1, 11));
        assert_eq!(previous(&rounds, asked, 2), Some((None, true)));
        assert_eq!(previous(&rounds, asked, 1), Some((Some(11), false)));
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let rounds = Rounds::default();
        for id in 0..=Rounds::MAX_OPEN as u64 {
            rounds.interim(Thread::Round(&id.to_string()), span(1, id + 1));
        }
        assert_eq!(previous(&rounds, Thread::Round("0"), 1), None);
        assert_eq!(
            previous(&rounds, Thread::Round("1"), 1),
            Some((Some(2), true))
        );
    }
}
