//! A combination of label values as one number, so that what is recorded for it is found by index.
#![allow(
    missing_docs,
    reason = "named by expansions of the macros only: no interface"
)]

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Label, LabelValue};
use crate::call::classify::Probe;
use crate::semconv::OTHER;

/// A combination of the values of a tool's labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Combination {
    /// The indices of the values as digits of a number whose bases are the numbers of values.
    /// [`Self::FOREIGN`] once a value was not among its label's.
    digits: u32,
}

/// The index of a value, and how many values there are.
#[derive(Debug, Clone, Copy)]
pub struct Digit {
    index: usize,
    base: usize,
}

impl Digit {
    /// That of a value which is none of its label's.
    const FOREIGN: Self = Self { index: 0, base: 0 };
}

/// The digit of a label's value. Where its type is no label's, the tool's constants say so, and one
/// error is enough.
#[doc(hidden)]
#[macro_export]
macro_rules! __mcp_observe_digit {
    ($value:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::labels::{OfLabelValue as _, OfOther as _};
        (&&$crate::__private::Probe($value)).__mcp_digit()
    }};
}

pub trait OfLabelValue {
    fn __mcp_digit(&self) -> Digit;
}

impl<L: LabelValue + ?Sized> OfLabelValue for &Probe<'_, L> {
    fn __mcp_digit(&self) -> Digit {
        Digit {
            index: self.0.index(),
            base: L::VALUES.len(),
        }
    }
}

pub trait OfOther {
    fn __mcp_digit(&self) -> Digit;
}

impl<L: ?Sized> OfOther for Probe<'_, L> {
    fn __mcp_digit(&self) -> Digit {
        Digit::FOREIGN
    }
}

impl Combination {
    /// That of no labels.
    pub const EMPTY: Self = Self { digits: 0 };
    /// That of labels which are not known: each of them is `_OTHER`.
    pub(crate) const UNKNOWN: Self = Self {
        digits: Self::FOREIGN,
    };
    const FOREIGN: u32 = u32::MAX;

    /// Adds the value of the next label.
    #[must_use]
    pub fn with(self, digit: Digit) -> Self {
        let is_foreign = self.digits == Self::FOREIGN || digit.index >= digit.base;
        let digits = u64::from(self.digits)
            .saturating_mul(digit.base as u64)
            .saturating_add(digit.index as u64);
        Self {
            digits: match u32::try_from(digits) {
                Ok(digits) if !is_foreign => digits,
                _ => Self::FOREIGN,
            },
        }
    }

    /// The place among all combinations: 0 is that of a call whose function was never entered, and
    /// of a foreign value; each of its labels is `_OTHER`.
    pub(crate) fn index(self) -> usize {
        self.digits.wrapping_add(1) as usize
    }
}

/// How many combinations these labels have, the one of `_OTHER` included; saturates.
pub(crate) const fn count(labels: &[Label]) -> usize {
    let mut product = 1_usize;
    let mut next = 0;
    while next < labels.len() {
        product = product.saturating_mul(labels[next].values.len());
        next += 1;
    }
    if labels.is_empty() {
        1
    } else {
        product.saturating_add(1)
    }
}

/// The values of the combination at `index`, in the order of the labels; none if one of them has not
/// occurred yet.
pub(crate) fn values_at(labels: &[Label], index: usize) -> Option<Vec<&'static str>> {
    let Some(mut digits) = index.checked_sub(1) else {
        return Some(vec![OTHER; labels.len()]);
    };
    let mut values = Vec::with_capacity(labels.len());
    for label in labels.iter().rev() {
        let base = label.values.len();
        values.push(label.values.get(digits % base)?);
        digits /= base;
    }
    values.reverse();
    Some(values)
}

/// A combination that becomes known once. To write it takes a tenth of what it takes with a `OnceLock`.
#[derive(Debug, Default)]
pub(crate) struct CombinationCell(
    /// One more than the digits; 0 while it is not known.
    AtomicU64,
);

impl CombinationCell {
    /// False if it is known already.
    pub(crate) fn set(&self, combination: Combination) -> bool {
        let known = u64::from(combination.digits) + 1;
        self.0
            .compare_exchange(0, known, Ordering::Release, Ordering::Relaxed)
            .is_ok()
    }

    pub(crate) fn get(&self) -> Option<Combination> {
        let digits = self.0.load(Ordering::Acquire).checked_sub(1)?;
        // It was made from 32 bits.
        let digits = u32::try_from(digits).ok()?;
        Some(Combination { digits })
    }
}

#[cfg(test)]
mod tests {
    use super::{Combination, count, values_at};
    use crate::__private::digit;
    use crate::label::{Label, LabelValue};

    const LABELS: [Label; 2] = [
        Label::new("cached", <bool as LabelValue>::VALUES),
        Label::new("fresh", <Option<bool> as LabelValue>::VALUES),
    ];

    #[test]
    fn every_combination_has_an_index_of_its_own() {
        let mut seen = vec![values_at(&LABELS, 0)];
        for cached in [false, true] {
            for fresh in [None, Some(false), Some(true)] {
                let combination = Combination::EMPTY
                    .with(digit!(&cached))
                    .with(digit!(&fresh));
                let values = values_at(&LABELS, combination.index()).expect("closed");
                assert_eq!(values[0], if cached { "true" } else { "false" });
                assert_eq!(
                    values[1],
                    fresh.map_or("none", |fresh| if fresh { "true" } else { "false" })
                );
                assert!(!seen.contains(&Some(values.clone())));
                seen.push(Some(values));
            }
        }
        assert_eq!(seen.len(), count(&LABELS));
    }

    #[test]
    fn a_value_beyond_its_labels_is_other() {
        struct Liar;
        impl LabelValue for Liar {
            const VALUES: crate::LabelValues = <bool as LabelValue>::VALUES;
            fn index(&self) -> usize {
                usize::MAX
            }
        }
        let combination = Combination::EMPTY.with(digit!(&Liar)).with(digit!(&true));
        assert_eq!(combination.index(), 0);
    }

    #[test]
    fn counting_does_not_overflow() {
        static MANY: [&str; 3] = ["a", "b", "c"];
        let labels = [Label::new("l", crate::LabelValues::closed(&MANY)); 64];
        assert_eq!(count(&labels), usize::MAX);
    }
}
