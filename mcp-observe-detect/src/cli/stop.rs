//! When to stop: at SIGINT and SIGTERM, and what is the same elsewhere.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

/// Asked to stop, or not yet.
#[derive(Debug)]
pub(super) struct Stop {
    asked: Receiver<()>,
}

impl Stop {
    /// Takes the process's signals from now on.
    pub(super) fn at_signals() -> Result<Self, ctrlc::Error> {
        let (ask, asked) = mpsc::sync_channel(1);
        ctrlc::set_handler(move || {
            // Full: it was asked already.
            let _ = ask.try_send(());
        })?;
        Ok(Self { asked })
    }

    /// Waits for so long, or until asked to stop: then it is true.
    pub(super) fn within(&self, time: Duration) -> bool {
        self.asked.recv_timeout(time) != Err(RecvTimeoutError::Timeout)
    }
}
