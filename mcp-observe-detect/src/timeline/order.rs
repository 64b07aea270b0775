//! Events that are held back, in the order of their times.

use core::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

use crate::occurrence::Occurrence;

/// Events that arrive in order, as nearly all do, are a queue; those that do not are sorted among them.
/// Events of one time stay in the order of their arrival.
#[derive(Debug, Default)]
pub(super) struct Order {
    queue: VecDeque<Box<Occurrence>>,
    stragglers: BinaryHeap<Reverse<Straggler>>,
}

impl Order {
    pub(super) fn len(&self) -> usize {
        self.queue.len() + self.stragglers.len()
    }

    pub(super) fn push(&mut self, occurrence: Box<Occurrence>) {
        if self
            .queue
            .back()
            .is_none_or(|last| place(last) <= place(&occurrence))
        {
            self.queue.push_back(occurrence);
        } else {
            self.stragglers.push(Reverse(Straggler(occurrence)));
        }
    }

    /// The oldest, if it is of an earlier time.
    pub(super) fn pop_before(&mut self, time: i64) -> Option<Box<Occurrence>> {
        let queued = self.queue.front().map(|occurrence| place(occurrence));
        let straggler = self
            .stragglers
            .peek()
            .map(|Reverse(Straggler(occurrence))| place(occurrence));
        let (from_queue, oldest) = match (queued, straggler) {
            (Some(queued), Some(straggler)) => (queued < straggler, queued.min(straggler)),
            (Some(queued), None) => (true, queued),
            (None, Some(straggler)) => (false, straggler),
            (None, None) => return None,
        };
        if oldest.0 >= time {
            None
        } else if from_queue {
            self.queue.pop_front()
        } else {
            self.stragglers
                .pop()
                .map(|Reverse(Straggler(occurrence))| occurrence)
        }
    }
}

fn place(occurrence: &Occurrence) -> (i64, u64) {
    (occurrence.now, occurrence.arrival)
}

#[derive(Debug)]
struct Straggler(Box<Occurrence>);

impl Ord for Straggler {
    fn cmp(&self, other: &Self) -> Ordering {
        place(&self.0).cmp(&place(&other.0))
    }
}

impl PartialOrd for Straggler {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Straggler {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Straggler {}
