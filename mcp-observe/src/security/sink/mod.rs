//! What lines are written to.

mod channel;
mod file;
#[cfg(all(feature = "otlp", feature = "logs"))]
mod otlp;
mod stream;

use std::{fmt, io};

use super::queue::Batch;
pub use channel::{LineSender, Lines, channel};
pub use file::LogFile;
#[cfg(all(feature = "otlp", feature = "logs"))]
pub(super) use otlp::OtlpSink;
pub(super) use stream::Stream;

/// Takes lines, on a thread of its own.
pub(super) trait Sink: Send {
    /// Writes the lines. `done` tells how many of them are written whole, also if it fails or panics.
    fn write(&mut self, batch: &Batch, done: &mut usize) -> io::Result<()>;
}

/// The sinks that there are, to tell them apart where losses are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Stderr,
    Stdout,
    Writer,
    Otlp,
}

impl Kind {
    pub(crate) const ALL: [Self; 5] = [
        Self::File,
        Self::Stderr,
        Self::Stdout,
        Self::Writer,
        Self::Otlp,
    ];

    /// The label `sink`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Stderr => "stderr",
            Self::Stdout => "stdout",
            Self::Writer => "writer",
            Self::Otlp => "otlp",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
