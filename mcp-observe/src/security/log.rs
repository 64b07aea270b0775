//! The log itself: what events are recorded to.

use std::fmt;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::event::{Event, UnknownHash};
use super::line;
use super::subject::SubjectHook;
use crate::record::HashKey;
use crate::record::hash::hash_u64;
use crate::setup::TelemetryBuilder;
use crate::span::contained;

/// The security log of a [`Telemetry`](crate::Telemetry) instance. A handle: clones are the same log.
#[derive(Clone)]
pub struct SecurityLog(Arc<Shared>);

struct Shared {
    clock: Option<Clock>,
    hash_key: HashKey,
    subject: Option<SubjectHook>,
    writers: Mutex<Vec<Box<dyn Write + Send>>>,
}

type Clock = Box<dyn Fn() -> SystemTime + Send + Sync>;

/// Sets a [`SecurityLog`] up.
#[derive(Default)]
#[must_use = "a builder does nothing until it is handed to `TelemetryBuilder::security_log`"]
pub struct SecurityLogBuilder {
    clock: Option<Clock>,
    hash_key: Option<HashKey>,
    pub(super) subject: Option<SubjectHook>,
    writers: Vec<Box<dyn Write + Send>>,
}

impl SecurityLogBuilder {
    /// Writes the lines there. Each call of `write` gets whole lines, one or more.
    pub fn writer(mut self, writer: impl Write + Send + 'static) -> Self {
        self.writers.push(Box::new(writer));
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

    pub(crate) fn build(self) -> SecurityLog {
        SecurityLog(Arc::new(Shared {
            clock: self.clock,
            hash_key: self.hash_key.unwrap_or_else(HashKey::random),
            subject: self.subject,
            writers: Mutex::new(self.writers),
        }))
    }
}

impl SecurityLog {
    /// Starts setting a log up.
    pub fn builder() -> SecurityLogBuilder {
        SecurityLogBuilder::default()
    }

    /// Records an event, whose time is now. Neither fails nor blocks.
    pub(crate) fn record(&self, event: &Event<'_>) {
        let at = match &self.0.clock {
            None => SystemTime::now(),
            Some(clock) => contained(clock).unwrap_or_else(SystemTime::now),
        };
        let mut text = String::with_capacity(512);
        line::push(&mut text, event, at);
        let mut writers = self
            .0
            .writers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for writer in &mut *writers {
            let _ = writer.write_all(text.as_bytes());
        }
    }

    pub(super) fn subject_hook(&self) -> Option<&SubjectHook> {
        self.0.subject.as_ref()
    }

    /// The keyed hash of a name that the server does not have.
    pub(crate) fn hash_unknown(&self, name: &str) -> UnknownHash {
        UnknownHash(hash_u64(&self.0.hash_key, name))
    }
}

impl TelemetryBuilder {
    /// Writes a security log. Default: none.
    pub fn security_log(mut self, log: SecurityLogBuilder) -> Self {
        self.security_log = Some(log);
        self
    }
}

impl fmt::Debug for SecurityLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecurityLog").finish_non_exhaustive()
    }
}

impl fmt::Debug for SecurityLogBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecurityLogBuilder").finish_non_exhaustive()
    }
}
