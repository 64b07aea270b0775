//! How a live detector is set up.

use std::fmt;
use std::io::{self, Write};

use super::LiveDetector;
use super::counts::AlertCounts;
use super::evaluation::Evaluation;
use super::outputs::Outputs;
use crate::{Alert, Config, Detector};

/// Sets up a [`LiveDetector`]. Without any output alerts are counted, and told to `tracing` with the
/// feature of that name.
pub struct LiveDetectorBuilder {
    config: Config,
    outputs: Outputs,
}

impl LiveDetectorBuilder {
    pub(super) fn new(config: Config) -> Self {
        Self {
            config,
            outputs: Outputs {
                sinks: Vec::new(),
                callbacks: Vec::new(),
                counts: AlertCounts::new(),
            },
        }
    }

    /// Writes each alert to this sink as one JSON line, and flushes it. May be called several times.
    #[must_use]
    pub fn alerts_to(mut self, sink: impl Write + Send + 'static) -> Self {
        self.outputs.sinks.push(Box::new(sink));
        self
    }

    /// Calls this with each alert, on the log's thread or on the detector's own. May be called several
    /// times. It must not wait for the log.
    #[must_use]
    pub fn on_alert(mut self, callback: impl FnMut(&Alert) + Send + 'static) -> Self {
        self.outputs.callbacks.push(Box::new(callback));
        self
    }

    /// Starts the detector.
    ///
    /// # Errors
    /// The system has no thread to spare.
    pub fn build(self) -> io::Result<LiveDetector> {
        let counts = self.outputs.counts.clone();
        let detector = Detector::new(self.config);
        LiveDetector::new(Evaluation::new(detector, self.outputs), counts)
    }
}

impl fmt::Debug for LiveDetectorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveDetectorBuilder")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
