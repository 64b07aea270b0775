//! The providers that an instance made itself and therefore ends: flushing, bounded in time.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;

#[cfg(all(feature = "otlp", feature = "logs"))]
use crate::export::Loggers;
use crate::telemetry::Telemetry;

/// Providers to shut down. Those that the user handed over are the user's to end.
#[derive(Debug, Default)]
pub(crate) struct Providers {
    pub(crate) tracer: Option<SdkTracerProvider>,
    pub(crate) meter: Option<SdkMeterProvider>,
    #[cfg(feature = "prometheus")]
    pub(crate) registry: Option<prometheus::Registry>,
    #[cfg(all(feature = "otlp", feature = "logs"))]
    pub(crate) loggers: Option<Loggers>,
    /// Last, so that it outlives the exporters that need it.
    #[cfg(feature = "otlp")]
    pub(crate) runtime: crate::export::Runtime,
}

/// Telemetry could not be flushed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShutdownError {
    /// The exporters did not finish in time; what they had not sent is lost.
    #[error("telemetry was not flushed within {0:?}; what was not sent is lost")]
    TimedOut(Duration),
    /// An exporter failed.
    #[error(
        "the last {signal} could not be exported and are lost; see whether the collector can be reached ({reason})"
    )]
    Failed {
        /// What was to be exported: `traces`, `metrics` or `logs`.
        signal: &'static str,
        /// What the exporter says.
        reason: String,
    },
    /// A sink of the security log failed.
    #[error("the last security events could not be written and are lost ({reason})")]
    SecurityLog {
        /// What the sink says.
        reason: String,
    },
}

/// What is longer is as good as without end, and too long for a clock.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The signal that is no provider's.
const SECURITY_EVENTS: &str = "security events";

impl Telemetry {
    /// Flushes what was recorded and ends this instance, within `timeout`.
    ///
    /// It stops being the process's default, so that another may be installed. Providers that you
    /// handed to the builder are neither flushed nor ended. Calling it again does nothing.
    ///
    /// Blocks the calling thread; on a current-thread tokio runtime call it in
    /// `tokio::task::spawn_blocking`.
    ///
    /// # Errors
    /// If an exporter fails, or does not finish in time. Nothing is retried after that.
    pub fn shutdown(&self, timeout: Duration) -> Result<(), ShutdownError> {
        self.uninstall();
        let timeout = timeout.min(LONGEST);
        let providers = &self.inner().providers;
        let mut jobs = Vec::new();
        if let Some(provider) = providers.tracer.clone() {
            jobs.push(job("traces", move || {
                provider.shutdown_with_timeout(timeout)
            }));
        }
        if let Some(provider) = providers.meter.clone() {
            jobs.push(job("metrics", move || {
                provider.shutdown_with_timeout(timeout)
            }));
        }
        if let Some(log) = self.inner().security_log.clone() {
            jobs.push(job(SECURITY_EVENTS, move || log.shutdown(timeout)));
        }
        #[cfg(all(feature = "otlp", feature = "logs"))]
        if let Some(Loggers { provider, .. }) = providers.loggers.clone() {
            let log = self.inner().security_log.clone();
            jobs.push(job("logs", move || {
                // The last events of the security log come before the end of what exports them.
                log.inspect(|log| log.hand_over_to_otlp(timeout));
                provider.shutdown_with_timeout(timeout)
            }));
        }
        in_time(timeout, jobs)
    }

    /// Exports what was recorded so far, within `timeout`. Blocks the calling thread.
    ///
    /// # Errors
    /// If an exporter fails, or does not finish in time.
    pub fn flush(&self, timeout: Duration) -> Result<(), ShutdownError> {
        let timeout = timeout.min(LONGEST);
        let providers = &self.inner().providers;
        let mut jobs = Vec::new();
        if let Some(provider) = providers.tracer.clone() {
            jobs.push(job("traces", move || provider.force_flush()));
        }
        if let Some(provider) = providers.meter.clone() {
            jobs.push(job("metrics", move || provider.force_flush()));
        }
        if let Some(log) = self.inner().security_log.clone() {
            jobs.push(job(SECURITY_EVENTS, move || log.flush(timeout)));
        }
        #[cfg(all(feature = "otlp", feature = "logs"))]
        if let Some(Loggers { provider, .. }) = providers.loggers.clone() {
            let log = self.inner().security_log.clone();
            jobs.push(job("logs", move || {
                log.inspect(|log| log.hand_over_to_otlp(timeout));
                provider.force_flush()
            }));
        }
        in_time(timeout, jobs)
    }
}

/// Ends or flushes one signal.
struct Job {
    signal: &'static str,
    run: Box<dyn FnOnce() -> OTelSdkResult + Send>,
}

fn job(signal: &'static str, run: impl FnOnce() -> OTelSdkResult + Send + 'static) -> Job {
    Job {
        signal,
        run: Box::new(run),
    }
}

/// Runs the jobs side by side, and reports the first that failed once all have ended or the time is
/// over. The SDK's own timeouts do not hold everywhere (its meter provider ignores the one it is
/// given), so each job gets a thread that may be left behind.
fn in_time(timeout: Duration, jobs: Vec<Job>) -> Result<(), ShutdownError> {
    let deadline = Instant::now() + timeout;
    let (sender, results) = mpsc::channel();
    let mut running = 0;
    let mut outcome = Ok(());
    for Job { signal, run } in jobs {
        let sender = sender.clone();
        let spawned = thread::Builder::new()
            .name("mcp-observe-flush".to_owned())
            .spawn(move || {
                // Nobody may be waiting any more.
                let _ = sender.send((signal, run()));
            });
        match spawned {
            Ok(_) => running += 1,
            Err(error) => outcome = outcome.and(Err(failed(signal, error.to_string()))),
        }
    }
    for _ in 0..running {
        let left = deadline.saturating_duration_since(Instant::now());
        outcome = outcome.and(match results.recv_timeout(left) {
            Ok((_, Ok(()) | Err(OTelSdkError::AlreadyShutdown))) => Ok(()),
            Ok((_, Err(OTelSdkError::Timeout(_)))) | Err(_) => {
                Err(ShutdownError::TimedOut(timeout))
            }
            Ok((signal, Err(OTelSdkError::InternalFailure(reason)))) => Err(failed(signal, reason)),
        });
    }
    outcome
}

fn failed(signal: &'static str, reason: String) -> ShutdownError {
    if signal == SECURITY_EVENTS {
        return ShutdownError::SecurityLog { reason };
    }
    ShutdownError::Failed { signal, reason }
}
