//! All legs, one after the other, and the page of their figures.

use std::path::Path;
use std::time::Instant;
use std::{fs, io};

use clap::ValueEnum;

use crate::child::Program;
use crate::{ending, faults, flood, overhead, reconciliation};

/// A part of the proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Leg {
    /// Everything that was sent is in every signal, or counted as lost.
    Reconciliation,
    /// Whatever is made up, series and memory stay.
    Flood,
    /// Whatever breaks around the server, it answers as ever.
    Faults,
    /// Whatever is under way at SIGTERM, it is counted once.
    Ending,
    /// What telemetry costs through rmcp.
    Overhead,
}

/// How much each leg is made to do.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Messages of the reconciliation; a tenth of them with small queues.
    pub messages: u64,
    /// Names that are made up, of each of eight kinds.
    pub names: u64,
    /// Messages with each fault.
    pub messages_with_a_fault: u64,
    /// Answers before a server is ended.
    pub answers: u64,
    /// Requests to each server whose overhead is measured.
    pub requests: u64,
}

impl Size {
    /// For every change: less than a minute and a half on two cores, in release.
    pub const SHORT: Self = Self {
        messages: 200_000,
        names: 50_000,
        messages_with_a_fault: 20_000,
        answers: 20_000,
        requests: 40_000,
    };
    /// By hand: some minutes for each million messages.
    pub const LONG: Self = Self {
        messages: 10_000_000,
        names: 1_000_000,
        messages_with_a_fault: 50_000,
        answers: 200_000,
        requests: 160_000,
    };
}

impl Leg {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Reconciliation,
        Self::Flood,
        Self::Faults,
        Self::Ending,
        Self::Overhead,
    ];

    /// What stands around its figures on the page: `<!-- NAME -->` and `<!-- /NAME -->`.
    fn name(self) -> &'static str {
        match self {
            Self::Reconciliation => "reconciliation",
            Self::Flood => "flood",
            Self::Faults => "faults",
            Self::Ending => "ending",
            Self::Overhead => "overhead",
        }
    }

    /// Runs it, and returns its figures.
    ///
    /// # Panics
    /// If what it is to prove is not so.
    #[must_use]
    pub fn run(self, program: &Program, size: Size) -> String {
        let begun = Instant::now();
        let figures = match self {
            Self::Reconciliation => format!(
                "{}\n{}",
                reconciliation::with_large_queues(program, size.messages),
                reconciliation::with_small_queues(program, size.messages / 10)
            ),
            Self::Flood => flood::flooded(program, size.names),
            Self::Faults => faults::endured(program, size.messages_with_a_fault),
            Self::Ending => ending::ended(program, size.answers),
            Self::Overhead => overhead::measured(program, size.requests),
        };
        eprintln!("{}: {:.0} s", self.name(), begun.elapsed().as_secs_f64());
        figures
    }

    /// Puts its figures into the page at this path.
    ///
    /// # Errors
    /// If the page cannot be read or written, or has no place for them.
    pub fn put(self, figures: &str, path: &Path) -> io::Result<()> {
        let page = fs::read_to_string(path)?;
        let (begin, end) = (
            format!("<!-- {} -->\n", self.name()),
            format!("<!-- /{} -->", self.name()),
        );
        let place = page.find(&begin).zip(page.find(&end));
        let Some((start, end)) = place else {
            let missing = format!("the page has no `{}` and `{end}`", begin.trim_end());
            return Err(io::Error::other(missing));
        };
        let before = &page[..start + begin.len()];
        fs::write(
            path,
            format!("{before}\n{}\n\n{}", figures.trim_end(), &page[end..]),
        )
    }
}
