//! How many different values occurred lately.

use super::recent::{age, low};

/// The newest different values, exact up to the limit: as many as a rule needs to fire.
#[derive(Debug, Default)]
pub(crate) struct Distinct {
    last: i64,
    /// Oldest first.
    values: Vec<Value>,
}

#[derive(Debug, Clone, Copy)]
struct Value {
    value: u64,
    time: u32,
}

impl Distinct {
    /// `value` occurred now. How many different ones are in the window, if it is new in it.
    pub(crate) fn push(
        &mut self,
        value: u64,
        now: i64,
        window: i64,
        limit: usize,
    ) -> Option<usize> {
        if now - self.last > window {
            self.values.clear();
        }
        let expired = self
            .values
            .iter()
            .take_while(|value| age(now, value.time) > window)
            .count();
        self.values.drain(..expired);
        self.last = now;
        let known = self.values.iter().rposition(|kept| kept.value == value);
        match known {
            Some(known) => self.values[known..].rotate_left(1),
            None if self.values.len() >= limit => self.values.rotate_left(1),
            None => self.values.push(Value { value, time: 0 }),
        }
        if let Some(newest) = self.values.last_mut() {
            *newest = Value {
                value,
                time: low(now),
            };
        }
        known.is_none().then_some(self.values.len())
    }
}
