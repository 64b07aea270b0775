//! Series of the conventions' histograms, bound when they first occur, in a table that cannot grow.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use opentelemetry::KeyValue;

use super::bound::{HistogramHandle, HistogramInstrument};
use crate::semconv::OTHER;

/// Identifies a combination of attribute values: the closed values' indices, packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SeriesKey(pub(crate) u64);

#[derive(Debug)]
struct Series {
    key: SeriesKey,
    handle: HistogramHandle,
}

/// How many series of a table someone may still have. What callers can vary (protocol revisions,
/// transports) shall not use up the table for one tool.
#[derive(Debug)]
pub(crate) struct Share(AtomicUsize);

impl Share {
    pub(crate) const fn new(series: usize) -> Self {
        Self(AtomicUsize::new(series))
    }

    fn take(&self) -> bool {
        let one_less = |left: usize| left.checked_sub(1);
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less)
            .is_ok()
    }
}

/// A fixed open-addressing table: reading takes no lock and allocates nothing, and nothing is ever
/// removed. Values come from closed sets, so it fills up only where a server has more combinations
/// than [`Self::CAPACITY`]; what finds no room goes to one series of which no more is told than that it is `_OTHER`.
#[derive(Debug)]
pub(crate) struct SeriesTable {
    histogram: HistogramInstrument,
    /// The attribute that says `_OTHER` of what finds no room.
    overflowing: &'static str,
    slots: Box<[OnceLock<Series>; Self::CAPACITY]>,
    overflow: OnceLock<HistogramHandle>,
    /// Held while a series is added, so that none takes two places of a share.
    adding: Mutex<()>,
}

impl SeriesTable {
    /// Below the SDK's default cardinality limit of 2,000 attribute sets an instrument, beyond which
    /// a bound handle would be stuck on the SDK's own overflow series for ever.
    /// A power of two, so that finding a slot takes no division.
    pub(crate) const CAPACITY: usize = 1_024;
    /// Slots looked at before giving up: bounds the work of a call when the table is nearly full.
    const PROBES: usize = 64;

    pub(super) fn new(histogram: HistogramInstrument, overflowing: &'static str) -> Self {
        Self {
            histogram,
            overflowing,
            slots: boxed_array(OnceLock::new),
            overflow: OnceLock::new(),
            adding: Mutex::default(),
        }
    }

    /// Records `seconds` on the series of `key`; false, and nothing recorded, where there is none yet.
    #[inline]
    pub(crate) fn record_known(&self, key: SeriesKey, seconds: f64) -> bool {
        let handle = self.find(key);
        if let Some(handle) = handle {
            handle.record(seconds);
        }
        handle.is_some()
    }

    /// Records `seconds` on the series of `key`, whose attributes are made only when it is new. A new
    /// one comes out of `share`, if any; false, and nothing recorded, where that is used up.
    pub(crate) fn record(
        &self,
        key: SeriesKey,
        share: Option<&Share>,
        seconds: f64,
        attributes: impl FnOnce() -> Vec<KeyValue>,
    ) -> bool {
        let handle = self.find(key).or_else(|| self.add(key, share, attributes));
        if let Some(handle) = handle {
            handle.record(seconds);
        }
        handle.is_some()
    }

    #[inline]
    fn slots_of(&self, key: SeriesKey) -> impl Iterator<Item = &OnceLock<Series>> {
        let start = spread(key.0);
        (0..Self::PROBES).map(move |probe| &self.slots[(start + probe) % Self::CAPACITY])
    }

    #[inline]
    fn find(&self, key: SeriesKey) -> Option<&HistogramHandle> {
        let first = self.slots[spread(key.0) % Self::CAPACITY].get()?;
        if first.key == key {
            return Some(&first.handle);
        }
        self.find_further(key)
    }

    /// Out of line: a table has room enough for most keys to be where they should be.
    #[inline(never)]
    fn find_further(&self, key: SeriesKey) -> Option<&HistogramHandle> {
        self.slots_of(key)
            .map_while(OnceLock::get)
            .find(|series| series.key == key)
            .map(|series| &series.handle)
    }

    #[cold]
    fn add(
        &self,
        key: SeriesKey,
        share: Option<&Share>,
        attributes: impl FnOnce() -> Vec<KeyValue>,
    ) -> Option<&HistogramHandle> {
        let _adding = self.adding.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(handle) = self.find(key) {
            return Some(handle);
        }
        if share.is_some_and(|share| !share.take()) {
            return None;
        }
        let vacant = self.slots_of(key).find(|slot| slot.get().is_none());
        Some(match vacant {
            Some(slot) => {
                let series = slot.get_or_init(|| Series {
                    key,
                    handle: self.histogram.bind(&attributes()),
                });
                &series.handle
            }
            None => self.overflow.get_or_init(|| {
                self.histogram
                    .bind(&[KeyValue::new(self.overflowing, OTHER)])
            }),
        })
    }
}

/// Made on the heap, as it is too large for some stacks.
fn boxed_array<T, const N: usize>(make: impl FnMut() -> T) -> Box<[T; N]> {
    let all: Box<[T]> = std::iter::repeat_with(make).take(N).collect();
    let Ok(array) = all.try_into() else {
        unreachable!("as many were made as it has places");
    };
    array
}

/// Fibonacci hashing: neighbouring keys land far apart. 32 bits, which fit any `usize` we run on.
#[inline]
fn spread(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}
