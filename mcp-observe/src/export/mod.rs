//! Export by OTLP, as the standard variables describe it, and what is known of its losses.

#[cfg(feature = "logs")]
mod logs;
mod losses;
mod metrics;
mod otlp;
mod room;
mod traces;

#[cfg(feature = "logs")]
pub(crate) use logs::Loggers;
pub(crate) use losses::Losses;
pub(crate) use otlp::{Exporters, Runtime};

use std::time::Duration;

use crate::setup::TelemetryBuilder;

impl TelemetryBuilder {
    /// Sets how often at most losses of telemetry are written to the log: spans and log records that
    /// their queues had no room for, and what could not be exported. Default: 60 s. They are counted on `/metrics` in any
    /// case.
    pub fn loss_report_interval(mut self, interval: Duration) -> Self {
        self.loss_report_interval = Some(interval);
        self
    }
}
