//! Time that passes while nothing is written.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use super::evaluation::Evaluation;

/// An evaluation, and the thread that wakes it when it is due.
pub(super) struct Timer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    evaluation: Evaluation,
    ended: bool,
}

impl Timer {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system has no thread to spare.
    pub(super) fn start(evaluation: Evaluation) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                evaluation,
                ended: false,
            }),
            changed: Condvar::new(),
        });
        let of_thread = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("mcp-detection".to_owned())
            .spawn(move || of_thread.wake_when_due())?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Works with the evaluation. Only the log's thread and the timer's own ever wait for it.
    pub(super) fn while_held(&self, work: impl FnOnce(&mut Evaluation)) {
        let mut state = self.shared.lock();
        let was_due = state.evaluation.due();
        work(&mut state.evaluation);
        // What is due already wakes the thread, which then sees whether it is due later by now.
        if was_due.is_none() {
            self.shared.changed.notify_one();
        }
    }

    /// Ends the thread.
    pub(super) fn end(&mut self) {
        self.shared.lock().ended = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // It contains the panics of what it calls.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake_when_due(&self) {
        let mut state = self.lock();
        while !state.ended {
            let now = Instant::now();
            state = match state.evaluation.due() {
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(due) if due > now => {
                    self.changed
                        .wait_timeout(state, due - now)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
                Some(_) => {
                    state.evaluation.idle(now);
                    state
                }
            };
        }
    }
}
