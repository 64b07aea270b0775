//! A `tracing` subscriber in one call: log lines that carry the trace, the span and the tool, spans
//! of the code's own in the tool's trace, and logs by OTLP.

mod filter;
mod line;

use std::io;

use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use crate::span::Tracer;
use crate::telemetry::Telemetry;
pub use line::Correlated;

/// Sets up what becomes of `tracing` events and spans.
///
/// Events are written as lines, to stderr unless a [`writer`](Self::writer) is given: on stdio servers
/// stdout is the protocol. A line written inside an operation carries its `trace_id` and `span_id`,
/// and the `tool` whose body wrote it. Spans become OpenTelemetry spans of the same trace. With
/// feature `otlp`, events are exported as well if one of the standard variables names an endpoint
/// (`OTEL_EXPORTER_OTLP_LOGS_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_LOGS_EXPORTER`).
///
/// What is recorded at all is said by `RUST_LOG`, else by [`directives`](Self::directives), else it is
/// `info`. rmcp's own events print whole requests and results at `debug`, and the errors that are
/// answered, with what they quote, and HTTP headers that are refused at `warn`: they are capped below
/// that in every case, unless the directives name `rmcp` themselves.
///
/// # Example
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use mcp_observe::{Telemetry, logs::Logs};
///
/// let telemetry = Telemetry::builder().service_name("weather").install()?;
/// Logs::json().init(&telemetry)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing is set up until `init` or `layer`"]
pub struct Logs {
    format: Format,
    directives: Option<String>,
    writer: BoxMakeWriter,
}

#[derive(Debug, Clone, Copy)]
enum Format {
    Text,
    Json,
}

/// Logs could not be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogsError {
    /// The directives cannot be read.
    #[error(
        "the log directives {directives:?} cannot be read: {reason}; write them as in `info,my_crate=debug`"
    )]
    Directives {
        /// The directives, from `RUST_LOG` or from the code.
        directives: String,
        /// What is wrong with them.
        reason: String,
    },
    /// The process has a `tracing` subscriber already.
    #[error("a tracing subscriber is installed already; add `Logs::layer` to it instead")]
    AlreadyInstalled,
}

impl Logs {
    /// Lines for people.
    pub fn text() -> Self {
        Self::new(Format::Text)
    }

    /// Lines of JSON.
    pub fn json() -> Self {
        Self::new(Format::Json)
    }

    fn new(format: Format) -> Self {
        Self {
            format,
            directives: None,
            writer: BoxMakeWriter::new(io::stderr),
        }
    }

    /// Says what is recorded where `RUST_LOG` does not, in its syntax. Default: `info`.
    pub fn directives(mut self, directives: impl Into<String>) -> Self {
        self.directives = Some(directives.into());
        self
    }

    /// Writes the lines there. Default: stderr.
    pub fn writer<W>(mut self, writer: W) -> Self
    where
        W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
    {
        self.writer = BoxMakeWriter::new(writer);
        self
    }

    /// Makes this the process's `tracing` subscriber.
    ///
    /// # Errors
    /// If the directives cannot be read, or there is a subscriber already.
    pub fn init(self, telemetry: &Telemetry) -> Result<(), LogsError> {
        tracing_subscriber::registry()
            .with(self.layer(telemetry)?)
            .try_init()
            .map_err(|_| LogsError::AlreadyInstalled)?;
        // Telemetry comes first, so nobody has heard these yet.
        for complaint in &telemetry.inner().complaints {
            tracing::warn!(target: "mcp_observe", "{complaint}");
        }
        Ok(())
    }

    /// Makes a layer for a subscriber of your own. Spans and OTLP logs go to the providers that
    /// `telemetry` made or was given.
    ///
    /// # Errors
    /// If the directives cannot be read.
    pub fn layer<S>(self, telemetry: &Telemetry) -> Result<impl Layer<S> + use<S>, LogsError>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync + 'static,
    {
        let directives = filter::directives(self.directives);
        let filter = || filter::parse(&directives);
        let lines = tracing_subscriber::fmt::layer().with_writer(self.writer);
        let mut layers: Vec<Box<dyn Layer<S> + Send + Sync>> = vec![match self.format {
            Format::Text => {
                let format = Correlated::text(tracing_subscriber::fmt::format());
                lines.event_format(format).with_filter(filter()?).boxed()
            }
            Format::Json => {
                let format = tracing_subscriber::fmt::format()
                    .json()
                    .flatten_event(true)
                    .with_current_span(false)
                    .with_span_list(false);
                lines
                    .json()
                    .event_format(Correlated::json(format))
                    .with_filter(filter()?)
                    .boxed()
            }
        }];
        if let Some(Tracer::Sdk(tracer)) = telemetry.tracer() {
            let spans = tracing_opentelemetry::layer().with_tracer(tracer.clone());
            layers.push(spans.with_filter(filter()?).boxed());
        }
        #[cfg(feature = "otlp")]
        if let Some(loggers) = &telemetry.inner().providers.loggers {
            let provider = &loggers.provider;
            let bridge =
                opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge::new(provider);
            let filter = filter::parse(&filter::without_exporters(&directives))?;
            layers.push(bridge.with_filter(filter).boxed());
        }
        Ok(layers)
    }
}
