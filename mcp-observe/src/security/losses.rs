//! Telemetry about the log: how many events there were, and what became of too few of them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;

use super::event::Category;
use super::sink::Kind;
use crate::metric::{self, label};

/// At most one line in the log of the process in this time, however much is lost.
const INTERVAL: Duration = Duration::from_secs(60);

/// Why a sink does not have an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The sink does not keep up.
    QueueFull,
    /// The sink failed.
    WriteFailed,
    /// The log is shut down, or the sink is.
    ShutDown,
}

impl Loss {
    pub(crate) const ALL: [Self; 3] = [Self::QueueFull, Self::WriteFailed, Self::ShutDown];

    /// The label `reason`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::WriteFailed => "write_failed",
            Self::ShutDown => "shut_down",
        }
    }
}

/// The counts of one log.
#[derive(Debug, Default)]
pub(super) struct Losses {
    events: [AtomicU64; Category::ALL.len()],
    lost: [[AtomicU64; Loss::ALL.len()]; Kind::ALL.len()],
    reported: Mutex<Reported>,
}

#[derive(Debug, Default)]
struct Reported {
    at: Option<Instant>,
    /// How much had been lost by then.
    losses: u64,
    /// How much was lost as sinks failed, by the time when someone waited for them.
    failures: u64,
    /// What the sink said that failed last.
    reason: Option<String>,
}

impl Losses {
    /// There is an event, wherever it may get to.
    pub(super) fn event(&self, category: Category) {
        self.events[category as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn lost(&self, kind: Kind, loss: Loss, events: usize) {
        self.lost[kind as usize][loss as usize].fetch_add(events as u64, Ordering::Relaxed);
    }

    pub(super) fn failed(&self, kind: Kind, events: usize, reason: String) {
        self.lost(kind, Loss::WriteFailed, events);
        self.reported().reason = Some(reason);
    }

    /// What the sink said that failed last, if that is more than this told already.
    pub(super) fn untold_failure(&self) -> Option<String> {
        let failures = Kind::ALL.map(|kind| self.count(kind, Loss::WriteFailed));
        let failures = failures.iter().sum();
        let mut reported = self.reported();
        if std::mem::replace(&mut reported.failures, failures) == failures {
            return None;
        }
        Some(reported.reason.clone().unwrap_or_default())
    }

    fn reported(&self) -> MutexGuard<'_, Reported> {
        self.reported.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, kind: Kind, loss: Loss) -> u64 {
        self.lost[kind as usize][loss as usize].load(Ordering::Relaxed)
    }

    /// Writes to the log of the process what was lost, if there is more than at the last time and it
    /// is time. Called on sinks' threads alone: that log may be written to what a sink hangs at, and
    /// whoever records an event must not hang there too.
    pub(super) fn report(&self) {
        let mut what = Vec::new();
        let mut losses = 0;
        for kind in Kind::ALL {
            let full = self.count(kind, Loss::QueueFull);
            let failed = self.count(kind, Loss::WriteFailed);
            losses += full + failed;
            if full > 0 {
                what.push(format!("{full} as the queue to {kind} was full"));
            }
            if failed > 0 {
                what.push(format!("{failed} that could not be written to {kind}"));
            }
        }
        let reason = {
            let mut reported = self.reported();
            let is_time = reported.at.is_none_or(|at| at.elapsed() >= INTERVAL);
            if !is_time || losses == reported.losses {
                return;
            }
            reported.at = Some(Instant::now());
            reported.losses = losses;
            let reason = reported.reason.as_ref();
            reason.map_or_else(String::new, |reason| format!(" ({reason})"))
        };
        tracing::warn!(
            target: "mcp_observe",
            "security events are lost, since the start: {}{reason}",
            what.join(", "),
        );
    }

    /// Shows the counts as metrics, at zero from now on: those of losses for the sinks that there are.
    pub(super) fn observe(self: &Arc<Self>, meter: &Meter, kinds: Vec<Kind>) {
        let losses = Arc::clone(self);
        // Dropping the handles does not take the callbacks away.
        let _ = metric::SECURITY_EVENTS.observable_counter(meter, move |observer| {
            for category in Category::ALL {
                let events = losses.events[category as usize].load(Ordering::Relaxed);
                let attribute = KeyValue::new(label::EVENT_CATEGORY.attribute, category.as_str());
                observer.observe(events, &[attribute]);
            }
        });
        let losses = Arc::clone(self);
        let _ = metric::SECURITY_EVENTS_DROPPED.observable_counter(meter, move |observer| {
            for &kind in &kinds {
                for loss in Loss::ALL {
                    let attributes = [
                        KeyValue::new(label::SINK.attribute, kind.as_str()),
                        KeyValue::new(label::LOSS_REASON.attribute, loss.as_str()),
                    ];
                    observer.observe(losses.count(kind, loss), &attributes);
                }
            }
        });
    }
}
