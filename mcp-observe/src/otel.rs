//! The one place where OpenTelemetry's types are part of this crate's interface.
//!
//! `opentelemetry` is a 0.x crate, so each of its minor releases is a breaking one here. Use the
//! re-exports to be sure of the same version.

use std::any::{Any, TypeId};

use ::opentelemetry::global::{BoxedTracer, ObjectSafeTracerProvider};
use ::opentelemetry::metrics::MeterProvider;
use ::opentelemetry::propagation::TextMapPropagator;
use ::opentelemetry::trace::TracerProvider;
use ::opentelemetry_sdk::metrics::SdkMeterProvider;
use ::opentelemetry_sdk::metrics::reader::MetricReader;
use ::opentelemetry_sdk::propagation::TraceContextPropagator;
use ::opentelemetry_sdk::trace::{SdkTracerProvider, ShouldSample, SpanProcessor};

pub use ::opentelemetry;
pub use ::opentelemetry_sdk;

use crate::context::Known;
use crate::metrics::{Route, scope};
use crate::setup::TelemetryBuilder;
use crate::setup::assembly::{Metering, Tracing};
use crate::span::Tracer;

/// Settings in OpenTelemetry's own terms.
impl TelemetryBuilder {
    /// Sends spans to this provider, which stays yours to shut down. What
    /// [`span_processor`](Self::span_processor) and [`sampler`](Self::sampler) set is not used then.
    pub fn tracer_provider<P>(mut self, provider: &P) -> Self
    where
        P: ObjectSafeTracerProvider + Any,
    {
        let any: &dyn Any = provider;
        self.tracing = Tracing::Given(match any.downcast_ref::<SdkTracerProvider>() {
            Some(sdk) => Tracer::Sdk(sdk.tracer_with_scope(scope(&[]))),
            None => Tracer::Foreign(BoxedTracer::new(provider.boxed_tracer(scope(&[])))),
        });
        self
    }

    /// Sends measurements to this provider, which stays yours to shut down. What
    /// [`metric_reader`](Self::metric_reader) sets is not used then, and there is no Prometheus text
    /// of this crate's. Several instances may be given the same one: it has the sums of what they count.
    pub fn meter_provider<P>(mut self, provider: P) -> Self
    where
        P: MeterProvider + Any + Send + Sync,
    {
        let any: &dyn Any = &provider;
        let route = if any.is::<SdkMeterProvider>() {
            Route::Bound
        } else {
            Route::Unbound
        };
        self.metering = Metering::Given(Box::new(provider), route);
        self
    }

    /// Adds a span processor to the instance's own tracer provider.
    pub fn span_processor(mut self, processor: impl SpanProcessor + 'static) -> Self {
        self.tracing = match self.tracing {
            Tracing::Own(builder, exports) => Tracing::Own(builder, exports),
            Tracing::Given(_) => Tracing::Own(SdkTracerProvider::builder(), false),
        }
        .with_processor(processor);
        self
    }

    /// Sets the sampler of the instance's own tracer provider. Default: what
    /// `OTEL_TRACES_SAMPLER` says, else `parentbased_always_on`.
    pub fn sampler(mut self, sampler: impl ShouldSample + 'static) -> Self {
        if let Tracing::Own(builder, exports) = self.tracing {
            let sampler: Box<dyn ShouldSample> = Box::new(sampler);
            self.tracing = Tracing::Own(builder.with_sampler(sampler), exports);
        }
        self
    }

    /// Adds a metric reader to the instance's own meter provider.
    pub fn metric_reader(mut self, reader: impl MetricReader) -> Self {
        let builder = match self.metering {
            Metering::Own(builder, _) => builder,
            Metering::Given(..) => SdkMeterProvider::builder(),
        };
        self.metering = Metering::Own(builder.with_reader(reader), true);
        self
    }

    /// Sets what reads callers' context from `_meta`. Default: W3C Trace Context, and W3C Baggage
    /// where [`baggage`](Self::baggage) allows any.
    pub fn propagator(
        mut self,
        propagator: impl TextMapPropagator + Send + Sync + 'static,
    ) -> Self {
        // It has no settings: any is as good as another.
        let known = if propagator.type_id() == TypeId::of::<TraceContextPropagator>() {
            Known::TraceContext
        } else {
            Known::Nothing
        };
        self.propagator = Some((Box::new(propagator), known));
        self
    }
}

#[cfg(test)]
mod tests {
    use ::opentelemetry_sdk::propagation::BaggagePropagator;

    use super::*;

    #[test]
    fn the_sdks_own_propagator_is_known_by_its_type() {
        let known = |builder: TelemetryBuilder| builder.propagator.map(|(_, known)| known);
        let own = TelemetryBuilder::default().propagator(TraceContextPropagator::new());
        assert_eq!(known(own), Some(Known::TraceContext));
        let other = TelemetryBuilder::default().propagator(BaggagePropagator::new());
        assert_eq!(known(other), Some(Known::Nothing));
    }
}
