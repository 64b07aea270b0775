//! Setting a security log up.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::SystemTime;

use opentelemetry::metrics::Meter;

use super::lane::Lane;
use super::log::{Clock, SecurityLog};
use super::losses::Losses;
use super::queue::Limits;
use super::sink::{Kind, LogFile, Sink, Stream};
use super::subject::SubjectHook;
use crate::record::HashKey;
use crate::setup::providers::Providers;
use crate::setup::{SetupError, TelemetryBuilder};

/// Sets a [`SecurityLog`] up: where its lines go, and how many may wait to be written.
///
/// Each sink has a queue and a thread of its own: one that hangs, fails or panics neither holds up a call
/// nor costs another sink a line. What a sink loses is counted on `mcp_security_events_dropped_total`.
///
/// # Example
/// ```
/// use mcp_observe::{Telemetry, security::SecurityLog};
///
/// # fn with(directory: &std::path::Path) -> Result<(), mcp_observe::SetupError> {
/// let telemetry = Telemetry::builder()
///     .security_log(SecurityLog::builder().file(directory.join("security.jsonl")))
///     .install()?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a builder does nothing until it is handed to `TelemetryBuilder::security_log`"]
pub struct SecurityLogBuilder {
    sinks: Vec<Destination>,
    limits: Limits,
    clock: Option<Clock>,
    hash_key: Option<HashKey>,
    pub(super) subject: Option<SubjectHook>,
}

enum Destination {
    File(LogFile),
    Stderr,
    Stdout,
    Writer(Box<dyn Write + Send>),
    #[cfg(all(feature = "otlp", feature = "logs"))]
    Otlp,
}

impl Default for SecurityLogBuilder {
    fn default() -> Self {
        Self {
            sinks: Vec::new(),
            limits: Limits {
                lines: 8_192,
                bytes: 4 << 20,
            },
            clock: None,
            hash_key: None,
            subject: None,
        }
    }
}

impl SecurityLogBuilder {
    /// Writes the lines to this file, which is replaced when it is full: a path, or a [`LogFile`] with
    /// settings of your own.
    pub fn file(self, file: impl Into<LogFile>) -> Self {
        self.sink(Destination::File(file.into()))
    }

    /// Writes the lines to stderr.
    pub fn stderr(self) -> Self {
        self.sink(Destination::Stderr)
    }

    /// Writes the lines to stdout, if that is not the protocol's: they are held back until the first
    /// message came in over HTTP, with `Observed` or the HTTP layer to see it. The first one over stdio,
    /// or over another pipe, ends this sink with a warning. A process that serves both at once must not
    /// use it.
    pub fn stdout(self) -> Self {
        self.sink(Destination::Stdout)
    }

    /// Writes the lines there, on a thread of the log's own: each `write` gets lines that are whole, one
    /// or more, and after a failure the rest of a line that was begun is never followed by another line.
    /// Flushed when nothing more waits.
    pub fn writer(self, writer: impl Write + Send + 'static) -> Self {
        self.sink(Destination::Writer(Box::new(writer)))
    }

    /// Exports each event by OTLP, as a log record with the line as its body and the keys as attributes,
    /// if one of the standard variables names an endpoint for logs
    /// (`OTEL_EXPORTER_OTLP_LOGS_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_LOGS_EXPORTER`); else it
    /// does nothing, and says so. Where the exporter's queue is full, lines wait here; what the collector does not
    /// take is counted as any log record, on `otel_sdk_exporter_log_exported_total`.
    #[cfg(all(feature = "otlp", feature = "logs"))]
    pub fn otlp(self) -> Self {
        self.sink(Destination::Otlp)
    }

    /// Sets how many lines may wait for a sink, and how many bytes they may have together; there may be
    /// as many again that it is writing. What there is no room for is lost, and counted. Default: 8,192
    /// lines and 4 MiB.
    pub fn queue(mut self, lines: usize, bytes: usize) -> Self {
        self.limits = Limits { lines, bytes };
        self
    }

