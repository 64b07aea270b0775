//! Detection in the process that writes the log.

mod builder;
mod counts;
mod evaluation;
mod outputs;
mod timer;
#[cfg(feature = "tracing")]
mod traced;

use std::fmt;
use std::io::{self, Write};
use std::time::Instant;

pub use self::builder::LiveDetectorBuilder;
pub use self::counts::AlertCounts;
use self::evaluation::Evaluation;
use self::timer::Timer;
use crate::Config;

/// Takes a server's security log as it is written, and gives alerts.
///
/// It is an [`io::Write`], to be one of the log's sinks: lines are evaluated on the log's own thread,
/// never on that of a tool call. A thread of the detector's own lets time pass while nothing is
/// written; it sleeps unless events are held back.
///
/// Each alert goes to every output that the builder was given, is counted by [`AlertCounts`], and
/// with the feature `tracing` is an event of level `WARN` and target `mcp_observe_detect`. Nothing
/// that an output does, be it to fail or to panic, harms another one or the log. One that is slow
/// keeps the log waiting, whose queue overflows in the end: hand on what takes long.
///
/// Dropping it evaluates what is held back.
///
/// ```
/// use std::io::Write;
/// use mcp_observe_detect::{Config, LiveDetector};
///
/// # fn main() -> std::io::Result<()> {
/// let mut detector = LiveDetector::builder(Config::default())
///     .alerts_to(std::io::stderr())
///     .build()?;
/// let alerts = detector.counts();
/// // What a security log does that has the detector as a sink.
/// detector.write_all(b"{\"timestamp\":\"2026-11-24T12:00:00.000000Z\",\"schema.version\":\"1.0\",\
///     \"event.category\":\"mcp.tool_call\",\"mcp.tool.name\":\"add\",\"status\":\"success\"}\n")?;
/// drop(detector);
/// assert_eq!(alerts.total(), 0);
/// # Ok(())
/// # }
/// ```
pub struct LiveDetector {
    counts: AlertCounts,
    timer: Timer,
}

impl LiveDetector {
    /// A detector with these thresholds.
    #[must_use]
    pub fn builder(config: Config) -> LiveDetectorBuilder {
        LiveDetectorBuilder::new(config)
    }

    /// What was counted so far, and is from now on.
    #[must_use]
    pub fn counts(&self) -> AlertCounts {
        self.counts.clone()
    }

    fn new(evaluation: Evaluation, counts: AlertCounts) -> io::Result<Self> {
        Ok(Self {
            counts,
            timer: Timer::start(evaluation)?,
        })
    }
}

/// Takes lines, in pieces of any size. It never fails: what cannot be read is counted.
impl Write for LiveDetector {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.timer
            .while_held(|evaluation| evaluation.take(piece, Instant::now()));
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for LiveDetector {
    fn drop(&mut self) {
        self.timer.end();
        self.timer.while_held(Evaluation::finish);
    }
}

impl fmt::Debug for LiveDetector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveDetector")
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}
