//! The providers that an instance made itself and therefore ends: flushing, bounded in time.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;

use crate::telemetry::Telemetry;

/// Providers to shut down. Those that the user handed over are the user's to end.
#[derive(Debug, Default)]
pub(crate) struct Providers {
    pub(crate) tracer: Option<SdkTracerProvider>,
    pub(crate) meter: Option<SdkMeterProvider>,
    #[cfg(feature = "prometheus")]
    pub(crate) registry: Option<prometheus::Registry>,
}

/// Telemetry could not be flushed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShutdownError {
    /// The exporters did not finish in time; what they had not sent is lost.
    #[error("telemetry was not flushed within {0:?}; what was not sent is lost")]
    TimedOut(Duration),
    /// An exporter failed.
    #[error("telemetry was not flushed: {0}")]
    Failed(String),
}

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
        let providers = &self.inner().providers;
        let tracer = providers.tracer.clone();
        let meter = providers.meter.clone();
        in_time(
            timeout,
            [
                tracer.map(|tracer| -> Job {
                    Box::new(move || tracer.shutdown_with_timeout(timeout))
                }),
                meter
                    .map(|meter| -> Job { Box::new(move || meter.shutdown_with_timeout(timeout)) }),
            ],
        )
    }

    /// Exports what was recorded so far, within `timeout`. Blocks the calling thread.
    ///
    /// # Errors
    /// If an exporter fails, or does not finish in time.
    pub fn flush(&self, timeout: Duration) -> Result<(), ShutdownError> {
        let providers = &self.inner().providers;
        let tracer = providers.tracer.clone();
        let meter = providers.meter.clone();
        in_time(
            timeout,
            [
                tracer.map(|tracer| -> Job { Box::new(move || tracer.force_flush()) }),
                meter.map(|meter| -> Job { Box::new(move || meter.force_flush()) }),
            ],
        )
    }
}

type Job = Box<dyn FnOnce() -> OTelSdkResult + Send>;

/// The SDK's own timeouts do not hold everywhere (its meter provider ignores the one it is given),
/// so each job gets a thread that may be left behind.
fn in_time(timeout: Duration, jobs: [Option<Job>; 2]) -> Result<(), ShutdownError> {
    let deadline = Instant::now() + timeout;
    let (sender, results) = mpsc::channel();
    let mut running = 0;
    for job in jobs.into_iter().flatten() {
        let sender = sender.clone();
        let spawned = thread::Builder::new()
            .name("mcp-observe-flush".to_owned())
            .spawn(move || {
                // Nobody may be waiting any more.
                let _ = sender.send(job());
            });
        match spawned {
            Ok(_) => running += 1,
            Err(error) => return Err(ShutdownError::Failed(error.to_string())),
        }
    }
    for _ in 0..running {
        let left = deadline.saturating_duration_since(Instant::now());
        match results.recv_timeout(left) {
            Ok(Ok(()) | Err(OTelSdkError::AlreadyShutdown)) => {}
            Ok(Err(OTelSdkError::Timeout(_))) | Err(_) => {
                return Err(ShutdownError::TimedOut(timeout));
            }
            Ok(Err(OTelSdkError::InternalFailure(reason))) => {
                return Err(ShutdownError::Failed(reason));
            }
        }
    }
    Ok(())
}
