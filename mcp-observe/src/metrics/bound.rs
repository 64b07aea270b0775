//! Instruments with their attributes fixed, so that recording looks nothing up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use opentelemetry::KeyValue;
use opentelemetry::metrics::{
    BoundCounter, BoundHistogram, BoundUpDownCounter, Counter, Histogram, Meter, UpDownCounter,
};

use super::numbers::Numbers;
use crate::metric::Metric;

/// How measurements get to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// Sums are kept until the provider asks, which is the instance's own. All else is bound.
    Kept,
    /// The SDK's meters bind for real.
    Bound,
    /// Of a foreign meter provider the API's `bind` may be a no-op that drops every measurement, so its
    /// instruments are called with the attributes each time.
    Unbound,
}

macro_rules! sum {
    ($instrument:ident, $handle:ident, $api:ident<$value:ty>, $bound:ident, $made:ident, $observable:ident, $to:expr, $from:expr) => {
        #[derive(Debug, Clone)]
        pub(super) enum $instrument {
            Kept(Arc<Numbers>),
            Bound($api<$value>),
            Unbound($api<$value>),
        }

        impl $instrument {
            pub(super) fn new(metric: &'static Metric, meter: &Meter, route: Route) -> Self {
                match route {
                    Route::Kept => {
                        let numbers = Arc::<Numbers>::default();
                        let asked = Arc::clone(&numbers);
                        let _ = metric.$observable(meter, move |observer| {
                            asked.observe(|number, attributes| {
                                observer.observe($from(number), attributes);
                            });
                        });
                        Self::Kept(numbers)
                    }
                    Route::Bound => Self::Bound(metric.$made(meter)),
                    Route::Unbound => Self::Unbound(metric.$made(meter)),
                }
            }

            /// The handle of a series, which is there from now on where the provider can bind.
            pub(super) fn bind(&self, attributes: &[KeyValue]) -> $handle {
                match self {
                    Self::Kept(numbers) => $handle::Kept(numbers.of(attributes)),
                    Self::Bound(instrument) => $handle::Bound(instrument.bind(attributes)),
                    Self::Unbound(instrument) => {
                        $handle::Unbound(instrument.clone(), attributes.into())
                    }
                }
            }
        }

        #[derive(Debug)]
        pub(crate) enum $handle {
            Kept(Arc<AtomicU64>),
            Bound($bound<$value>),
            Unbound($api<$value>, Arc<[KeyValue]>),
        }

        impl $handle {
            #[inline]
            pub(crate) fn add(&self, value: $value) {
                if let Self::Kept(number) = self {
                    number.fetch_add($to(value), Ordering::Relaxed);
                } else {
                    self.tell(value);
                }
            }

            /// Out of line, as most instances keep their sums.
            #[inline(never)]
            fn tell(&self, value: $value) {
                match self {
                    Self::Kept(_) => {}
                    Self::Bound(handle) => handle.add(value),
                    Self::Unbound(instrument, attributes) => instrument.add(value, attributes),
                }
            }
        }
    };
}

sum!(
    CounterInstrument,
    CounterHandle,
    Counter<u64>,
    BoundCounter,
    counter,
    observable_counter,
    std::convert::identity,
    std::convert::identity
);
// What goes up and down wraps around zero and back.
sum!(
    UpDownInstrument,
    UpDownHandle,
    UpDownCounter<i64>,
    BoundUpDownCounter,
    up_down_counter,
    observable_up_down_counter,
    i64::cast_unsigned,
    u64::cast_signed
);

/// A histogram, and whether its provider binds.
#[derive(Debug, Clone)]
pub(super) struct HistogramInstrument {
    instrument: Histogram<f64>,
    binds: bool,
}

impl HistogramInstrument {
    pub(super) fn new(metric: &Metric, meter: &Meter, buckets: &[f64], route: Route) -> Self {
        Self {
            instrument: metric.histogram(meter, buckets),
            binds: route != Route::Unbound,
        }
    }

    /// The handle of a series.
    pub(super) fn bind(&self, attributes: &[KeyValue]) -> HistogramHandle {
        if self.binds {
            HistogramHandle::Bound(self.instrument.bind(attributes))
        } else {
            HistogramHandle::Unbound(self.instrument.clone(), attributes.into())
        }
    }
}

#[derive(Debug)]
pub(crate) enum HistogramHandle {
    Bound(BoundHistogram<f64>),
    Unbound(Histogram<f64>, Arc<[KeyValue]>),
}

impl HistogramHandle {
    #[inline]
    pub(crate) fn record(&self, value: f64) {
        match self {
            Self::Bound(handle) => handle.record(value),
            Self::Unbound(instrument, attributes) => instrument.record(value, attributes),
        }
    }
}
