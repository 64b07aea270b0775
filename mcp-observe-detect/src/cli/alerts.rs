//! Alerts on stdout, and what is remembered of them for the summary.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufWriter, Stdout, Write};

use mcp_observe_detect::{Alert, Rule, Timestamp};

use super::arguments::Format;
use super::text;

/// How many actors of one rule are told apart.
const ACTORS: usize = 100_000;

/// What takes alerts.
#[derive(Debug)]
pub(super) struct Alerts {
    format: Format,
    stdout: BufWriter<Stdout>,
    failed: Option<io::Error>,
    rules: [Told; Rule::ALL.len()],
    hasher: RandomState,
}

/// The alerts of one rule.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) alerts: u64,
    /// Of the earliest alert and the latest.
    pub(super) span: Option<(Timestamp, Timestamp)>,
    /// Hashes of the keys that they were about.
    actors: HashSet<u64>,
}

impl Alerts {
    pub(super) fn new(format: Format) -> Self {
        Self {
            format,
            stdout: BufWriter::new(io::stdout()),
            failed: None,
            rules: Default::default(),
            hasher: RandomState::new(),
        }
    }

    /// Writes an alert. That it could not be written is told by [`flush`](Self::flush).
    pub(super) fn take(&mut self, alert: &Alert) {
        let key = &alert.key;
        let actor = self
            .hasher
            .hash_one((&key.user, &key.session, &key.client_ip, &key.tool));
        if let Some(at) = Rule::ALL.iter().position(|rule| *rule == alert.rule) {
            self.rules[at].count(alert.time, actor);
        }
        if self.failed.is_none() {
            let written = match self.format {
                Format::Json => alert.write_line(&mut self.stdout),
                Format::Text => text::write_line(alert, &mut self.stdout),
            };
            self.failed = written.err();
        }
    }

    /// Makes sure that all of them are out.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.stdout.flush(),
        }
    }

    /// The rules that fired.
    pub(super) fn by_rule(&self) -> impl Iterator<Item = (Rule, &Told)> {
        let rules = Rule::ALL.iter().copied().zip(&self.rules);
        rules.filter(|(_, told)| told.alerts > 0)
    }
}

impl Told {
    fn count(&mut self, time: Timestamp, actor: u64) {
        self.alerts += 1;
        self.span = Some(match self.span {
            Some((first, last)) => (first.min(time), last.max(time)),
            None => (time, time),
        });
        if self.actors.len() < ACTORS {
            self.actors.insert(actor);
        }
    }

    /// How many there were, as far as they are told apart.
    pub(super) fn actors(&self) -> String {
        let more = if self.actors.len() < ACTORS { "" } else { "+" };
        format!("{}{more}", self.actors.len())
    }
}
