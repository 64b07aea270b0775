//! When it is night.

use core::ops::Range;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::config::NightVolume;
use crate::timestamp::Timestamp;

/// The nights of a time zone. Where the clocks change, a night is an hour longer or shorter; a time of day
/// that does not exist on some day is taken as the one that the clocks show instead.
#[derive(Debug)]
pub(crate) struct Nights {
    from: jiff::civil::Time,
    to: jiff::civil::Time,
    zone: TimeZone,
    /// A stretch of time that is all night or all day, and which.
    known: Range<i64>,
    is_night: bool,
}

impl Nights {
    pub(crate) fn new(config: &NightVolume) -> Self {
        Self {
            from: config.from.0,
            to: config.to.0,
            zone: config.time_zone.0.clone(),
            known: 0..0,
            is_night: false,
        }
    }

    pub(crate) fn contains(&mut self, time: Timestamp) -> bool {
        let time = time.as_micros();
        if !self.known.contains(&time) {
            self.learn(time);
        }
        self.is_night
    }

    fn learn(&mut self, time: i64) {
        if self.from == self.to {
            self.known = i64::MIN..i64::MAX;
            self.is_night = true;
            return;
        }
        // At the ends of the calendar, where there is no next day, it is day for this one moment.
        self.known = time..time + 1;
        self.is_night = false;
        let Ok(moment) = jiff::Timestamp::from_microsecond(time) else {
            return;
        };
        let today = self.zone.to_datetime(moment).date();
        let days = [
            today.yesterday(),
            Ok(today),
            today.tomorrow(),
            today.checked_add(2.days()),
        ];
        let mut changes: Vec<(i64, bool)> = days
            .into_iter()
            .flatten()
            .flat_map(|day| {
                [
                    (self.moment(day, self.from), true),
                    (self.moment(day, self.to), false),
                ]
            })
            .filter_map(|(moment, is_night)| Some((moment?, is_night)))
            .collect();
        changes.sort_unstable();
        let stretch = changes
            .windows(2)
            .find(|change| (change[0].0..change[1].0).contains(&time));
        if let Some(change) = stretch {
            self.known = change[0].0..change[1].0;
            self.is_night = change[0].1;
        }
    }

    fn moment(&self, day: Date, time: jiff::civil::Time) -> Option<i64> {
        let moment = self.zone.to_timestamp(day.to_datetime(time)).ok()?;
        Some(moment.as_microsecond())
    }
}
