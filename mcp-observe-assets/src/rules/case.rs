//! Examples that promtool runs the rules on.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::promql::Series;

/// Series with their samples, one a minute, and what the rules make of them.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) given: Vec<(Series, String)>,
    pub(super) checks: Vec<Check>,
    pub(super) records: Vec<Recorded>,
    pub(super) length: Length,
}

/// How long a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    /// Rules are evaluated every minute.
    Hours,
    /// Rules are evaluated four times an hour, so that it does not take minutes to run.
    Days,
}

/// What an alert does at a time.
#[derive(Debug, Clone)]
pub(super) struct Check {
    /// Since the start, such as `2h`.
    pub(super) at: String,
    /// None: it is quiet.
    pub(super) fires: Option<Firing>,
}

/// An alert that fires.
#[derive(Debug, Clone)]
pub(super) struct Firing {
    /// Those of its labels that its query's result has, besides the job.
    pub(super) labels: BTreeMap<&'static str, String>,
    /// The value of its query's result, as its description shows it.
    pub(super) value: String,
}

/// A value that a rule records.
#[derive(Debug, Clone)]
pub(super) struct Recorded {
    pub(super) at: String,
    pub(super) series: Series,
    pub(super) value: f64,
}

impl Case {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            given: Vec::new(),
            checks: Vec::new(),
            records: Vec::new(),
            length: Length::Hours,
        }
    }

    pub(super) fn over_days(mut self) -> Self {
        self.length = Length::Days;
        self
    }

    /// A series, and its samples in promtool's notation.
    pub(super) fn given(mut self, series: Series, samples: impl Into<String>) -> Self {
        self.given.push((series, samples.into()));
        self
    }

    pub(super) fn given_all(mut self, given: impl IntoIterator<Item = (Series, String)>) -> Self {
        self.given.extend(given);
        self
    }

    pub(super) fn fires<const N: usize>(
        mut self,
        at: impl Into<String>,
        labels: [(&'static str, &str); N],
        value: impl Into<String>,
    ) -> Self {
        let labels = labels.map(|(label, value)| (label, value.to_owned()));
        self.checks.push(Check {
            at: at.into(),
            fires: Some(Firing {
                labels: labels.into(),
                value: value.into(),
            }),
        });
        self
    }

    pub(super) fn stays_quiet(mut self, at: impl Into<String>) -> Self {
        self.checks.push(Check {
            at: at.into(),
            fires: None,
        });
        self
    }

    pub(super) fn records(mut self, at: &str, series: Series, value: f64) -> Self {
        self.records.push(Recorded {
            at: at.to_owned(),
            series,
            value,
        });
        self
    }
}

/// The samples of a counter from 0 on: how much it grows each minute, for how many minutes.
pub(super) fn counter(growth: &[(u64, u64)]) -> String {
    let mut samples = "0x0".to_owned();
    let mut value = 0;
    for &(each, minutes) in growth {
        let Some(more) = minutes.checked_sub(1) else {
            continue;
        };
        let _ = write!(samples, " {}+{each}x{more}", value + each);
        value += each * minutes;
    }
    samples
}

/// A share as `humanizePercentage` shows it: in percent, with four significant digits.
pub(super) fn percentage(share: f64) -> String {
    let percent = share * 100.0;
    let mut digits = format!("{percent:.3e}");
    if let Ok(rounded) = digits.parse::<f64>() {
        digits = rounded.to_string();
    }
    format!("{digits}%")
}

#[cfg(test)]
mod tests {
    use super::{counter, percentage};

    #[test]
    fn a_counter_goes_on_where_it_was() {
        assert_eq!(
            counter(&[(2, 120), (0, 1), (20, 5)]),
            "0x0 2+2x119 240+0x0 260+20x4"
        );
    }

    #[test]
    fn percentages_have_four_digits() {
        assert_eq!(percentage(0.2), "20%");
        assert_eq!(percentage(0.175_438_6), "17.54%");
        assert_eq!(percentage(0.001_5), "0.15%");
        assert_eq!(percentage(1.0), "100%");
    }
}
