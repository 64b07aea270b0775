//! The security log of the process, whole or broken.

use std::io::{self, ErrorKind, Write};
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use mcp_observe::security::{LogFile, SecurityLog, SecurityLogBuilder, channel};
use serde_json::Value;

use super::{LogFault, Settings};
use crate::ledger::Ledger;

/// Room in the log's queue where nothing may be lost: more than is sent between two flushes.
const LINES: usize = 1 << 17;
const BYTES: usize = 1 << 27;
const HOUR: Duration = Duration::from_secs(3_600);

/// The lines that were written.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) events: Ledger,
    pub(super) milliseconds: f64,
}

/// The log, and who reads it.
pub(super) struct Log {
    builder: Mutex<Option<SecurityLogBuilder>>,
    /// Lets the reader begin.
    go: Sender<()>,
    reader: JoinHandle<Written>,
}

impl Log {
    pub(super) fn new(settings: &Settings) -> Self {
        let (sender, lines) = channel(1_024);
        let (go, gone) = mpsc::channel();
        let waits = settings.log_fault == LogFault::Unread;
        let reader = thread::spawn(move || {
            if waits {
                let _ = gone.recv();
            }
            let mut written = Written::default();
            for line in lines {
                let event: Value = serde_json::from_str(&line).expect("a line is JSON");
                let event = event.as_object().expect("a line is an object");
                written.events.event(event);
                written.milliseconds += event["duration_ms"].as_f64().expect("it is timed");
            }
            written
        });
        let builder = SecurityLog::builder();
        let builder = match (&settings.log_file, settings.log_fault) {
            (Some(path), _) => builder.file(LogFile::new(path).max_bytes(u64::MAX)),
            (None, LogFault::DiskFull) => builder.writer(Full),
            (None, _) => builder.writer(sender),
        };
        let builder = match settings.log_fault {
            LogFault::None | LogFault::DiskFull => builder.queue(LINES, BYTES),
            LogFault::Unread => builder.queue(256, BYTES),
            LogFault::ClockSteps => builder.queue(LINES, BYTES).clock(stepping()),
        };
        Self {
            builder: Mutex::new(Some(builder)),
            go,
            reader,
        }
    }

    /// To be taken once.
    pub(super) fn builder(&self) -> SecurityLogBuilder {
        let mut builder = self.builder.lock().unwrap_or_else(PoisonError::into_inner);
        builder.take().expect("it is taken once")
    }

    pub(super) fn all_was_sent(&self) {
        // Fails where the reader did not wait.
        let _ = self.go.send(());
    }

    /// What was read. The log is shut down.
    pub(super) fn written(self) -> Written {
        self.reader.join().expect("every line can be read")
    }
}

/// A device that is full: the system's own where it has one.
struct Full;

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::fs::OpenOptions::new().write(true).open("/dev/full") {
            Ok(mut device) => device.write(bytes),
            Err(_) => Err(ErrorKind::StorageFull.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The system's clock, but for hours that come and go.
fn stepping() -> impl Fn() -> SystemTime + Send + Sync {
    let readings = std::sync::atomic::AtomicU32::new(0);
    move || {
        let reading = readings.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let now = SystemTime::now();
        match reading % 4 {
            0 => now + HOUR * 24 * 365,
            1 => now - HOUR,
            2 => now + HOUR,
            _ => now,
        }
    }
}