    /// Sets what `timestamp` is taken from, for tests and for making corpora. Default: the system's
    /// clock.
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Some(Box::new(clock));
        self
    }

    /// Sets the key of `mcp.unknown.hash`, so that hashes of several processes can be compared.
    /// Default: a random key for each log.
    pub fn hash_key(mut self, key: HashKey) -> Self {
        self.hash_key = Some(key);
        self
    }

    fn sink(mut self, sink: Destination) -> Self {
        self.sinks.push(sink);
        self
    }

    /// Opens the sinks and starts their threads. `meter` shows what is lost; what the environment does not
    /// have for them is added to `complaints`.
    pub(crate) fn build(
        self,
        providers: &Providers,
        meter: Option<&Meter>,
        complaints: &mut Vec<String>,
    ) -> Result<SecurityLog, SetupError> {
        let losses = Arc::new(Losses::default());
        let mut lanes = Vec::new();
        for destination in self.sinks {
            let name = destination.to_string();
            let cannot = |reason| SetupError::SecurityLog {
                sink: name.clone(),
                reason,
            };
            let Some((kind, sink)) = destination.open(providers).map_err(cannot)? else {
                complaints.push(NOT_EXPORTED.to_owned());
                continue;
            };
            lanes.push(Lane::start(kind, sink, self.limits, &losses).map_err(cannot)?);
        }
        if let Some(meter) = meter {
            let there = |kind: &Kind| lanes.iter().any(|lane| lane.kind() == *kind);
            losses.observe(meter, Kind::ALL.into_iter().filter(there).collect());
        }
        Ok(SecurityLog {
            lanes: lanes.into(),
            losses,
            clock: self.clock,
            hash_key: self.hash_key.unwrap_or_else(HashKey::random),
            subject: self.subject,
        })
    }
}

const NOT_EXPORTED: &str =
    "security events are not exported by OTLP: no variable names an endpoint for logs";

impl Destination {
    /// None of OTLP where nothing is exported.
    #[cfg_attr(
        not(all(feature = "otlp", feature = "logs")),
        expect(unused_variables, reason = "OTLP's")
    )]
    fn open(self, providers: &Providers) -> io::Result<Option<(Kind, Box<dyn Sink>)>> {
        Ok(Some(match self {
            Self::File(file) => (Kind::File, Box::new(file.open()?)),
            Self::Stderr => (Kind::Stderr, Box::new(Stream::new(io::stderr()))),
            Self::Stdout => (Kind::Stdout, Box::new(Stream::new(io::stdout()))),
            Self::Writer(writer) => (Kind::Writer, Box::new(Stream::new(writer))),
            #[cfg(all(feature = "otlp", feature = "logs"))]
            Self::Otlp => {
                let Some(loggers) = &providers.loggers else {
                    return Ok(None);
                };
                (Kind::Otlp, Box::new(super::sink::OtlpSink::new(loggers)))
            }
        }))
    }
}

/// As an error names it.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "`{}`", file.path().display()),
            Self::Stderr => f.write_str("stderr"),
            Self::Stdout => f.write_str("stdout"),
            Self::Writer(_) => f.write_str("a writer"),
            #[cfg(all(feature = "otlp", feature = "logs"))]
            Self::Otlp => f.write_str("OTLP"),
        }
    }
}

impl fmt::Debug for SecurityLogBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sinks: Vec<String> = self.sinks.iter().map(ToString::to_string).collect();
        f.debug_struct("SecurityLogBuilder")
            .field("sinks", &sinks)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl TelemetryBuilder {
    /// Writes a [security log](crate::security). Default: none. `OTEL_SDK_DISABLED` does not turn it off:
    /// it is no part of OpenTelemetry, but for what goes by OTLP.
    pub fn security_log(mut self, log: SecurityLogBuilder) -> Self {
        self.security_log = Some(log);
        self
    }
}
