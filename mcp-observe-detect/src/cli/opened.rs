//! One open log file, and how far it was read.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use mcp_observe_detect::LONGEST_LINE;
use same_file::Handle;

/// How much of what was read last is compared with what is there now: more than what the ends of two
/// events have in common, as each has a span id of its own.
const SEEN: usize = 256;

/// An open file. Its handle keeps its identity from being given to another one.
#[derive(Debug)]
pub(super) struct Opened {
    handle: Handle,
    position: u64,
    /// The last bytes before `position`.
    seen: Vec<u8>,
}

/// What was read.
#[derive(Debug)]
pub(super) enum Piece {
    /// This part of the buffer.
    Bytes(Range<usize>),
    /// Nothing: the file was truncated. The next piece is from its start.
    Truncated,
    /// Nothing: there is no more for now.
    End,
}

impl Opened {
    /// Opens the file, to be read from its start. None if there is none.
    pub(super) fn at(path: &Path) -> io::Result<Option<Self>> {
        match Handle::from_path(path) {
            Ok(handle) => Ok(Some(Self {
                handle,
                position: 0,
                seen: Vec::new(),
            })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether both are one file, whatever its name is now.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.handle == other.handle
    }

    pub(super) fn is_empty(&self) -> io::Result<bool> {
        Ok(self.handle.as_file().metadata()?.len() == 0)
    }

    /// Leaves off what is there, but for a last line that has not ended.
    pub(super) fn skip_lines(&mut self) -> io::Result<()> {
        let file = self.handle.as_file_mut();
        let start = file
            .metadata()?
            .len()
            .saturating_sub(LONGEST_LINE as u64 + 1);
        file.seek(SeekFrom::Start(start))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        let skipped = memchr::memrchr(b'\n', &end).map_or(0, |newline| newline + 1);
        self.read_past(start, &end[..skipped]);
        Ok(())
    }

    /// Reads what comes next. The buffer must have room for more than what is compared.
    ///
    /// A file that was truncated and has since grown beyond the place that was read is told by what
    /// is before that place now.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<Piece> {
        let before = self.seen.len();
        let start = self.position - before as u64;
        let file = self.handle.as_file_mut();
        file.seek(SeekFrom::Start(start))?;
        let mut filled = 0;
        while filled <= before {
            match file.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if filled < before || buffer[..before] != self.seen {
            self.read_past(0, &[]);
            return Ok(Piece::Truncated);
        }
        if filled == before {
            return Ok(Piece::End);
        }
        self.read_past(start, &buffer[..filled]);
        Ok(Piece::Bytes(before..filled))
    }

    /// The bytes from `start` on were read.
    fn read_past(&mut self, start: u64, bytes: &[u8]) {
        self.position = start + bytes.len() as u64;
        self.seen.clear();
        self.seen
            .extend_from_slice(&bytes[bytes.len().saturating_sub(SEEN)..]);
    }
}
