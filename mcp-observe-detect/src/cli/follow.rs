//! Following a log file through its rotations: renamed and made anew, or copied and truncated.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use mcp_observe_detect::Lines;

use super::opened::{Opened, Piece};

const PIECE: usize = 256 * 1024;
/// How many rotated files (`path.1` …) are looked at for those that were not read to their end.
const ROTATED: u32 = 64;

/// A file that is written to, by whatever name it was begun.
#[derive(Debug)]
pub(super) struct Follow {
    path: PathBuf,
    current: Option<Opened>,
    /// What is to be read after the current one, in the order in which it was written.
    next: VecDeque<Opened>,
    lines: Lines,
    buffer: Vec<u8>,
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// There may be more at once.
    More,
    /// Everything was read.
    Idle,
    /// There has not been a file of that name.
    Absent,
}

impl Follow {
    /// Follows the file from where it ends now, or from its start. It need not exist yet.
    ///
    /// # Errors
    /// It exists and cannot be read.
    pub(super) fn new(path: &Path, from_start: bool) -> io::Result<Self> {
        let mut current = Opened::at(path)?;
        if let Some(current) = current.as_mut().filter(|_| !from_start) {
            current.skip_lines()?;
        }
        Ok(Self {
            path: path.to_owned(),
            current,
            next: VecDeque::new(),
            lines: Lines::new(),
            buffer: vec![0; PIECE],
        })
    }

    /// Reads a piece, and hands its lines on. A line that has not ended waits for its rest, unless
    /// there will be none.
    ///
    /// # Errors
    /// Something cannot be read now. The next step tries again.
    pub(super) fn step(&mut self, line: &mut dyn FnMut(&[u8])) -> io::Result<Step> {
        // Looked for before reading: a writer that has begun the next file has ended this one.
        self.look_for_next()?;
        let Some(current) = &mut self.current else {
            self.current = self.next.pop_front();
            return Ok(match self.current {
                Some(_) => Step::More,
                None => Step::Absent,
            });
        };
        match current.read(&mut self.buffer)? {
            Piece::Bytes(bytes) => self.lines.push(&self.buffer[bytes], line),
            Piece::Truncated => self.lines.end(line),
            Piece::End => {
                let Some(next) = self.next.pop_front() else {
                    return Ok(Step::Idle);
                };
                self.lines.end(line);
                self.current = Some(next);
            }
        }
        Ok(Step::More)
    }

    /// Whether there is another file by now. One that is empty does not count: until a writer has
    /// been told of it, it goes on with the one that was renamed.
    fn look_for_next(&mut self) -> io::Result<()> {
        if !self.next.is_empty() {
            return Ok(());
        }
        let Some(newest) = Opened::at(&self.path)? else {
            return Ok(());
        };
        let Some(current) = &self.current else {
            self.next.push_back(newest);
            return Ok(());
        };
        if !newest.is(current) && !newest.is_empty()? {
            self.next = self.unread(current)?;
            self.next.push_back(newest);
        }
        Ok(())
    }

    /// What was begun and renamed since the last look: the files between the current one and the
    /// newest, where they are numbered.
    fn unread(&self, current: &Opened) -> io::Result<VecDeque<Opened>> {
        let mut newer = VecDeque::new();
        for number in 1..=ROTATED {
            let mut path = OsString::from(&self.path);
            path.push(format!(".{number}"));
            match Opened::at(Path::new(&path))? {
                Some(rotated) if rotated.is(current) => return Ok(newer),
                Some(rotated) => newer.push_front(rotated),
                None => break,
            }
        }
        // The current one was removed, or renamed in another way: which of these are new is not known.
        Ok(VecDeque::new())
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File, OpenOptions};
    use std::io::Write;
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::{Follow, Step};

    /// A log in a directory of its own, and what was read of it.
    struct Log {
        directory: TempDir,
        follow: Option<Follow>,
    }

    impl Log {
        fn new() -> Self {
            Self {
                directory: TempDir::new().unwrap(),
                follow: None,
            }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.directory.path().join(name)
        }

        fn append(&self, name: &str, text: &str) {
            let mut file = OpenOptions::new()
                .append(true)
                .create(true)
                .open(self.path(name))
                .unwrap();
            file.write_all(text.as_bytes()).unwrap();
        }

