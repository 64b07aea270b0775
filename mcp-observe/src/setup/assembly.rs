//! Making the parts of an instance: what spans and measurements go to.

use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider;
use opentelemetry::propagation::{TextMapCompositePropagator, TextMapPropagator};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{MeterProviderBuilder, Stream};
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use opentelemetry_sdk::trace::{SpanProcessor, TracerProviderBuilder};

use super::SetupError;
use super::environment;
use super::providers::Providers;
use crate::catalogue::limits;
use crate::context::{Known, Propagation};
#[cfg(feature = "otlp")]
use crate::export::{Exporters, Losses};
use crate::metrics::{Metrics, Route, scope};
use crate::sent::execute_tools::Watching;
use crate::span::Tracer;

/// Where spans go.
#[derive(Debug)]
pub(crate) enum Tracing {
    /// To processors of a provider that the builder makes; the flag tells whether there are any.
    Own(TracerProviderBuilder, bool),
    /// To a provider of the user's.
    Given(Tracer),
}

impl Tracing {
    /// Sends spans to this processor as well, unless they go to a provider of the user's. The first
    /// one also watches for the spans of agents that a client has to know of.
    pub(crate) fn with_processor(self, processor: impl SpanProcessor + 'static) -> Self {
        match self {
            Self::Own(builder, false) => {
                Self::Own(builder.with_span_processor(Watching(processor)), true)
            }
            Self::Own(builder, true) => Self::Own(builder.with_span_processor(processor), true),
            Self::Given(tracer) => Self::Given(tracer),
        }
    }
}

/// Where measurements go.
pub(crate) enum Metering {
    /// To readers of a provider that the builder makes; the flag tells whether there are any.
    Own(MeterProviderBuilder, bool),
    /// To a provider of the user's, and how.
    Given(Box<dyn MeterProvider + Send + Sync>, Route),
}

impl std::fmt::Debug for Metering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Own(..) => "Metering::Own",
            Self::Given(..) => "Metering::Given",
        })
    }
}

/// What the parts are made from.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) tracing: Tracing,
    pub(crate) metering: Metering,
    #[cfg(feature = "prometheus")]
    pub(crate) registry: Option<prometheus::Registry>,
    #[cfg(feature = "otlp")]
    pub(crate) losses: std::sync::Arc<Losses>,
}

/// The parts. Without any, nothing is recorded.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) tracer: Option<Tracer>,
    pub(crate) metrics: Option<Metrics>,
    pub(crate) providers: Providers,
}

impl Plan {
    pub(crate) fn carry_out(self, resource: &Resource) -> Result<Parts, SetupError> {
        let mut parts = Parts::default();
        let (tracing, metering) = (self.tracing, self.metering);
        #[cfg(feature = "prometheus")]
        let metering =
            crate::prometheus::add_reader(metering, self.registry, &mut parts.providers)?;
        #[cfg(feature = "otlp")]
        let mut exporters = Exporters::new(self.losses);
        #[cfg(feature = "otlp")]
        let tracing = exporters.add_traces(tracing)?;
        #[cfg(feature = "otlp")]
        let metering = exporters.add_metrics(metering)?;
        #[cfg(all(feature = "otlp", feature = "logs"))]
        {
            parts.providers.loggers = exporters.loggers(resource)?;
        }
        parts.add_tracer(tracing, resource);
        parts.add_metrics(metering, resource)?;
        #[cfg(feature = "otlp")]
        {
            // Also one of the user's.
            let meter = parts.metrics.as_ref().map(Metrics::meter);
            parts.providers.runtime = exporters.finish(meter.as_ref());
        }
        Ok(parts)
    }
}

impl Parts {
    fn add_tracer(&mut self, tracing: Tracing, resource: &Resource) {
        self.tracer = match tracing {
            Tracing::Given(tracer) => Some(tracer),
            Tracing::Own(_, false) => None,
            Tracing::Own(builder, true) => {
                let provider = builder.with_resource(resource.clone()).build();
                let tracer = provider.tracer_with_scope(scope(&[]));
                self.providers.tracer = Some(provider);
                Some(Tracer::Sdk(tracer))
            }
        };
    }

    fn add_metrics(&mut self, metering: Metering, resource: &Resource) -> Result<(), SetupError> {
        self.metrics = match metering {
            Metering::Given(provider, route) => {
                limits::check(false)?;
                Some(Metrics::new(provider, route))
            }
            Metering::Own(_, false) => None,
            Metering::Own(builder, true) => {
                limits::check(true)?;
                let counters = limits::of_counters();
                let provider = builder
                    .with_view(move |instrument| {
                        let (_, limit) = counters
                            .iter()
                            .find(|(name, _)| *name == instrument.name())?;
                        Stream::builder()
                            .with_cardinality_limit(*limit)
                            .build()
                            .ok()
                    })
                    .with_resource(resource.clone())
                    .build();
                self.providers.meter = Some(provider.clone());
                Some(Metrics::new(Box::new(provider), Route::Kept))
            }
        };
        Ok(())
    }
}

/// The resource: what the environment says goes before what the code says.
pub(crate) fn resource(service_name: Option<String>, attributes: Vec<KeyValue>) -> Resource {
    let named_by_environment = environment::value("OTEL_SERVICE_NAME").is_some()
        || environment::list("OTEL_RESOURCE_ATTRIBUTES")
            .iter()
            .any(|attribute| attribute.starts_with("service.name="));
    let mut builder = Resource::builder_empty().with_attributes(attributes);
    if let Some(name) = service_name
        && !named_by_environment
    {
        builder = builder.with_service_name(name);
    }
    let of_code = builder.build();
    let mut builder = Resource::builder();
    for (key, value) in &of_code {
        let is_set = environment::list("OTEL_RESOURCE_ATTRIBUTES")
            .iter()
            .any(|attribute| attribute.split('=').next() == Some(key.as_str()));
        if !is_set {
            builder = builder.with_attribute(KeyValue::new(key.clone(), value.clone()));
        }
    }
    builder.build()
}

/// What reads callers' contexts: the builder's propagator, else what `OTEL_PROPAGATORS` names, else
/// W3C Trace Context and, where any is kept, W3C Baggage.
pub(crate) fn propagation(
    propagator: Option<(Box<dyn TextMapPropagator + Send + Sync>, Known)>,
    baggage: Vec<String>,
) -> Propagation {
    let names = environment::list("OTEL_PROPAGATORS");
    let is_named = |name| names.is_empty() || names.iter().any(|it| it == name);
    let has_trace_context = is_named("tracecontext");
    let has_baggage = is_named("baggage") && !baggage.is_empty();
    let (propagator, known) = propagator.unwrap_or_else(|| {
        let mut all: Vec<Box<dyn TextMapPropagator + Send + Sync>> = Vec::new();
        if has_trace_context {
            all.push(Box::new(TraceContextPropagator::new()));
        }
        if has_baggage {
            all.push(Box::new(BaggagePropagator::new()));
        }
        let known = match (has_trace_context, has_baggage) {
            (true, false) => Known::TraceContext,
            (true, true) => Known::TraceContextAndBaggage,
            (false, _) => Known::Nothing,
        };
        match (all.pop(), all.is_empty()) {
            (Some(only), true) => (only, known),
            (last, _) => {
                all.extend(last);
                (Box::new(TextMapCompositePropagator::new(all)), known)
            }
        }
    });
    Propagation {
        propagator,
        known,
        baggage,
    }
}
