//! How often somebody usually does something.

use crate::config::ToolRateAnomaly;

const HOUR: i64 = 3_600_000_000;

/// The hours of a week.
const HOURS: usize = 168;

/// What is normal for one actor and one tool, learnt from its own earlier windows: those of the clock, one
/// after the other, and of each the most that the sliding window held in it, so that like is compared with
/// like. Windows without calls count as much as any; windows with an anomaly do not.
#[derive(Debug, Default)]
pub(crate) struct Baseline {
    current: Option<Current>,
    /// The window of the first call.
    first: i64,
    /// How many windows were learnt from, up to the memory's length.
    seen: u32,
    /// Of the most calls.
    mean: f64,
    /// Of their squares.
    mean_square: f64,
    seasons: Seasons,
    /// The limit at this hour's beginning, from which it may grow by so much; none while warming up.
    anchor: Option<f64>,
    threshold: usize,
}

/// The window that is under way.
#[derive(Debug, Clone, Copy)]
struct Current {
    index: i64,
    hour: i64,
    most: u16,
    is_anomaly: bool,
}

/// What a baseline says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Learnt {
    pub(crate) mean: f64,
    pub(crate) sigma: f64,
    pub(crate) seasonal: Option<u64>,
}

impl Baseline {
    /// It has learnt enough to be gone by.
    pub(crate) fn is_warm(&self) -> bool {
        self.anchor.is_some()
    }

    /// How many calls are not yet too many. A suspect gets no time to warm up.
    pub(crate) fn threshold(
        &mut self,
        now: i64,
        config: &ToolRateAnomaly,
        is_suspect: bool,
    ) -> usize {
        let index = now.div_euclid(config.window.micros());
        if self.current.is_none_or(|current| current.index != index) {
            self.enter(index, now.div_euclid(HOUR), config);
        }
        if is_suspect && !self.is_warm() {
            config.min_count.index().min(self.threshold)
        } else {
            self.threshold
        }
    }

    /// So many calls are in the sliding window, in the window that [`threshold`](Self::threshold) was
    /// asked for.
    pub(crate) fn count(&mut self, calls: usize, is_anomaly: bool) {
        if let Some(current) = &mut self.current {
            let calls = u16::try_from(calls).unwrap_or(u16::MAX);
            current.most = current.most.max(calls);
            current.is_anomaly |= is_anomaly;
        }
    }

    pub(crate) fn learnt(&self) -> Option<Learnt> {
        self.is_warm().then(|| Learnt {
            mean: self.mean,
            sigma: self.sigma(),
            seasonal: Some(u64::from(self.seasons.floor)).filter(|floor| *floor > 0),
        })
    }

    fn enter(&mut self, index: i64, hour: i64, config: &ToolRateAnomaly) {
        let last = self.current.replace(Current {
            index,
            hour,
            most: 0,
            is_anomaly: false,
        });
        if let Some(last) = last {
            if !last.is_anomaly {
                self.learn(last.most, config.memory.get());
                self.seasons.note(last.most);
            }
            self.learn_of_nothing(index - last.index - 1, config.memory.get());
        } else {
            self.first = index;
        }
        let is_new_hour = last.is_none_or(|last| last.hour != hour);
        if is_new_hour {
            self.seasons.enter(hour);
        }
        let ceiling = config.ceiling.index();
        if index - self.first < i64::from(config.warm_up.get()) {
            self.threshold = ceiling;
            return;
        }
        let min_count = f64::from(config.min_count.get());
        let usual = (self.mean + config.sigmas.get() * self.sigma()).max(min_count);
        let limit = match self.anchor {
            Some(anchor) => usual.min(anchor * config.growth.get()),
            None => usual,
        };
        if is_new_hour || self.anchor.is_none() {
            self.anchor = Some(limit);
        }
        let threshold = limit
            .max(f64::from(self.seasons.floor))
            .min(f64::from(config.ceiling.get()));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // From 0 to the ceiling.
        let whole = threshold as usize;
        self.threshold = whole.min(ceiling);
    }

    fn sigma(&self) -> f64 {
        (self.mean_square - self.mean * self.mean).max(0.0).sqrt()
    }

    /// The mean of all windows until there are as many as `memory`; from then on the older ones fade.
    fn learn(&mut self, most: u16, memory: u32) {
        self.seen = (self.seen + 1).min(memory);
        let (calls, weight) = (f64::from(most), 1.0 / f64::from(self.seen));
        self.mean += (calls - self.mean) * weight;
        self.mean_square += (calls * calls - self.mean_square) * weight;
    }

    /// The same, for so many windows without calls, in one step.
    fn learn_of_nothing(&mut self, windows: i64, memory: u32) {
        let windows = u32::try_from(windows.max(0)).unwrap_or(u32::MAX);
        let counted = windows.min(memory - self.seen.min(memory));
        let seen = f64::from(self.seen);
        self.seen += counted;
        let kept = if counted > 0 {
            seen / f64::from(self.seen)
        } else {
            1.0
        };
        let faded = i32::try_from(windows - counted).unwrap_or(i32::MAX);
        let kept = kept * (1.0 - 1.0 / f64::from(memory)).powi(faded);
        self.mean *= kept;
        self.mean_square *= kept;
    }
}

/// The most calls in a window, for each hour of the last seven days.
#[derive(Debug, Default)]
struct Seasons {
    hour: i64,
    /// In this hour, so far.
    most: u16,
    /// Of the hours before it; none as long as there were no calls.
    past: Option<Box<[u16; HOURS]>>,
    /// The most at this hour of the day, on the days before.
    floor: u16,
}

impl Seasons {
    fn note(&mut self, most: u16) {
        self.most = self.most.max(most);
    }

    fn enter(&mut self, hour: i64) {
        let most = core::mem::take(&mut self.most);
        let left = core::mem::replace(&mut self.hour, hour);
        if most == 0 && self.past.is_none() {
            return;
        }
        let past = self.past.get_or_insert_with(|| Box::new([0; HOURS]));
        past[slot(left)] = most;
        let week = i64::try_from(HOURS).unwrap_or(i64::MAX);
        if hour - left > week {
            past.fill(0);
        } else {
            // Hours without calls. The place of this hour holds that of a week ago.
            (left + 1..hour).for_each(|empty| past[slot(empty)] = 0);
        }
        let floor = (1..=7).map(|day| past[slot(hour - 24 * day)]).max();
        self.floor = floor.unwrap_or_default();
    }
}

fn slot(hour: i64) -> usize {
    let week = i64::try_from(HOURS).unwrap_or(i64::MAX);
    usize::try_from(hour.rem_euclid(week)).unwrap_or_default()
}