        fn rename(&self, from: &str, to: &str) {
            fs::rename(self.path(from), self.path(to)).unwrap();
        }

        fn follow(&mut self, from_start: bool) {
            self.follow = Some(Follow::new(&self.path("log"), from_start).unwrap());
        }

        /// All that can be read now.
        fn read(&mut self) -> Vec<String> {
            let mut lines = Vec::new();
            let follow = self.follow.as_mut().unwrap();
            let mut take = |line: &[u8]| lines.push(String::from_utf8(line.to_vec()).unwrap());
            while follow.step(&mut take).unwrap() == Step::More {}
            lines
        }
    }

    #[test]
    fn it_begins_with_what_is_written_from_now_on_or_with_what_is_there() {
        let mut log = Log::new();
        log.append("log", "old\nbeg");
        log.follow(false);
        assert_eq!(log.read(), [""; 0]);
        log.append("log", "un\nnew\n");
        assert_eq!(log.read(), ["begun", "new"]);

        log.follow(true);
        assert_eq!(log.read(), ["old", "begun", "new"]);
    }

    #[test]
    fn a_file_that_is_not_there_yet_is_waited_for_and_read_from_its_start() {
        let mut log = Log::new();
        log.follow(false);
        assert_eq!(log.read(), [""; 0]);
        log.append("log", "one\n");
        assert_eq!(log.read(), ["one"]);
    }

    #[test]
    fn a_line_that_has_not_ended_waits_for_its_rest() {
        let mut log = Log::new();
        log.append("log", "one\ntw");
        log.follow(true);
        assert_eq!(log.read(), ["one"]);
        log.append("log", "o");
        assert_eq!(log.read(), [""; 0]);
        log.append("log", "\n");
        assert_eq!(log.read(), ["two"]);
    }

    #[test]
    fn a_renamed_file_is_read_until_the_next_one_has_something() {
        let mut log = Log::new();
        log.append("log", "one\n");
        log.follow(true);
        assert_eq!(log.read(), ["one"]);
        log.rename("log", "log.1");
        log.append("log.1", "two\n");
        assert_eq!(log.read(), ["two"]);
        File::create(log.path("log")).unwrap();
        log.append("log.1", "three\n");
        assert_eq!(log.read(), ["three"]);
        log.append("log.1", "four\n");
        log.append("log", "five\n");
        assert_eq!(log.read(), ["four", "five"]);
    }

    #[test]
    fn files_that_were_rotated_away_before_they_were_looked_at_are_read_in_order() {
        let mut log = Log::new();
        log.append("log", "one\n");
        log.follow(true);
        assert_eq!(log.read(), ["one"]);
        log.append("log", "two\n");
        for (begun, text) in ["three\n", "four\n", "five\n"].into_iter().enumerate() {
            for number in (1..=begun).rev() {
                log.rename(&format!("log.{number}"), &format!("log.{}", number + 1));
            }
            log.rename("log", "log.1");
            log.append("log", text);
        }
        assert_eq!(log.read(), ["two", "three", "four", "five"]);
    }

    #[test]
    fn a_file_that_was_copied_and_truncated_is_read_from_its_start() {
        let mut log = Log::new();
        log.append("log", "one\ntwo\ncut off");
        log.follow(true);
        assert_eq!(log.read(), ["one", "two"]);
        fs::copy(log.path("log"), log.path("log.1")).unwrap();
        File::create(log.path("log")).unwrap();
        log.append("log", "three\n");
        assert_eq!(log.read(), ["cut off", "three"]);
    }

    #[test]
    fn a_truncated_file_that_has_outgrown_what_was_read_is_noticed() {
        let mut log = Log::new();
        log.append("log", "one\n");
        log.follow(true);
        assert_eq!(log.read(), ["one"]);
        fs::write(log.path("log"), "two\nthree\nfour\n").unwrap();
        assert_eq!(log.read(), ["two", "three", "four"]);
    }

    #[test]
    fn a_file_that_was_removed_may_come_back() {
        let mut log = Log::new();
        log.append("log", "one\n");
        log.follow(true);
        assert_eq!(log.read(), ["one"]);
        fs::remove_file(log.path("log")).unwrap();
        assert_eq!(log.read(), [""; 0]);
        log.append("log", "two\n");
        assert_eq!(log.read(), ["two"]);
    }
}
