//! The lines that wait for a sink: bounded, so that a sink which does not keep up costs lines and
//! never memory or time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long lines are gathered at most, unless someone waits for them or the queue is half full. To wake a
/// thread costs more than all else that a call pays for its event, so it is done for many at once.
const GATHERING: Duration = Duration::from_millis(5);

/// What may wait at a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) lines: usize,
    pub(super) bytes: usize,
}

/// Lines in their order.
#[derive(Debug, Default)]
pub(super) struct Batch {
    text: String,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, Copy)]
struct Line {
    /// Where it ends in the text.
    end: usize,
    sampled: bool,
}

impl Batch {
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// All lines, each with its newline.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Each line with its newline, and whether its trace is sampled.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&str, bool)> {
        let mut start = 0;
        self.lines.iter().map(move |line| {
            let text = &self.text[start..line.end];
            start = line.end;
            (text, line.sampled)
        })
    }

    fn push(&mut self, line: &str, sampled: bool) {
        self.text.push_str(line);
        self.lines.push(Line {
            end: self.text.len(),
            sampled,
        });
    }

    fn clear(&mut self) {
        self.text.clear();
        self.lines.clear();
    }
}

/// Why a line was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    Full,
    Closed,
}

/// Whether all lines that were waited for are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drained {
    InTime,
    TimedOut,
}

/// The queue between those who record events and the thread that writes them to a sink.
#[derive(Debug)]
pub(super) struct Queue {
    limits: Limits,
    state: Mutex<State>,
    /// There is something to do for the thread.
    wake: Condvar,
    /// Lines were settled.
    settled: Condvar,
}

#[derive(Debug)]
struct State {
    waiting: Batch,
    /// Lines that were ever taken, and those of them that were written or lost since.
    accepted: u64,
    settled: u64,
    thread: Thread,
    /// Lines are not handed out yet.
    is_held: bool,
    /// Someone waits for the lines.
    is_urgent: bool,
    is_closed: bool,
}

/// What the sink's thread is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thread {
    Writing,
    /// It waits for a first line.
    Idle,
    /// It waits for more.
    Gathering,
    Gone,
}

impl Queue {
    /// A queue that hands out nothing before [`Self::release`] if `is_held`.
    pub(super) fn new(limits: Limits, is_held: bool) -> Self {
        Self {
            limits,
            state: Mutex::new(State {
                waiting: Batch::default(),
                accepted: 0,
                settled: 0,
                thread: Thread::Writing,
                is_held,
                is_urgent: false,
                is_closed: false,
            }),
            wake: Condvar::new(),
            settled: Condvar::new(),
        }
    }

    /// No code of others runs while the lock is held.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a line in, with its newline.
    pub(super) fn push(&self, line: &str, sampled: bool) -> Result<(), Refused> {
        let mut state = self.lock();
        if state.is_closed {
            return Err(Refused::Closed);
        }
        let lines = state.waiting.len() + 1;
        let bytes = state.waiting.text.len() + line.len();
        if lines > self.limits.lines || bytes > self.limits.bytes {
            return Err(Refused::Full);
        }
        state.waiting.push(line, sampled);
        state.accepted += 1;
        let wakes = match state.thread {
            Thread::Idle => true,
            Thread::Gathering => self.is_half_full(&state.waiting),
            Thread::Writing | Thread::Gone => false,
        };
        if wakes && !state.is_held {
            // Once is enough.
            state.thread = Thread::Writing;
            drop(state);
            self.wake.notify_one();
        }
        Ok(())
    }

    fn is_half_full(&self, waiting: &Batch) -> bool {
        waiting.len() >= self.limits.lines / 2 || waiting.text.len() >= self.limits.bytes / 2
    }

    /// Waits for lines and takes all there are; `spent` is the batch before, whose memory is used
    /// again. None once the queue is closed and empty.
    pub(super) fn take(&self, mut spent: Batch) -> Option<Batch> {
        spent.clear();
        let mut state = self.lock();
        // Where lines keep coming, the thread sleeps no deeper than until the next ones are due: then none
        // of them has to wake it.
        let mut until = Instant::now() + GATHERING;
        while !state.is_closed {
            let is_empty = state.is_held || state.waiting.is_empty();
            if !is_empty && (state.is_urgent || self.is_half_full(&state.waiting)) {
                break;
            }
            let left = until.saturating_duration_since(Instant::now());
            if !left.is_zero() {
                state.thread = Thread::Gathering;
                let woken = self.wake.wait_timeout(state, left);
                state = woken.unwrap_or_else(PoisonError::into_inner).0;
            } else if is_empty {
                state.thread = Thread::Idle;
                let woken = self.wake.wait(state);
                state = woken.unwrap_or_else(PoisonError::into_inner);
                until = Instant::now() + GATHERING;
            } else {
                break;
            }
        }
        if state.waiting.is_empty() {
            state.thread = Thread::Writing;
            return None;
        }
        state.thread = Thread::Writing;
        state.is_urgent = false;
        Some(std::mem::replace(&mut state.waiting, spent))
    }

    /// So many of the lines that were taken are written or lost.
    pub(super) fn settle(&self, lines: usize) {
        self.lock().settled += lines as u64;
        self.settled.notify_all();
    }

    /// Lines are handed out from now on.
    pub(super) fn release(&self) {
        self.lock().is_held = false;
        self.wake.notify_one();
    }

    /// Waits until all lines that are in the queue now are settled. Those that are held are not waited
    /// for.
    pub(super) fn drain(&self, deadline: Instant) -> Drained {
        let mut state = self.lock();
        if state.is_held {
            return Drained::InTime;
        }
        let target = state.accepted;
        state.is_urgent = true;
        self.wake.notify_one();
        self.wait(state, deadline, |state| state.settled >= target)
    }

    /// The thread has nothing more to do, and the sink neither.
    pub(super) fn leave(&self) {
        self.lock().thread = Thread::Gone;
        self.settled.notify_all();
    }

    /// Takes no more lines, and lets the thread end after those that are there.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.wake.notify_one();
    }

    /// Waits until the thread has ended.
    pub(super) fn join(&self, deadline: Instant) -> Drained {
        self.wait(self.lock(), deadline, |state| state.thread == Thread::Gone)
    }

    fn wait(
        &self,
        mut state: MutexGuard<'_, State>,
        deadline: Instant,
        is_done: impl Fn(&State) -> bool,
    ) -> Drained {
        while !is_done(&state) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Drained::TimedOut;
            }
            let woken = self.settled.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        Drained::InTime
    }
}
