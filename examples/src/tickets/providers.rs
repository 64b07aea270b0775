//! OpenTelemetry's providers, set up by hand: a sampler and a resource of one's own, spans by OTLP where
//! `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector, metrics for Prometheus.

use std::env;
use std::error::Error;
use std::time::Duration;

use opentelemetry::global;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use prometheus::{Registry, TextEncoder};

/// What is global in OpenTelemetry, held on to for the end.
pub(crate) struct Providers {
    pub(crate) tracer: SdkTracerProvider,
    pub(crate) meter: SdkMeterProvider,
    registry: Registry,
}

impl Providers {
    /// Makes them, and makes them OpenTelemetry's global ones.
    pub(crate) fn install() -> Result<Self, Box<dyn Error>> {
        let resource = Resource::builder().with_service_name("tickets").build();
        let mut tracer = SdkTracerProvider::builder()
            .with_resource(resource.clone())
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)));
        if env::var_os("OTEL_EXPORTER_OTLP_ENDPOINT").is_some() {
            // Said, or it would be JSON as soon as any crate of the build turns that on.
            let exporter = SpanExporter::builder()
                .with_http()
                .with_protocol(Protocol::HttpBinary)
                .build()?;
            tracer = tracer.with_batch_exporter(exporter);
        }
        let tracer = tracer.build();

        let registry = Registry::new();
        let exporter = opentelemetry_prometheus::exporter()
            .with_registry(registry.clone())
            .scope_info_enabled(false)
            .build()?;
        let meter = SdkMeterProvider::builder()
            .with_resource(resource)
            .with_reader(exporter)
            .build();

        global::set_tracer_provider(tracer.clone());
        global::set_meter_provider(meter.clone());
        global::set_text_map_propagator(TraceContextPropagator::new());
        Ok(Self {
            tracer,
            meter,
            registry,
        })
    }

    /// What `/metrics` answers.
    pub(crate) fn prometheus_text(&self) -> String {
        let text = TextEncoder::new().encode_to_string(&self.registry.gather());
        text.unwrap_or_default()
    }

    /// Exports what is left.
    pub(crate) fn shutdown(&self, bound: Duration) {
        if let Err(error) = self.tracer.shutdown_with_timeout(bound) {
            eprintln!("tickets: {error}");
        }
        if let Err(error) = self.meter.shutdown_with_timeout(bound) {
            eprintln!("tickets: {error}");
        }
    }
}
