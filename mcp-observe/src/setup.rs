//! Setting an instance up.

use std::env;

use opentelemetry::metrics::MeterProvider;
use opentelemetry::propagation::{TextMapCompositePropagator, TextMapPropagator};
use opentelemetry::trace::TracerProvider;
use opentelemetry::{KeyValue, global};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{MeterProviderBuilder, SdkMeterProvider, Stream};
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use opentelemetry_sdk::trace::{SdkTracerProvider, TracerProviderBuilder};

use crate::context::{Reader, Trust};
use crate::limits;
use crate::metrics::{Metrics, scope};
use crate::providers::Providers;
use crate::rounds::Rounds;
use crate::semconv::metric;
use crate::span::Tracer;
use crate::telemetry::{Inner, Telemetry, TrustPolicy};

/// Sets a [`Telemetry`] instance up.
///
/// Without further settings: traces and metrics are exported by OTLP if one of the standard variables
/// names an endpoint (feature `otlp`), and metrics are kept for Prometheus (feature `prometheus`).
/// `OTEL_SDK_DISABLED=true` turns everything off.
///
/// # Example
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let telemetry = mcp_observe::Telemetry::builder()
///     .service_name("weather")
///     .install()?;
/// // … serve …
/// telemetry.shutdown(std::time::Duration::from_secs(5))?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a builder does nothing until `build` or `install`"]
pub struct TelemetryBuilder {
    service_name: Option<String>,
    resource: Vec<KeyValue>,
    pub(crate) tracing: Tracing,
    pub(crate) metering: Metering,
    pub(crate) propagator: Option<Box<dyn TextMapPropagator + Send + Sync>>,
    trust: TrustPolicy,
    baggage: Vec<String>,
    legacy_tool_name: bool,
    #[cfg(feature = "prometheus")]
    pub(crate) registry: Option<prometheus::Registry>,
}

/// Where spans go.
#[derive(Debug)]
pub(crate) enum Tracing {
    /// To processors of a provider that the builder makes; the flag tells whether there are any.
    Own(TracerProviderBuilder, bool),
    /// To a provider of the user's.
    Given(Tracer),
}

/// Where measurements go.
pub(crate) enum Metering {
    /// To readers of a provider that the builder makes; the flag tells whether there are any.
    Own(MeterProviderBuilder, bool),
    /// To a provider of the user's, and whether its bound instruments record.
    Given(Box<dyn MeterProvider + Send + Sync>, bool),
}

impl std::fmt::Debug for Metering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Own(..) => "Metering::Own",
            Self::Given(..) => "Metering::Given",
        })
    }
}

/// Telemetry could not be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// There is a default instance already.
    #[error(
        "telemetry is installed already; shut that instance down first, or use `build` for a second one"
    )]
    AlreadyInstalled,
    /// An OTLP exporter could not be made from the standard variables.
    #[error("the OTLP exporter could not be made from the `OTEL_EXPORTER_OTLP_*` variables: {0}")]
    Otlp(String),
    /// The Prometheus registry refused the exporter.
    #[error("the Prometheus registry refused the exporter: {0}")]
    Prometheus(String),
    /// More tools than an instrument can have series for.
    #[error(
        "{tools} tools have {series} series on `{instrument}`, over the instrument's limit of {limit}; hand over no meter provider of your own, or spread the tools over several binaries"
    )]
    TooManySeries {
        /// Attributed tools of the binary.
        tools: usize,
        /// The instrument that would be over its limit.
        instrument: &'static str,
        /// Series that it needs.
        series: usize,
        /// Series that it can have.
        limit: usize,
    },
}

impl Default for TelemetryBuilder {
    fn default() -> Self {
        Self {
            service_name: None,
            resource: Vec::new(),
            tracing: Tracing::Own(SdkTracerProvider::builder(), false),
            metering: Metering::Own(SdkMeterProvider::builder(), false),
            propagator: None,
            trust: TrustPolicy::default(),
            baggage: Vec::new(),
            legacy_tool_name: false,
            #[cfg(feature = "prometheus")]
            registry: None,
        }
    }
}

impl TelemetryBuilder {
    /// Names the service, unless `OTEL_SERVICE_NAME` or `OTEL_RESOURCE_ATTRIBUTES` does: a deployment
    /// knows better than the code. Default: `unknown_service`.
    pub fn service_name(mut self, name: impl Into<String>) -> Self {
        self.service_name = Some(name.into());
        self
    }

    /// Adds a resource attribute, such as `deployment.environment.name`.
    pub fn resource_attribute(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.resource.push(KeyValue::new(key.into(), value.into()));
        self
    }

