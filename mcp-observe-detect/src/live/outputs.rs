//! Where alerts go.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::counts::AlertCounts;
use crate::Alert;

pub(super) type Sink = Box<dyn Write + Send>;
pub(super) type Callback = Box<dyn FnMut(&Alert) + Send>;

/// What is told of an alert, each on its own.
pub(super) struct Outputs {
    pub(super) sinks: Vec<Sink>,
    pub(super) callbacks: Vec<Callback>,
    pub(super) counts: AlertCounts,
}

impl Outputs {
    /// Tells all of them.
    pub(super) fn tell(&mut self, alert: &Alert) {
        self.counts.count(alert);
        #[cfg(feature = "tracing")]
        contained(|| super::traced::tell(alert));
        for sink in &mut self.sinks {
            let written = contained(|| write(alert, sink));
            if !matches!(written, Some(Ok(()))) {
                self.counts.count_unwritten();
            }
        }
        for callback in &mut self.callbacks {
            contained(|| callback(alert));
        }
    }
}

fn write(alert: &Alert, sink: &mut Sink) -> io::Result<()> {
    alert.write_line(sink)?;
    sink.flush()
}

/// What a user's code gives, or nothing if it panics: its panic has been told by the panic hook.
fn contained<R>(call: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(call)).ok()
}
