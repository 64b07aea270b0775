//! Lines that are no events, as far as they are told.

use std::fmt;

use mcp_observe_detect::EventError;

/// How many lines are told, of all files.
const TOLD: usize = 3;

/// The first such lines.
#[derive(Debug, Default)]
pub(super) struct Malformed {
    lines: Vec<String>,
}

/// Those of one file.
#[derive(Debug)]
pub(super) struct File<'a> {
    name: &'a str,
    read: u64,
    first: Option<String>,
    lines: &'a mut Vec<String>,
}

impl Malformed {
    pub(super) fn file<'a>(&'a mut self, name: &'a str) -> File<'a> {
        File {
            name,
            read: 0,
            first: None,
            lines: &mut self.lines,
        }
    }
}

impl File<'_> {
    /// The next line was read.
    pub(super) fn note(&mut self, read: Result<(), EventError>) {
        self.read += 1;
        let Err(error) = read else {
            return;
        };
        if self.first.is_none() || self.lines.len() < TOLD {
            let told = format!("line {}: {}", self.read, described(&error));
            if self.lines.len() < TOLD {
                self.lines.push(format!("{}, {told}", self.name));
            }
            self.first.get_or_insert(told);
        }
    }

    /// What is wrong with the first one.
    pub(super) fn first(&self) -> Option<&str> {
        self.first.as_deref()
    }
}

/// An error may quote the line, which may have anything in it.
pub(super) fn described(error: &EventError) -> String {
    error.to_string().escape_debug().to_string()
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines
            .iter()
            .try_for_each(|line| writeln!(f, "skipped {line}"))
    }
}
