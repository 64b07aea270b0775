//! Not to say the same again at once.

/// After an alert, the time in which further ones of the same key are only counted.
#[derive(Debug, Default)]
pub(crate) struct Quiet {
    /// Until then.
    until: Option<i64>,
    suppressed: u64,
}

impl Quiet {
    /// There is reason for an alert now. If it is to be raised: how many were not since the last one.
    pub(crate) fn ring(&mut self, now: i64, period: i64) -> Option<u64> {
        if self.until.is_some_and(|until| now <= until) {
            self.suppressed += 1;
            return None;
        }
        self.until = Some(now + period);
        Some(core::mem::take(&mut self.suppressed))
    }
}
