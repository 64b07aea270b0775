//! Exporters to an OTLP endpoint.
//!
//! An exporter is made only if a variable names an endpoint, or asks for OTLP by name: a server that
//! was not told of a collector does not try one at `localhost`, as the specification's default would
//! have it.

use std::sync::Arc;

use opentelemetry::metrics::Meter;
use opentelemetry_otlp::{MetricExporter, SpanExporter};
use opentelemetry_sdk::metrics::PeriodicReader;
#[cfg(feature = "logs")]
use opentelemetry_sdk::{Resource, logs::SdkLoggerProvider};

#[cfg(feature = "logs")]
use super::logs::Loggers;
use super::losses::Losses;
use super::metrics::Counting;
use super::traces::Queue;
use crate::setup::SetupError;
use crate::setup::assembly::{Metering, Tracing};
use crate::setup::environment;

/// Builds an exporter for a protocol. Left to itself, the builder would take JSON as soon as any crate
/// of the binary turns that feature of the exporter's on.
macro_rules! exporter {
    ($exporter:path, $protocol:expr) => {{
        use opentelemetry_otlp::WithExportConfig as _;
        type Exporter = $exporter;
        match $protocol {
            Protocol::Http => Exporter::builder()
                .with_http()
                .with_protocol(opentelemetry_otlp::Protocol::HttpBinary)
                .build(),
            #[cfg(feature = "otlp-grpc")]
            Protocol::Grpc => with_roots(Exporter::builder().with_tonic()).build(),
        }
    }};
}

/// Trusts the machine's root certificates, as export over HTTP does. Left to itself, the exporter
/// trusts none, and no endpoint is secure enough for it.
#[cfg(feature = "otlp-tls")]
fn with_roots<B: opentelemetry_otlp::WithTonicConfig>(builder: B) -> B {
    use opentelemetry_otlp::tonic_types::transport::ClientTlsConfig;
    builder.with_tls_config(ClientTlsConfig::new().with_native_roots())
}

#[cfg(all(feature = "otlp-grpc", not(feature = "otlp-tls")))]
fn with_roots<B>(builder: B) -> B {
    builder
}

/// Makes the exporters of one instance.
#[derive(Debug)]
pub(crate) struct Exporters {
    losses: Arc<Losses>,
    runtime: Runtime,
    any: bool,
}

impl Exporters {
    pub(crate) fn new(losses: Arc<Losses>) -> Self {
        Self {
            losses,
            runtime: Runtime::default(),
            any: false,
        }
    }

    /// All exporters were made. If there are any, `meter` shows from now on what they lose. What is
    /// returned has to be kept for as long as they are.
    pub(crate) fn finish(self, meter: Option<&Meter>) -> Runtime {
        if let Some(meter) = meter
            && self.any
        {
            self.losses.observe(meter);
        }
        self.runtime
    }

    /// Adds an exporter of spans to a provider of ours, if one is asked for.
    pub(crate) fn add_traces(&mut self, tracing: Tracing) -> Result<Tracing, SetupError> {
        match tracing {
            own @ Tracing::Own(..) if is_asked_for("TRACES") => {
                let exporter = self
                    .runtime
                    .inside("TRACES", |protocol| exporter!(SpanExporter, protocol))?;
                self.any = true;
                let queue = Queue::new(exporter, &self.losses);
                Ok(own.with_processor(queue))
            }
            tracing => Ok(tracing),
        }
    }

    /// Adds an exporter of metrics to a provider of ours, if one is asked for.
    pub(crate) fn add_metrics(&mut self, metering: Metering) -> Result<Metering, SetupError> {
        match metering {
            Metering::Own(builder, _) if is_asked_for("METRICS") => {
                let exporter = Counting {
                    inner: self
                        .runtime
                        .inside("METRICS", |protocol| exporter!(MetricExporter, protocol))?,
                    losses: Arc::clone(&self.losses),
                };
                self.any = true;
                let reader = PeriodicReader::builder(exporter).build();
                Ok(Metering::Own(builder.with_reader(reader), true))
            }
            metering => Ok(metering),
        }
    }
}

