//! What a detector has seen.

use crate::rule::Rule;

/// What a detector has seen so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Events that were read, those that no rule looks at among them.
    pub events: u64,
    /// Lines that were no event.
    pub malformed: u64,
    /// Events older than the allowance, which were evaluated at the time of their arrival.
    pub late: u64,
    /// Events that were evaluated before their allowance was over, for want of room.
    pub early: u64,
    /// Keys that were forgotten before their time, for want of room.
    pub evicted: u64,
    /// Times that a key shared its state with others, for want of room.
    pub shared: u64,
    /// Alerts that were raised, by rule.
    alerts: [u64; Rule::ALL.len()],
}

impl Stats {
    /// Alerts of that rule.
    #[must_use]
    pub fn alerts(&self, rule: Rule) -> u64 {
        self.alerts[rule as usize]
    }

    /// Alerts of all rules.
    #[must_use]
    pub fn total_alerts(&self) -> u64 {
        self.alerts.iter().sum()
    }

    pub(crate) fn count_alert(&mut self, rule: Rule) {
        self.alerts[rule as usize] += 1;
    }
}
