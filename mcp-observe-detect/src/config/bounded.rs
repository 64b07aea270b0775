//! Settings that cannot be out of their range.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that is not in its setting's range; the message names the range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OutOfRange(pub(super) String);

impl OutOfRange {
    fn new(min: impl fmt::Display, max: impl fmt::Display, is: impl fmt::Display) -> Self {
        Self(format!("must be from {min} to {max}, is {is}"))
    }
}

/// A whole number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Number<MIN, MAX> {
    /// For a setting.
    ///
    /// # Errors
    /// It is not from `MIN` to `MAX`.
    pub fn new(value: u32) -> Result<Self, OutOfRange> {
        if (MIN..=MAX).contains(&value) {
            Ok(Self(value))
        } else {
            Err(OutOfRange::new(MIN, MAX, value))
        }
    }

    /// For a default, where the compiler sees that it is in its range.
    pub(super) const fn of(value: u32) -> Self {
        assert!(MIN <= value && value <= MAX);
        Self(value)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    pub(crate) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl<'de, const MIN: u32, const MAX: u32> Deserialize<'de> for Number<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = i64::deserialize(from)?;
        u32::try_from(value)
            .map_err(|_| OutOfRange::new(MIN, MAX, value))
            .and_then(Self::new)
            .map_err(D::Error::custom)
    }
}

impl<const MIN: u32, const MAX: u32> Serialize for Number<MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A number with a fraction from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decimal<const MIN: u32, const MAX: u32>(f64);

impl<const MIN: u32, const MAX: u32> Decimal<MIN, MAX> {
    /// For a setting.
    ///
    /// # Errors
    /// It is not from `MIN` to `MAX`.
    pub fn new(value: f64) -> Result<Self, OutOfRange> {
        if (f64::from(MIN)..=f64::from(MAX)).contains(&value) {
            Ok(Self(value))
        } else {
            Err(OutOfRange::new(MIN, MAX, value))
        }
    }

    pub(super) const fn of(value: u32) -> Self {
        assert!(MIN <= value && value <= MAX);
        Self(value as f64)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl<'de, const MIN: u32, const MAX: u32> Deserialize<'de> for Decimal<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(f64::deserialize(from)?).map_err(D::Error::custom)
    }
}

impl<const MIN: u32, const MAX: u32> Serialize for Decimal<MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A length of time from `MIN` to `MAX` seconds. In a file it is a text such as `"5m"`, `"1h 30m"`, `"90d"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period<const MIN: u32, const MAX: u32>(Duration);

impl<const MIN: u32, const MAX: u32> Period<MIN, MAX> {
    /// For a setting.
    ///
    /// # Errors
    /// It is not from `MIN` to `MAX` seconds.
    pub fn new(value: Duration) -> Result<Self, OutOfRange> {
        if (seconds(MIN)..=seconds(MAX)).contains(&value) {
            Ok(Self(value))
        } else {
            Err(OutOfRange::new(
                Words(seconds(MIN)),
                Words(seconds(MAX)),
                Words(value),
            ))
        }
    }

    pub(super) const fn of(value: u32) -> Self {
        assert!(MIN <= value && value <= MAX);
        Self(seconds(value))
    }

    /// The length.
    #[must_use]
    pub const fn get(self) -> Duration {
        self.0
    }

    /// In microseconds, which the range keeps far from an overflow.
    pub(crate) fn micros(self) -> i64 {
        i64::try_from(self.0.as_micros()).unwrap_or(i64::MAX)
    }
}

impl<const MIN: u32, const MAX: u32> FromStr for Period<MIN, MAX> {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let length = text
            .parse::<jiff::Span>()
            .and_then(|span| span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()));
        match length.map(Duration::try_from) {
            Ok(Ok(length)) => Self::new(length),
            _ => Err(OutOfRange(format!(
                "must be a length of time such as \"5m\", \"90s\" or \"7d\", is {text:?}"
            ))),
        }
    }
}

impl<const MIN: u32, const MAX: u32> fmt::Display for Period<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Words(self.0), f)
    }
}

const fn seconds(count: u32) -> Duration {
    Duration::from_secs(count as u64)
}

/// A length of time as people write it.
pub(super) struct Words(pub(super) Duration);

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.as_secs();
        let nanos = self.0.subsec_nanos();
        if nanos != 0 {
            return write!(f, "{}s", self.0.as_secs_f64());
        }
        if rest == 0 {
            return f.write_str("0s");
        }
        let mut between = "";
        for (unit, length) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
            if rest >= length {
                write!(f, "{between}{}{unit}", rest / length)?;
                rest %= length;
                between = " ";
            }
        }
        Ok(())
    }
}