#[cfg(feature = "logs")]
impl Exporters {
    /// Makes a provider of loggers if export of logs is asked for.
    pub(crate) fn loggers(&mut self, resource: &Resource) -> Result<Option<Loggers>, SetupError> {
        if !is_asked_for("LOGS") {
            return Ok(None);
        }
        let exporter = self.runtime.inside("LOGS", |protocol| {
            exporter!(opentelemetry_otlp::LogExporter, protocol)
        })?;
        self.any = true;
        let queue = super::logs::Queue::new(exporter, &self.losses);
        let room = queue.room();
        let provider = SdkLoggerProvider::builder()
            .with_log_processor(super::logs::NameTool)
            .with_log_processor(queue)
            .with_resource(resource.clone())
            .build();
        Ok(Some(Loggers { provider, room }))
    }
}

/// Whether the variables ask for OTLP export of a signal.
fn is_asked_for(signal: &str) -> bool {
    let exporters = environment::list(&format!("OTEL_{signal}_EXPORTER"));
    if !exporters.is_empty() {
        return exporters.iter().any(|name| name == "otlp");
    }
    endpoint(signal).is_some()
}

fn endpoint(signal: &str) -> Option<String> {
    environment::value(&format!("OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"))
        .or_else(|| environment::value("OTEL_EXPORTER_OTLP_ENDPOINT"))
}

/// The runtime that gRPC needs. It is ours, so that exporting neither depends on where telemetry is
/// installed nor waits for the server's own runtime.
#[derive(Debug, Default)]
pub(crate) struct Runtime {
    #[cfg(feature = "otlp-grpc")]
    grpc: Option<tokio::runtime::Runtime>,
}

impl Runtime {
    /// Makes an exporter where it can be made, if it can work at all.
    #[cfg_attr(
        not(feature = "otlp-grpc"),
        expect(clippy::unused_self, reason = "gRPC's")
    )]
    fn inside<E>(
        &mut self,
        signal: &str,
        build: impl FnOnce(Protocol) -> Result<E, opentelemetry_otlp::ExporterBuildError>,
    ) -> Result<E, SetupError> {
        let protocol = protocol(signal)?;
        #[cfg(feature = "otlp-grpc")]
        let _entered = match protocol {
            Protocol::Grpc => Some(self.enter()?),
            Protocol::Http => None,
        };
        build(protocol).map_err(|error| SetupError::Otlp(error.to_string()))
    }

    #[cfg(feature = "otlp-grpc")]
    fn enter(&mut self) -> Result<tokio::runtime::EnterGuard<'_>, SetupError> {
        let runtime = match self.grpc.take() {
            Some(runtime) => runtime,
            None => tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .thread_name("mcp-observe-otlp")
                .enable_all()
                .build()
                .map_err(|error| SetupError::Otlp(error.to_string()))?,
        };
        Ok(self.grpc.insert(runtime).enter())
    }
}

#[derive(Debug, Clone, Copy)]
enum Protocol {
    Http,
    #[cfg(feature = "otlp-grpc")]
    Grpc,
}

/// The protocol that a signal is exported by, if this build has what it takes.
fn protocol(signal: &str) -> Result<Protocol, SetupError> {
    let is_secure = endpoint(signal).is_some_and(|endpoint| endpoint.starts_with("https://"));
    if is_secure && !cfg!(feature = "otlp-tls") {
        return Err(SetupError::Otlp(
            "the endpoint is `https://`, which needs feature `otlp-tls` of mcp-observe".to_owned(),
        ));
    }
    let name = environment::value(&format!("OTEL_EXPORTER_OTLP_{signal}_PROTOCOL"))
        .or_else(|| environment::value("OTEL_EXPORTER_OTLP_PROTOCOL"));
    match name.as_deref() {
        None | Some("http/protobuf") => Ok(Protocol::Http),
        #[cfg(feature = "otlp-grpc")]
        Some("grpc") => Ok(Protocol::Grpc),
        #[cfg(not(feature = "otlp-grpc"))]
        Some("grpc") => Err(SetupError::Otlp(
            "the protocol is `grpc`, which needs feature `otlp-grpc` of mcp-observe".to_owned(),
        )),
        Some(other) => Err(SetupError::Otlp(format!(
            "the protocol is {other:?}; it can be `http/protobuf` or `grpc`"
        ))),
    }
}

/// A runtime must not be dropped where blocking is forbidden, and the last handle to an instance may
/// be dropped anywhere.
#[cfg(feature = "otlp-grpc")]
impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.grpc.take() {
            runtime.shutdown_background();
        }
    }
}
