//! Instruments with their attributes fixed, so that recording looks nothing up.
//!
//! The SDK's own meters bind for real. Of a foreign meter provider the API's `bind` may be a no-op
//! that drops every measurement, so its instruments are called with the attributes each time.

use std::sync::Arc;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{
    BoundCounter, BoundHistogram, BoundUpDownCounter, Counter, Histogram, UpDownCounter,
};

macro_rules! handle {
    ($name:ident, $instrument:ident<$value:ty>, $bound:ident, $record:ident) => {
        #[derive(Debug)]
        pub(crate) enum $name {
            Bound($bound<$value>),
            Unbound($instrument<$value>, Arc<[KeyValue]>),
        }

        impl $name {
            pub(crate) fn new(
                instrument: &$instrument<$value>,
                attributes: &[KeyValue],
                binds: bool,
            ) -> Self {
                if binds {
                    Self::Bound(instrument.bind(attributes))
                } else {
                    Self::Unbound(instrument.clone(), attributes.into())
                }
            }

            #[inline]
            pub(crate) fn $record(&self, value: $value) {
                match self {
                    Self::Bound(handle) => handle.$record(value),
                    Self::Unbound(instrument, attributes) => instrument.$record(value, attributes),
                }
            }
        }
    };
}

handle!(CounterHandle, Counter<u64>, BoundCounter, add);
handle!(UpDownHandle, UpDownCounter<i64>, BoundUpDownCounter, add);
handle!(HistogramHandle, Histogram<f64>, BoundHistogram, record);
