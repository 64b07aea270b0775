//! Event time: what is evaluated when.
//!
//! Events are evaluated in the order of their own times, so that a file that is replayed raises the
//! alerts that were raised live. To be put in order, each is held back until one has been seen that is
//! younger by more than the allowance.
//!
//! | an event is | what is done |
//! | --- | --- |
//! | older than the allowance | evaluated at once, at the time that has been reached: late |
//! | older than the skew, 64 times in a row | the clock was set back: time goes on from there |
//! | younger than the skew | doubted: held until another event or the machine's clock confirms that it is that late |
//!
//! Time is counted in microseconds that never go back. They are the log's until its clock is set back;
//! from then on they are ahead of it by that step, so that no window loses what it has counted.

mod order;

use std::collections::VecDeque;

use self::order::Order;
use crate::config::Config;
use crate::occurrence::Occurrence;
use crate::stats::Stats;
use crate::timestamp::Timestamp;

/// So many are held back; then the oldest is evaluated before its allowance is over.
const MOST_HELD: usize = 65_536;

/// So many events in a row behind the skew are a clock that was set back.
const STEP_AFTER: u32 = 64;

/// So many are doubted; then they are believed.
const MOST_DOUBTED: usize = 64;

/// Far enough from the numbers' own end to add to. Only a clock that is set back by thousands of years
/// again and again gets there.
const END_OF_TIME: i64 = i64::MAX / 2;

#[derive(Debug)]
#[allow(clippy::vec_box)] // They go from one collection to the other as they are.
pub(crate) struct Timeline {
    allowance: i64,
    max_skew: i64,
    /// How far time is ahead of the log's clock.
    ahead_of_log: i64,
    /// The time of the youngest event that is believed.
    newest: Option<i64>,
    /// The time that has been reached.
    reached: i64,
    arrivals: u64,
    behind_in_a_row: u32,
    held: Order,
    doubted: Vec<Box<Occurrence>>,
    /// What is evaluated next, whatever its time.
    at_once: VecDeque<Box<Occurrence>>,
    spare: Vec<Box<Occurrence>>,
}

/// The log's clock was set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
}

impl Timeline {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            allowance: config.allowance.micros(),
            max_skew: config.max_skew.micros(),
            ahead_of_log: 0,
            newest: None,
            reached: i64::MIN,
            arrivals: 0,
            behind_in_a_row: 0,
            held: Order::default(),
            doubted: Vec::new(),
            at_once: VecDeque::new(),
            spare: Vec::new(),
        }
    }

    /// One that can be filled.
    pub(crate) fn blank(&mut self) -> Box<Occurrence> {
        self.spare
            .pop()
            .unwrap_or_else(|| Box::new(Occurrence::blank()))
    }

    /// One that was evaluated.
    pub(crate) fn give_back(&mut self, occurrence: Box<Occurrence>) {
        self.spare.push(occurrence);
    }

    /// Takes an event that has just arrived.
    pub(crate) fn insert(
        &mut self,
        mut occurrence: Box<Occurrence>,
        stats: &mut Stats,
    ) -> Option<Step> {
        occurrence.arrival = self.arrivals;
        self.arrivals += 1;
        let mut step = None;
        let mut now = self.now_at(occurrence.time);
        if let Some(newest) = self.newest {
            if now < newest - self.max_skew {
                self.behind_in_a_row += 1;
                if self.behind_in_a_row >= STEP_AFTER {
                    step = Some(Step {
                        from: Timestamp::from_micros(newest - self.ahead_of_log),
                        to: occurrence.time,
                    });
                    self.ahead_of_log = (self.ahead_of_log + newest - now).min(END_OF_TIME);
                    self.behind_in_a_row = 0;
                    now = newest;
                }
            } else {
                self.behind_in_a_row = 0;
            }
        }
        occurrence.now = now;
        self.confirm(now, stats);
        if self
            .newest
            .is_some_and(|newest| now > newest + self.max_skew)
        {
            self.doubted.push(occurrence);
            if self.doubted.len() >= MOST_DOUBTED {
                self.confirm(i64::MAX - self.max_skew, stats);
            }
        } else {
            self.admit(occurrence, stats);
        }
        step
    }

    /// The machine's clock says this, and nothing older is under way.
    pub(crate) fn advance(&mut self, now: Timestamp, stats: &mut Stats) {
        let now = self.now_at(now);
        self.confirm(now, stats);
        if let Some(newest) = &mut self.newest {
            *newest = now.max(*newest);
        }
    }

    /// Nothing more comes.
    pub(crate) fn finish(&mut self, stats: &mut Stats) {
        self.confirm(i64::MAX - self.max_skew, stats);
        while let Some(occurrence) = self.held.pop_before(i64::MAX) {
            self.at_once.push_back(occurrence);
        }
    }

    /// The next event to evaluate.
    pub(crate) fn next(&mut self) -> Option<Box<Occurrence>> {
        let mut occurrence = match self.at_once.pop_front() {
            Some(occurrence) => occurrence,
            None => self.held.pop_before(self.newest? - self.allowance)?,
        };
        self.reached = self.reached.max(occurrence.now);
        occurrence.now = self.reached;
        Some(occurrence)
    }

    /// What the log's clock says, as time that never goes back.
    fn now_at(&self, time: Timestamp) -> i64 {
        (time.as_micros() + self.ahead_of_log).min(END_OF_TIME)
    }

    /// It is about this late, or later: what was doubted only for being that late is believed.
    fn confirm(&mut self, now: i64, stats: &mut Stats) {
        if self.doubted.is_empty() {
            return;
        }
        let until = now + self.max_skew;
        let (mut confirmed, doubted): (Vec<_>, Vec<_>) = self
            .doubted
            .drain(..)
            .partition(|occurrence| occurrence.now <= until);
        self.doubted = doubted;
        confirmed.sort_by_key(|occurrence| (occurrence.now, occurrence.arrival));
        for occurrence in confirmed {
            self.admit(occurrence, stats);
        }
    }

    fn admit(&mut self, occurrence: Box<Occurrence>, stats: &mut Stats) {
        let newest = self
            .newest
            .map_or(occurrence.now, |newest| newest.max(occurrence.now));
        self.newest = Some(newest);
        if occurrence.now < newest - self.allowance {
            stats.late += 1;
            self.at_once.push_back(occurrence);
            return;
        }
        if self.held.len() >= MOST_HELD
            && let Some(oldest) = self.held.pop_before(i64::MAX)
        {
            stats.early += 1;
            self.at_once.push_back(oldest);
        }
        self.held.push(occurrence);
    }
}