    /// Sets how far callers' trace context is trusted, on every transport. Default: [`Trust::Parent`].
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = TrustPolicy {
            pipe: trust,
            http: trust,
        };
        self
    }

    /// Sets how far the trace context of callers over HTTP is trusted.
    pub fn trust_http(mut self, trust: Trust) -> Self {
        self.trust.http = trust;
        self
    }

    /// Sets how far the trace context of callers over stdio and other pipes is trusted, and of
    /// callers whose transport is not known.
    pub fn trust_pipe(mut self, trust: Trust) -> Self {
        self.trust.pipe = trust;
        self
    }

    /// Keeps these entries of callers' baggage. Default: none; baggage is dropped.
    pub fn baggage<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.baggage = keys.into_iter().map(Into::into).collect();
        self
    }

    /// Adds `mcp.tool.name` to the spans of tool calls: the name that drafts of the conventions had
    /// for `gen_ai.tool.name`, and that many dashboards still query. Default: off.
    pub fn legacy_tool_name(mut self, on: bool) -> Self {
        self.legacy_tool_name = on;
        self
    }

    /// Makes an instance that is used only where it is named, such as by `Observed::builder`.
    ///
    /// # Errors
    /// If an exporter cannot be made, or the tools have more series than an instrument can have.
    pub fn build(self) -> Result<Telemetry, SetupError> {
        let disabled = env::var("OTEL_SDK_DISABLED")
            .is_ok_and(|value| value.trim().eq_ignore_ascii_case("true"));
        let mut providers = Providers::default();
        let (tracer, metrics) = if disabled {
            (None, None)
        } else {
            let resource = resource(self.service_name, self.resource);
            #[cfg(feature = "prometheus")]
            let metering =
                crate::prometheus::add_reader(self.metering, self.registry, &mut providers)?;
            #[cfg(not(feature = "prometheus"))]
            let metering = self.metering;
            (
                tracer(self.tracing, &resource, &mut providers)?,
                metrics(metering, resource, &mut providers)?,
            )
        };
        Ok(Telemetry::new(Inner {
            tracer,
            metrics,
            reader: reader(self.propagator, self.baggage),
            trust: self.trust,
            legacy_tool_name: self.legacy_tool_name,
            providers,
            rounds: Rounds::default(),
            served: Telemetry::flags(),
            #[cfg(feature = "rmcp")]
            servers: crate::rmcp::Servers::default(),
        }))
    }

    /// Makes an instance and installs it as the process's default: every call of an attributed tool
    /// and every `Observed` handler that names no other instance uses it, also those that were made
    /// before. Its own tracer and meter providers become OpenTelemetry's global ones, so that spans
    /// that your code starts through the API are exported as well.
    ///
    /// # Errors
    /// As [`Self::build`]; and if there is a default instance that was not shut down.
    pub fn install(self) -> Result<Telemetry, SetupError> {
        if Telemetry::installed().is_some() {
            return Err(SetupError::AlreadyInstalled);
        }
        let telemetry = self.build()?;
        if !telemetry.try_install() {
            return Err(SetupError::AlreadyInstalled);
        }
        let providers = &telemetry.inner().providers;
        if let Some(tracer) = &providers.tracer {
            global::set_tracer_provider(tracer.clone());
        }
        if let Some(meter) = &providers.meter {
            global::set_meter_provider(meter.clone());
        }
        Ok(telemetry)
    }
}

fn resource(service_name: Option<String>, attributes: Vec<KeyValue>) -> Resource {
    let named_by_environment = env::var("OTEL_SERVICE_NAME").is_ok_and(|name| !name.is_empty())
        || env::var("OTEL_RESOURCE_ATTRIBUTES").is_ok_and(|all| all.contains("service.name="));
    let mut builder = Resource::builder().with_attributes(attributes);
    if let Some(name) = service_name
        && !named_by_environment
    {
        builder = builder.with_service_name(name);
    }
    builder.build()
}

fn reader(
    propagator: Option<Box<dyn TextMapPropagator + Send + Sync>>,
    baggage: Vec<String>,
) -> Reader {
    let propagator = propagator.unwrap_or_else(|| {
        if baggage.is_empty() {
            Box::new(TraceContextPropagator::new())
        } else {
            Box::new(TextMapCompositePropagator::new(vec![
                Box::new(TraceContextPropagator::new()),
                Box::new(BaggagePropagator::new()),
            ]))
        }
    });
    Reader {
        propagator,
        baggage,
    }
}

fn tracer(
    tracing: Tracing,
    resource: &Resource,
    providers: &mut Providers,
) -> Result<Option<Tracer>, SetupError> {
    let (builder, exports) = match tracing {
        Tracing::Given(tracer) => return Ok(Some(tracer)),
        Tracing::Own(builder, exports) => (builder, exports),
    };
    #[cfg(feature = "otlp")]
    let (builder, exports) = crate::otlp::add_span_exporter(builder, exports)?;
    if !exports {
        return Ok(None);
    }
    let provider = builder.with_resource(resource.clone()).build();
    let tracer = provider.tracer_with_scope(scope(&[]));
    providers.tracer = Some(provider);
    Ok(Some(Tracer::Sdk(tracer)))
}

fn metrics(
    metering: Metering,
    resource: Resource,
    providers: &mut Providers,
) -> Result<Option<Metrics>, SetupError> {
    let (builder, exports) = match metering {
        Metering::Given(provider, binds) => {
            limits::check(limits::SDK_DEFAULT)?;
            return Ok(Some(Metrics::new(provider, binds)));
        }
        Metering::Own(builder, exports) => (builder, exports),
    };
    #[cfg(feature = "otlp")]
    let (builder, exports) = crate::otlp::add_metric_reader(builder, exports)?;
    if !exports {
        return Ok(None);
    }
    let limit = limits::of_errors();
    limits::check(limit)?;
    let provider = builder
        .with_view(move |instrument| {
            // Only counters: a view takes a histogram's own boundaries away.
            (instrument.name() == metric::TOOL_ERRORS)
                .then(|| Stream::builder().with_cardinality_limit(limit).build().ok())
                .flatten()
        })
        .with_resource(resource)
        .build();
    providers.meter = Some(provider.clone());
    Ok(Some(Metrics::new(Box::new(provider), true)))
}
