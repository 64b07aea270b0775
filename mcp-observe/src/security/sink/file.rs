//! A file, with the ones before it.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::{Sink, Stream};
use crate::security::queue::Batch;

/// A file for a security log, which is replaced by a new one when it is full.
///
/// Lines are appended. When the file would get larger than [`max_bytes`](Self::max_bytes), it is renamed to `PATH.1`,
/// what was `PATH.1` to `PATH.2`, and so on, as far as old files are [kept](Self::keep). New files can
/// be read and written by their owner alone (on Unix). If the file is renamed or removed by
/// others, such as logrotate, a new one is made. One process writes to a file at a time.
///
/// # Example
/// ```
/// use mcp_observe::security::{LogFile, SecurityLog};
///
/// let file = LogFile::new("/var/log/weather/security.jsonl").max_bytes(10_000_000).keep(9);
/// let log = SecurityLog::builder().file(file);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a file is nothing until it is handed to `SecurityLogBuilder::file`"]
pub struct LogFile {
    path: PathBuf,
    max_bytes: u64,
    keep: u32,
}

impl LogFile {
    /// The file at this path, whose directory must be there.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            max_bytes: 100_000_000,
            keep: 5,
        }
    }

    /// Sets how large the file may get, in bytes. A line that is longer gets a file to itself. Default:
    /// 100 MB.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Sets how many old files are kept. Default: 5.
    pub fn keep(mut self, files: u32) -> Self {
        self.keep = files;
        self
    }

    pub(in crate::security) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the file, or says why not.
    pub(in crate::security) fn open(self) -> io::Result<impl Sink> {
        let open = Open::at(&self.path)?;
        Ok(Rotating {
            open,
            settings: self,
            complained: false,
        })
    }

    fn old(&self, number: u32) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(format!(".{number}"));
        path.into()
    }

    /// Makes room for a new file.
    fn shift(&self) -> io::Result<()> {
        for number in (1..self.keep).rev() {
            match fs::rename(self.old(number), self.old(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        if self.keep == 0 {
            fs::remove_file(&self.path)
        } else {
            fs::rename(&self.path, self.old(1))
        }
    }
}

impl<P: Into<PathBuf>> From<P> for LogFile {
    fn from(path: P) -> Self {
        Self::new(path)
    }
}

#[derive(Debug)]
struct Open {
    stream: Stream<File>,
    /// As it was when it was opened.
    metadata: Metadata,
    size: u64,
}

impl Open {
    fn at(path: &Path) -> io::Result<Self> {
        // To open a pipe waits for whoever reads it.
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(io::Error::other(
                "it is no regular file; hand what is none over with `writer`",
            ));
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        let metadata = file.metadata()?;
        let size = metadata.len();
        // A process that ended in the middle of a line may have left it.
        let is_torn = size > 0 && last_byte(path).is_ok_and(|last| last != b'\n');
        Ok(Self {
            stream: Stream::continuing(file, is_torn),
            metadata,
            size,
        })
    }

    /// Whether this is the file that others find at its path.
    fn is_what(&self, found: &Metadata) -> bool {
        is_same(&self.metadata, found)
    }
}

fn last_byte(path: &Path) -> io::Result<u8> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last[0])
}

#[cfg(unix)]
fn is_same(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// What is open can be neither removed nor replaced.
#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[derive(Debug)]
struct Rotating {
    settings: LogFile,
    open: Open,
    /// It was told already that the file cannot be replaced.
    complained: bool,
}

impl Rotating {
    /// Sees to it that lines go to where others look for them.
    fn find(&mut self) -> io::Result<()> {
        let found = fs::metadata(&self.settings.path);
        match found {
            Ok(found) if self.open.is_what(&found) => self.open.size = found.len(),
            _ => self.open = Open::at(&self.settings.path)?,
        }
        Ok(())
    }

    /// Whether the file takes a line after so many bytes more.
    fn has_room(&self, bytes: usize, line: &str) -> bool {
        let size = self.open.size + bytes as u64;
        size == 0 || size + line.len() as u64 <= self.settings.max_bytes
    }

    /// Replaces the file by a new one. If that fails, the file gets larger than it should be: that is
    /// better than to lose lines.
    fn rotate(&mut self) {
        let replaced = self
            .settings
            .shift()
            .and_then(|()| Open::at(&self.settings.path));
        match replaced {
            Ok(open) => self.open = open,
            Err(error) if !self.complained => {
                self.complained = true;
                tracing::warn!(
                    target: "mcp_observe",
                    "the security log `{}` is full and cannot be replaced, so it grows ({error})",
                    self.settings.path.display(),
                );
            }
            Err(_) => {}
        }
    }

    fn append(&mut self, lines: &str, done: &mut usize) -> io::Result<()> {
        self.open.stream.write_lines(lines, done)?;
        self.open.size += lines.len() as u64;
        Ok(())
    }
}

impl Sink for Rotating {
    fn write(&mut self, batch: &Batch, done: &mut usize) -> io::Result<()> {
        self.find()?;
        // As many lines at once as the file has room for.
        let (mut start, mut end) = (0, 0);
        for (line, _) in batch.lines() {
            if !self.has_room(end - start, line) {
                self.append(&batch.text()[start..end], done)?;
                start = end;
                self.rotate();
            }
            end += line.len();
        }
        self.append(&batch.text()[start..end], done)
    }
}
