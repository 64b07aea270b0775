//! Setting an instance up.

pub(crate) mod assembly;
pub(crate) mod content;
pub(crate) mod environment;
pub(crate) mod providers;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::{KeyValue, global};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;

use crate::catalogue::series_budget::{self, OverBudget, SeriesBudget, SeriesBudgetError};
use crate::catalogue::tools;
use crate::closed::names::Names;
use crate::context::{Known, Trust};
#[cfg(feature = "otlp")]
use crate::export::Losses;
use crate::metrics::Metrics;
use crate::security::SecurityLogBuilder;
use crate::sent::endpoint::Endpoints;
use crate::sent::rounds::Rounds;
use crate::telemetry::{Inner, Telemetry, TrustPolicy};
use assembly::{Metering, Parts, Plan, Tracing};
use content::ContentOptions;

/// Sets a [`Telemetry`] instance up.
///
/// Without further settings: traces, metrics and logs are exported by OTLP if one of the standard
/// variables names an endpoint (feature `otlp`; logs also need `logs`, and to be set up), and metrics are
/// kept for Prometheus (feature `prometheus`). `OTEL_SDK_DISABLED=true` turns all of that off, and leaves
/// the [security log](Self::security_log) on. Of the standard variables these are honoured:
/// `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_PROPAGATORS` (`tracecontext`, `baggage`,
/// `none`), `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`, `OTEL_BSP_*`, `OTEL_BLRP_*`,
/// `OTEL_METRIC_EXPORT_INTERVAL`, `OTEL_TRACES_EXPORTER`, `OTEL_METRICS_EXPORTER` and
/// `OTEL_LOGS_EXPORTER` (`otlp`, `none`; of metrics also `prometheus`, which is `none` here),
/// `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`, and `OTEL_EXPORTER_OTLP_*`. They go before what
/// the code says, except for [`sampler`](Self::sampler), [`propagator`](Self::propagator) and providers
/// that are handed over.
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
    pub(crate) propagator: Option<(Box<dyn TextMapPropagator + Send + Sync>, Known)>,
    trust: TrustPolicy,
    baggage: Vec<String>,
    legacy_tool_name: bool,
    usage_on_tool_spans: bool,
    series_budget: SeriesBudget,
    pub(crate) content: ContentOptions,
    pub(crate) security_log: Option<SecurityLogBuilder>,
    #[cfg(feature = "prometheus")]
    pub(crate) registry: Option<prometheus::Registry>,
    #[cfg(feature = "otlp")]
    pub(crate) loss_report_interval: Option<std::time::Duration>,
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
    /// The security log could not be started.
    #[error("the security log cannot be written to {sink}: {reason}")]
    SecurityLog {
        /// Where it was to be written to.
        sink: String,
        /// Why it cannot be.
        reason: std::io::Error,
    },
    /// The tools have more series together than [`TelemetryBuilder::series_budget`] lets them.
    #[error(transparent)]
    SeriesBudget(#[from] SeriesBudgetError),
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
            usage_on_tool_spans: true,
            series_budget: SeriesBudget::default(),
            content: ContentOptions::default(),
            security_log: None,
            #[cfg(feature = "prometheus")]
            registry: None,
            #[cfg(feature = "otlp")]
            loss_report_interval: None,
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

    /// Keeps these entries of callers' baggage, and sends them on in what an observed client sends.
    /// Default: none; baggage is dropped.
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

    /// Puts `gen_ai.usage.*` on the span of a tool that records token usage outside of
    /// [`gen_ai::inference`](crate::gen_ai::inference). Default: on. The conventions have these
    /// attributes for the spans of models' calls and of agents only: a backend that reads them
    /// nowhere else, or one that wants nothing but the conventions, has no use for them.
    pub fn usage_on_tool_spans(mut self, on: bool) -> Self {
        self.usage_on_tool_spans = on;
        self
    }

    /// Sets how many time series all attributed tools of the binary may have together, as Prometheus
    /// counts them, and what follows if they can have more. Default: 10,000, and a warning.
    ///
    /// A binary may have tools that it does not serve; see [`tools`](crate::tools) for what there is.
    pub fn series_budget(mut self, series: usize, over: OverBudget) -> Self {
        self.series_budget = SeriesBudget { series, over };
        self
    }

    /// Makes an instance that is used only where it is named, such as by `Observed::builder`.
    ///
    /// # Errors
    /// If an exporter cannot be made, or the security log's file opened, or the tools have more series than an instrument can have, or
    /// than [`series_budget`](Self::series_budget) refuses.
    pub fn build(self) -> Result<Telemetry, SetupError> {
        let budget = self.series_budget;
        let over_budget = series_budget::check(&tools(), budget.series).err();
        if let (Some(error), OverBudget::Refuse) = (&over_budget, budget.over) {
            return Err(error.clone().into());
        }
        let propagation = assembly::propagation(self.propagator, self.baggage);
        let parts = if environment::is_true("OTEL_SDK_DISABLED") {
            Parts::default()
        } else {
            let resource = assembly::resource(self.service_name, self.resource);
            #[cfg(feature = "otlp")]
            let interval = self.loss_report_interval.unwrap_or(Losses::INTERVAL);
            Plan {
                tracing: self.tracing,
                metering: self.metering,
                #[cfg(feature = "prometheus")]
                registry: self.registry,
                #[cfg(feature = "otlp")]
                losses: Losses::new(interval),
            }
            .carry_out(&resource)?
        };
        let meter = parts.metrics.as_ref().map(Metrics::meter);
        let mut complaints = environment::complaints();
        let security_log = self
            .security_log
            .map(|log| log.build(&parts.providers, meter.as_ref(), &mut complaints))
            .transpose()?
            .map(Arc::new);
        complaints.extend(over_budget.map(|error| error.to_string()));
        for complaint in &complaints {
            tracing::warn!(target: "mcp_observe", "{complaint}");
        }
        Ok(Telemetry::new(Inner {
            #[cfg(feature = "logs")]
            complaints,
            tracer: parts.tracer,
            metrics: parts.metrics,
            providers: parts.providers,
            content: self.content.settings(),
            scrubber: self.content.scrubber,
            security_log,
            propagation,
            trust: self.trust,
            legacy_tool_name: self.legacy_tool_name,
            usage_on_tool_spans: self.usage_on_tool_spans,
            rounds: Rounds::default(),
            sent_rounds: Rounds::default(),
            endpoints: Endpoints::default(),
            names: Names::default(),
            has_served: AtomicBool::new(false),
            served: Telemetry::flags(),
            #[cfg(feature = "rmcp")]
            servers: crate::rmcp::Servers::default(),
            #[cfg(feature = "client")]
            expectations: crate::rmcp::Expectations::default(),
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
