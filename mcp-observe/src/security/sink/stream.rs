//! Whole lines to anything that bytes can be written to.

use std::io::{self, ErrorKind, Write};
use std::thread;
use std::time::{Duration, Instant};

use super::Sink;
use crate::security::queue::Batch;

/// How long a writer may say that it would block: the other end of a pipe may have made it so.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(10);

/// Writes lines, and keeps account of where they end.
#[derive(Debug)]
pub(in crate::security) struct Stream<W> {
    inner: W,
    /// The last line was not written to its end, so that the next one needs an end of line before it.
    is_torn: bool,
}

impl<W: Write> Stream<W> {
    pub(in crate::security) fn new(inner: W) -> Self {
        Self {
            inner,
            is_torn: false,
        }
    }

    /// The same where the writer may be within a line already.
    pub(super) fn continuing(inner: W, is_torn: bool) -> Self {
        Self { inner, is_torn }
    }

    #[expect(
        clippy::naive_bytecount,
        reason = "of a few kilobytes, on a thread of its own"
    )]
    /// Writes the lines, and adds those that are written whole to `done`.
    pub(super) fn write_lines(&mut self, lines: &str, done: &mut usize) -> io::Result<()> {
        if self.is_torn {
            self.write_some(b"\n")?;
        }
        let mut rest = lines.as_bytes();
        while !rest.is_empty() {
            let (written, left) = rest.split_at(self.write_some(rest)?);
            *done += written.iter().filter(|byte| **byte == b'\n').count();
            rest = left;
        }
        Ok(())
    }

    /// Writes at least one of the bytes.
    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let was_torn = self.is_torn;
        let since = Instant::now();
        loop {
            // If it panics, what it has written is not known.
            self.is_torn = true;
            let result = self.inner.write(bytes);
            self.is_torn = was_torn;
            match result {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => {
                    let written = written.min(bytes.len());
                    self.is_torn = bytes[written - 1] != b'\n';
                    return Ok(written);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error)
                    if error.kind() == ErrorKind::WouldBlock && since.elapsed() < PATIENCE =>
                {
                    thread::sleep(PAUSE);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl<W: Write + Send> Sink for Stream<W> {
    fn write(&mut self, batch: &Batch, done: &mut usize) -> io::Result<()> {
        let before = *done;
        self.write_lines(batch.text(), done)?;
        // What a buffer still had may be lost; which lines of it were, nobody knows.
        self.inner.flush().inspect_err(|_| *done = before)
    }
}
