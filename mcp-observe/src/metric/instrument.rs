//! Instruments, made from the metrics' definitions.

use opentelemetry::metrics::{
    AsyncInstrument, Counter, Histogram, Meter, ObservableCounter, ObservableUpDownCounter,
    UpDownCounter,
};

use super::{Kind, Metric};

impl Metric {
    /// The upper bounds of its buckets; none of what is no histogram.
    pub(crate) const fn buckets(&self) -> &'static [f64] {
        match self.kind {
            Kind::Histogram { buckets } => buckets,
            Kind::Counter | Kind::UpDownCounter => &[],
        }
    }

    pub(crate) fn counter(&self, meter: &Meter) -> Counter<u64> {
        debug_assert_eq!(self.kind, Kind::Counter);
        meter
            .u64_counter(self.name)
            .with_unit(self.unit)
            .with_description(self.description)
            .build()
    }

    /// A counter whose numbers are kept elsewhere: `observe` tells them whenever they are read.
    pub(crate) fn observable_counter(
        &self,
        meter: &Meter,
        observe: impl Fn(&dyn AsyncInstrument<u64>) + Send + Sync + 'static,
    ) -> ObservableCounter<u64> {
        debug_assert_eq!(self.kind, Kind::Counter);
        meter
            .u64_observable_counter(self.name)
            .with_unit(self.unit)
            .with_description(self.description)
            .with_callback(observe)
            .build()
    }

    pub(crate) fn up_down_counter(&self, meter: &Meter) -> UpDownCounter<i64> {
        debug_assert_eq!(self.kind, Kind::UpDownCounter);
        meter
            .i64_up_down_counter(self.name)
            .with_unit(self.unit)
            .with_description(self.description)
            .build()
    }

    /// See [`Self::observable_counter`].
    pub(crate) fn observable_up_down_counter(
        &self,
        meter: &Meter,
        observe: impl Fn(&dyn AsyncInstrument<i64>) + Send + Sync + 'static,
    ) -> ObservableUpDownCounter<i64> {
        debug_assert_eq!(self.kind, Kind::UpDownCounter);
        meter
            .i64_observable_up_down_counter(self.name)
            .with_unit(self.unit)
            .with_description(self.description)
            .with_callback(observe)
            .build()
    }

    /// With these buckets, which are [`Self::buckets`] unless a tool has its own.
    pub(crate) fn histogram(&self, meter: &Meter, buckets: &[f64]) -> Histogram<f64> {
        debug_assert!(matches!(self.kind, Kind::Histogram { .. }));
        meter
            .f64_histogram(self.name)
            .with_unit(self.unit)
            .with_description(self.description)
            .with_boundaries(buckets.to_vec())
            .build()
    }
}
