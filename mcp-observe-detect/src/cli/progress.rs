//! How far a replay is, for those who look at a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

const INTERVAL: Duration = Duration::from_millis(500);

/// A line on stderr that is written over, if stderr is a terminal.
#[derive(Debug)]
pub(super) struct Progress {
    /// None if nobody looks.
    told: Option<Instant>,
    /// How many bytes there are, if that is known.
    total: Option<u64>,
    read: u64,
    shown: bool,
}

impl Progress {
    pub(super) fn new(total: Option<u64>) -> Self {
        Self {
            told: io::stderr().is_terminal().then(Instant::now),
            total: total.filter(|&total| total > 0),
            read: 0,
            shown: false,
        }
    }

    /// So many more bytes were read.
    pub(super) fn advance(&mut self, bytes: usize, events: u64) {
        self.read += bytes as u64;
        let Some(told) = self.told.as_mut().filter(|told| told.elapsed() >= INTERVAL) else {
            return;
        };
        *told = Instant::now();
        let share = self.total.map_or_else(String::new, |total| {
            format!("{} %, ", (self.read * 100 / total).min(100))
        });
        // What cannot be shown is not missed.
        let _ = write!(
            io::stderr(),
            "\r\x1b[K{share}{} MiB, {events} events",
            self.read >> 20
        );
        self.shown = true;
    }
}

/// Takes the line away.
impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
