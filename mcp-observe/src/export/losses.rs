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
    exports: Vec<Exports>,
    /// Spans that the queue had no room for.
    dropped: AtomicU64,
    /// At most one line in the log in this time, however much is lost.
    interval: Duration,
    reported: Mutex<Reported>,
}

#[derive(Debug, Default)]
struct Exports {
    sent: AtomicU64,
    failed: AtomicU64,
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
            dropped: AtomicU64::new(0),
            interval,
            reported: Mutex::default(),
        })
    }

    /// The queue of spans was full. Called where a span ends: counts, and nothing more.
    pub(super) fn span_dropped(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
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
        let dropped = self.dropped.load(Ordering::Relaxed);
        let failed = Signal::ALL.iter().map(|&signal| {
            let failed = self.exports[signal as usize].failed.load(Ordering::Relaxed);
            (signal, failed)
        });
        let losses = dropped + failed.clone().map(|(_, failed)| failed).sum::<u64>();
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
        let mut what: Vec<String> = failed
            .filter(|(_, failed)| *failed > 0)
            .map(|(signal, failed)| format!("{failed} {} not exported", signal.plural()))
            .collect();
        if dropped > 0 {
            what.push(format!("{dropped} spans dropped as the queue was full"));
        }
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
        }
        let losses = Arc::clone(self);
        let processor = component_type::BATCHING_SPAN_PROCESSOR;
        let full = [
            KeyValue::new(label::PROCESSOR.attribute, processor),
            KeyValue::new(label::PROCESSOR_ERROR_TYPE.attribute, QUEUE_FULL),
        ];
        let _ = metric::SPANS_PROCESSED.observable_counter(meter, move |observer| {
            observer.observe(losses.dropped.load(Ordering::Relaxed), &full);
        });
    }
}
