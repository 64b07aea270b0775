//! Series of the conventions' histograms, bound when they first occur, in a table that cannot grow.

use std::sync::OnceLock;

use opentelemetry::KeyValue;
use opentelemetry::metrics::Histogram;

use super::bound::HistogramHandle;
use crate::semconv::{OTHER, attribute};

/// Identifies a combination of attribute values: the closed values' indices, packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SeriesKey(pub(crate) u64);

#[derive(Debug)]
struct Series {
    key: SeriesKey,
    handle: HistogramHandle,
}

/// A fixed open-addressing table: reading takes no lock and allocates nothing, and nothing is ever
/// removed. Values come from closed sets, so it fills up only where a server has more combinations
/// than [`Self::CAPACITY`]; what finds no room goes to one series whose method is `_OTHER`.
#[derive(Debug)]
pub(crate) struct SeriesTable {
    histogram: Histogram<f64>,
    binds: bool,
    slots: Box<[OnceLock<Series>]>,
    overflow: OnceLock<HistogramHandle>,
}

impl SeriesTable {
    /// Below the SDK's default cardinality limit of 2,000 attribute sets an instrument, beyond which
    /// a bound handle would be stuck on the SDK's own overflow series for ever.
    /// A power of two, so that finding a slot takes no division.
    pub(crate) const CAPACITY: usize = 1_024;
    /// Slots looked at before giving up: bounds the work of a call when the table is nearly full.
    const PROBES: usize = 64;

    pub(super) fn new(histogram: Histogram<f64>, binds: bool) -> Self {
        Self {
            histogram,
            binds,
            slots: (0..Self::CAPACITY).map(|_| OnceLock::new()).collect(),
            overflow: OnceLock::new(),
        }
    }

    /// Records `seconds` on the series of `key`, whose attributes are made only when it is new.
    pub(crate) fn record(
        &self,
        key: SeriesKey,
        seconds: f64,
        attributes: impl FnOnce() -> Vec<KeyValue>,
    ) {
        self.handle(key, attributes).record(seconds);
    }

    fn handle(
        &self,
        key: SeriesKey,
        attributes: impl FnOnce() -> Vec<KeyValue>,
    ) -> &HistogramHandle {
        let start = spread(key.0);
        // Made at most once: by the slot that is filled with this key, which ends the search.
        let mut attributes = Some(attributes);
        for probe in 0..Self::PROBES {
            let slot = &self.slots[(start + probe) % Self::CAPACITY];
            let series = slot.get_or_init(|| {
                let attributes = attributes.take().map(|make| make()).unwrap_or_default();
                Series {
                    key,
                    handle: HistogramHandle::new(&self.histogram, &attributes, self.binds),
                }
            });
            if series.key == key {
                return &series.handle;
            }
        }
        self.overflow.get_or_init(|| {
            let other = [KeyValue::new(attribute::MCP_METHOD_NAME, OTHER)];
            HistogramHandle::new(&self.histogram, &other, self.binds)
        })
    }
}

/// Fibonacci hashing: neighbouring keys land far apart. 32 bits, which fit any `usize` we run on.
fn spread(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}
