//! Telemetry about the telemetry: what was lost on its way to the collector.
//!
//! Names follow the conventions for OpenTelemetry SDK metrics (`docs/otel/sdk-metrics.md`, in
//! development), which the Rust SDK does not record itself.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;

use crate::metric::{self, Metric, label};
use crate::semconv::{OTHER, QUEUE_FULL, component_type};

/// What is exported.
#[derive(Debug, Clone, Copy)]
pub(super) enum Signal {
    Span,
    DataPoint,
    #[cfg(feature = "logs")]
    Log,
}

impl Signal {
    const ALL: &[Self] = &[
        Self::Span,
        Self::DataPoint,
        #[cfg(feature = "logs")]
        Self::Log,
    ];

    /// What drops it where there is no room, and the counter of that; none of what has no queue.
    fn queue(self) -> Option<(&'static Metric, [KeyValue; 2])> {
        let (counter, component, label) = match self {
            Self::Span => (
                &metric::SPANS_PROCESSED,
                component_type::BATCHING_SPAN_PROCESSOR,
                label::PROCESSOR,
            ),
            Self::DataPoint => return None,
            #[cfg(feature = "logs")]
            Self::Log => (
                &metric::LOGS_PROCESSED,
                component_type::BATCHING_LOG_PROCESSOR,
                label::LOG_PROCESSOR,
            ),
        };
        let full = KeyValue::new(label::PROCESSOR_ERROR_TYPE.attribute, QUEUE_FULL);
        Some((counter, [KeyValue::new(label.attribute, component), full]))
    }

    /// The counter of exports.
    const fn counter(self) -> &'static Metric {
        match self {
            Self::Span => &metric::SPANS_EXPORTED,
            Self::DataPoint => &metric::DATA_POINTS_EXPORTED,
            #[cfg(feature = "logs")]
            Self::Log => &metric::LOGS_EXPORTED,
        }
    }

    fn plural(self) -> &'static str {
        match self {
            Self::Span => "spans",
            Self::DataPoint => "data points",
            #[cfg(feature = "logs")]
            Self::Log => "log records",
        }
    }
}

/// Counts of one instance, shared by all its exporters.
#[derive(Debug)]
pub(crate) struct Losses {
    /// By [`Signal`].
    exports: Vec<Exports>,
    /// At most one line in the log in this time, however much is lost.
    interval: Duration,
    reported: Mutex<Reported>,
}

#[derive(Debug, Default)]
struct Exports {
    sent: AtomicU64,
    failed: AtomicU64,
    /// What the queue had no room for.
    dropped: AtomicU64,
}

#[derive(Debug, Default)]
struct Reported {
    at: Option<Instant>,
    /// How much had been lost by then.
    losses: u64,
}

impl Losses {
    /// How often losses are written to the log unless the builder says otherwise.
    pub(crate) const INTERVAL: Duration = Duration::from_secs(60);

    pub(crate) fn new(interval: Duration) -> Arc<Self> {
        Arc::new(Self {
            exports: Signal::ALL.iter().map(|_| Exports::default()).collect(),
            interval,
            reported: Mutex::default(),
        })
    }

    /// The queue was full. Called where a span ends, or a record is made: counts, and nothing more.
    pub(super) fn dropped(&self, signal: Signal) {
        let dropped = &self.exports[signal as usize].dropped;
        dropped.fetch_add(1, Ordering::Relaxed);
    }

    /// A batch was sent, or not. Called on exporters' threads.
    pub(super) fn exported(&self, signal: Signal, number: usize, sent: bool) {
        let exports = &self.exports[signal as usize];
        let count = if sent { &exports.sent } else { &exports.failed };
        count.fetch_add(number as u64, Ordering::Relaxed);
        self.report();
    }

    /// Writes to the log what was lost, if there is more than at the last time and it is time.
    fn report(&self) {
        let lost = Signal::ALL.iter().map(|&signal| {
            let exports = &self.exports[signal as usize];
            let failed = exports.failed.load(Ordering::Relaxed);
            (signal, failed, exports.dropped.load(Ordering::Relaxed))
        });
        let losses = lost
            .clone()
            .map(|(_, failed, dropped)| failed + dropped)
            .sum::<u64>();
        {
            let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
            let is_time = reported.at.is_none_or(|at| at.elapsed() >= self.interval);
            if !is_time || losses == reported.losses {
                return;
            }
            *reported = Reported {
                at: Some(Instant::now()),
                losses,
            };
        }
        let what: Vec<String> = lost
            .flat_map(|(signal, failed, dropped)| {
                let what = signal.plural();
                let failed = (failed > 0).then(|| format!("{failed} {what} not exported"));
                let dropped = (dropped > 0)
                    .then(|| format!("{dropped} {what} dropped as the queue was full"));
                failed.into_iter().chain(dropped)
            })
            .collect();
        tracing::warn!(
            target: "mcp_observe",
            "telemetry is lost, since the start: {}; see whether the collector can be reached and keeps up",
            what.join(", "),
        );
    }

    /// Shows the counts as metrics, at zero from now on.
    pub(super) fn observe(self: &Arc<Self>, meter: &Meter) {
        for &signal in Signal::ALL {
            let losses = Arc::clone(self);
            let exporter = component_type::OTLP_EXPORTER;
            let kind = KeyValue::new(label::EXPORTER.attribute, exporter);
            // The exporters do not say why they failed in a way that is fit for a label.
            let failed = [
                kind.clone(),
                KeyValue::new(label::EXPORT_ERROR_TYPE.attribute, OTHER),
            ];
            // Dropping the handle does not take the callback away.
            let _ = signal.counter().observable_counter(meter, move |observer| {
                let exports = &losses.exports[signal as usize];
                let sent = exports.sent.load(Ordering::Relaxed);
                observer.observe(sent, std::slice::from_ref(&kind));
                observer.observe(exports.failed.load(Ordering::Relaxed), &failed);
            });
            if let Some((counter, full)) = signal.queue() {
                let losses = Arc::clone(self);
                let _ = counter.observable_counter(meter, move |observer| {
                    let dropped = &losses.exports[signal as usize].dropped;
                    observer.observe(dropped.load(Ordering::Relaxed), &full);
                });
            }
        }
    }
}
