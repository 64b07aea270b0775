//! Durations in bounded memory, however many: what share of them took how long.

use std::time::Duration;

/// Steps between one power of two and the next: a value is known to within 3 %.
const STEPS: u32 = 5;
const BUCKETS: usize = 64 << STEPS;

/// How long things took.
#[derive(Debug, Clone)]
pub struct Latencies {
    buckets: Vec<u64>,
    number: u64,
}

impl Default for Latencies {
    fn default() -> Self {
        Self {
            buckets: vec![0; BUCKETS],
            number: 0,
        }
    }
}

impl Latencies {
    /// Adds one.
    pub fn add(&mut self, took: Duration) {
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.buckets[bucket(nanos)] += 1;
        self.number += 1;
    }

    /// Adds all of another's.
    pub fn merge(&mut self, other: &Self) {
        for (mine, others) in self.buckets.iter_mut().zip(&other.buckets) {
            *mine += others;
        }
        self.number += other.number;
    }

    /// How many there are.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// What `permille` of a thousand took no longer than. Zero if there are none.
    #[must_use]
    pub fn at(&self, permille: u64) -> Duration {
        let wanted = (self.number * permille).div_ceil(1_000);
        let mut seen = 0;
        for (index, number) in self.buckets.iter().enumerate() {
            seen += number;
            if seen >= wanted && *number > 0 {
                return Duration::from_nanos(upper(index));
            }
        }
        Duration::ZERO
    }
}

fn bucket(nanos: u64) -> usize {
    let magnitude = nanos.max(1).ilog2();
    if magnitude < STEPS {
        return usize::try_from(nanos).unwrap_or_default();
    }
    // The leading bits: which power of two, and which step of it.
    let shift = magnitude - STEPS;
    let step = (nanos >> shift) - (1 << STEPS);
    usize::try_from((u64::from(shift + 1) << STEPS) + step).unwrap_or(BUCKETS - 1)
}

/// The most that falls into a bucket.
fn upper(index: usize) -> u64 {
    let index = index as u64;
    let (shift, step) = (index >> STEPS, index & ((1 << STEPS) - 1));
    if shift == 0 {
        return step;
    }
    let shift = shift - 1;
    (((1 << STEPS) + step + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_known_to_within_a_step() {
        for nanos in [
            0,
            1,
            31,
            32,
            33,
            1_000,
            999_999,
            123_456_789,
            86_400_000_000_000,
        ] {
            let upper = upper(bucket(nanos));
            assert!(
                upper >= nanos && upper - nanos <= nanos / 32,
                "{nanos}: {upper}"
            );
        }
    }

    #[test]
    fn shares_are_those_of_all() {
        let mut latencies = Latencies::default();
        for micros in 1..=1_000 {
            latencies.add(Duration::from_micros(micros));
        }
        for (permille, micros) in [(500, 500), (990, 990), (1_000, 1_000)] {
            let found = latencies.at(permille).as_micros();
            assert!((micros..=micros + micros / 32).contains(&found), "{found}");
        }
        let mut both = latencies.clone();
        both.merge(&latencies);
        assert_eq!((both.number(), both.at(500)), (2_000, latencies.at(500)));
    }
}
