//! How long this thread has worked, whatever else the machine does meanwhile.

use std::fs;
use std::time::{Duration, Instant};

/// The thread's time on a processor where the system tells, else the time that passes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Clock {
    Processor(Duration),
    Passing(Instant),
}

impl Clock {
    pub(crate) fn now() -> Self {
        on_processor().map_or_else(|| Self::Passing(Instant::now()), Self::Processor)
    }

    pub(crate) fn elapsed(self) -> Duration {
        match self {
            Self::Processor(before) => {
                on_processor().map_or(Duration::ZERO, |now| now.saturating_sub(before))
            }
            Self::Passing(before) => before.elapsed(),
        }
    }
}

/// Linux's account of this thread: the first number, in nanoseconds.
fn on_processor() -> Option<Duration> {
    let account = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = account.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}
