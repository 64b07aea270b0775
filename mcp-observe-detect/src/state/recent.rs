//! When something happened lately.

use std::collections::VecDeque;

/// The newest times of something, exact. A window is at most half an hour, so that 32 bits of a time's
/// microseconds tell its age.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    last: i64,
    times: VecDeque<u32>,
}

impl Recent {
    /// It happened now. At most `limit` times are kept, the newest. How many of them are in the window.
    pub(crate) fn push(&mut self, now: i64, window: i64, limit: usize) -> usize {
        self.forget(now, window);
        if self.times.len() >= limit {
            self.times.pop_front();
        }
        self.times.push_back(low(now));
        self.last = now;
        self.times.len()
    }

    /// How many are in the window that ends now.
    pub(crate) fn count(&mut self, now: i64, window: i64) -> usize {
        self.forget(now, window);
        self.times.len()
    }

    /// A time that is as old as the window is long is in it.
    fn forget(&mut self, now: i64, window: i64) {
        if now - self.last > window {
            self.times.clear();
        }
        while self
            .times
            .front()
            .is_some_and(|time| age(now, *time) > window)
        {
            self.times.pop_front();
        }
    }
}

/// The bits that ages are told by.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // That is what it is for.
pub(super) const fn low(time: i64) -> u32 {
    time as u32
}

/// Of a time that is less than 71 minutes ago.
pub(super) fn age(now: i64, time: u32) -> i64 {
    i64::from(low(now).wrapping_sub(time))
}
