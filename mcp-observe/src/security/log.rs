//! The log itself: what events are recorded to.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};

use super::builder::SecurityLogBuilder;
use super::event::{Event, SpanRef, UnknownHash};
use super::lane::Lane;
use super::line;
use super::losses::Losses;
use super::queue::Drained;
#[cfg(all(feature = "otlp", feature = "logs"))]
use super::sink::Kind;
use super::subject::SubjectHook;
use crate::closed::Transport;
use crate::record::HashKey;
use crate::record::hash::hash_u64;
use crate::span::contained;

/// The security log of a [`Telemetry`](crate::Telemetry) instance.
pub struct SecurityLog {
    pub(super) lanes: Box<[Arc<Lane>]>,
    pub(super) losses: Arc<Losses>,
    pub(super) clock: Option<Clock>,
    pub(super) hash_key: HashKey,
    pub(super) subject: Option<SubjectHook>,
}

pub(super) type Clock = Box<dyn Fn() -> SystemTime + Send + Sync>;

thread_local! {
    /// Where lines are made, so that they take no allocation.
    static LINE: Cell<String> = const { Cell::new(String::new()) };
}

impl SecurityLog {
    /// Starts setting a log up.
    pub fn builder() -> SecurityLogBuilder {
        SecurityLogBuilder::default()
    }

    /// Records an event, whose time is now. Neither fails nor blocks.
    pub(crate) fn record(&self, event: &Event<'_>) {
        self.losses.event(event.category);
        let now = SystemTime::now;
        let at = self
            .clock
            .as_ref()
            .map_or_else(now, |clock| contained(clock).unwrap_or_else(now));
        // Not there where the thread is ending.
        let mut line = LINE.try_with(Cell::take).unwrap_or_default();
        line.clear();
        line::push(&mut line, event, at);
        let is_sampled = event.trace.is_some_and(SpanRef::is_sampled);
        for lane in &self.lanes {
            lane.push(&line, is_sampled);
        }
        let _ = LINE.try_with(|kept| kept.set(line));
    }

    pub(super) fn subject_hook(&self) -> Option<&SubjectHook> {
        self.subject.as_ref()
    }

    /// The keyed hash of a name that the server does not have.
    pub(crate) fn hash_unknown(&self, name: &str) -> UnknownHash {
        UnknownHash(hash_u64(&self.hash_key, name))
    }

    /// A message came in this way; before it is answered.
    pub(crate) fn heard(&self, transport: Transport) {
        for lane in &self.lanes {
            lane.heard(transport);
        }
    }

    /// Waits until all events that were recorded so far are written, or `timeout` is over. Fails if a sink
    /// failed since the last time.
    pub(crate) fn flush(&self, timeout: Duration) -> OTelSdkResult {
        self.wait(timeout, Lane::drain)
    }

    /// Ends the log: waits until all events are written, or `timeout` is over. Events that are recorded
    /// from now on are lost.
    pub(crate) fn shutdown(&self, timeout: Duration) -> OTelSdkResult {
        self.close();
        self.wait(timeout, Lane::join)
    }

    fn wait(&self, timeout: Duration, wait: fn(&Lane, Instant) -> Drained) -> OTelSdkResult {
        let deadline = Instant::now() + timeout;
        let mut drained = self.lanes.iter().map(|lane| wait(lane, deadline));
        if drained.any(|it| it == Drained::TimedOut) {
            return Err(OTelSdkError::Timeout(timeout));
        }
        self.losses
            .untold_failure()
            .map_or(Ok(()), |reason| Err(OTelSdkError::InternalFailure(reason)))
    }

    /// Waits until what exports by OTLP has all events that were recorded so far, whatever the other sinks
    /// do.
    #[cfg(all(feature = "otlp", feature = "logs"))]
    pub(crate) fn hand_over_to_otlp(&self, timeout: Duration) {
        let deadline = Instant::now() + timeout;
        for lane in &self.lanes {
            if lane.kind() == Kind::Otlp {
                lane.drain(deadline);
            }
        }
    }

    fn close(&self) {
        for lane in &self.lanes {
            lane.close();
        }
    }
}

/// The threads write what there is, and end.
impl Drop for SecurityLog {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for SecurityLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecurityLog")
            .field("lanes", &self.lanes)
            .finish_non_exhaustive()
    }
}
