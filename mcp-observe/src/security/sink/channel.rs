//! Lines to other code of the process.

use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::time::Duration;

/// Makes a channel for lines: the sender is for [`SecurityLogBuilder::writer`](super::SecurityLogBuilder::writer),
/// and what receives them may be anything of yours, such as detection. Up to `lines` wait in the
/// channel; when it is full, they wait in the log's own queue, and are lost when that is full as well.
///
/// # Example
/// ```
/// use mcp_observe::{Telemetry, security::{self, SecurityLog}};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (sender, lines) = security::channel(1_024);
/// let telemetry = Telemetry::builder()
///     .security_log(SecurityLog::builder().writer(sender))
///     .build()?;
/// let watcher = std::thread::spawn(move || {
///     for line in lines {
///         eprintln!("{line}");
///     }
/// });
/// telemetry.shutdown(std::time::Duration::from_secs(5))?;
/// watcher.join().expect("it ends when the log does");
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn channel(lines: usize) -> (LineSender, Lines) {
    let (sender, receiver) = mpsc::sync_channel(lines);
    let sender = LineSender {
        sender,
        partial: Vec::new(),
    };
    (sender, Lines(receiver))
}

/// Sends what is written to it, line by line; blocks while the channel is full. See [`channel`].
#[derive(Debug)]
pub struct LineSender {
    sender: SyncSender<String>,
    partial: Vec<u8>,
}

impl Write for LineSender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // One line at a time, so that whoever writes knows how many have been sent.
        let end = bytes.iter().position(|byte| *byte == b'\n');
        self.partial
            .extend_from_slice(&bytes[..end.unwrap_or(bytes.len())]);
        let Some(end) = end else {
            return Ok(bytes.len());
        };
        let line = String::from_utf8_lossy(&self.partial).into_owned();
        self.partial.clear();
        self.sender
            .send(line)
            .map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "nobody receives the lines"))?;
        Ok(end + 1)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Receives lines, without their ends. As an iterator it waits for each, and ends when the log was
/// shut down. See [`channel`].
#[derive(Debug)]
pub struct Lines(Receiver<String>);

impl Lines {
    /// The next line, if there is one already.
    #[must_use]
    pub fn try_next(&self) -> Option<String> {
        self.0.try_recv().ok()
    }

    /// The next line, if there is one within `timeout`.
    #[must_use]
    pub fn next_within(&self, timeout: Duration) -> Option<String> {
        self.0.recv_timeout(timeout).ok()
    }
}

impl Iterator for Lines {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.0.recv().ok()
    }
}
