//! `read-then-send`: read from a source, then sent to a sink.

use std::sync::Arc;

use crate::alert::{AlertKey, Evidence};
use crate::config::ReadThenSend;
use crate::event::{Status, Tags};
use crate::identity::Key;
use crate::occurrence::{Occurrence, Text};
use crate::raise::Raise;
use crate::rule::{Entry, Rule, Severity};
use crate::state::{Found, Names, Quiet, Table, Traces};
use crate::timestamp::Timestamp;

pub(crate) const ENTRY: Entry = Entry {
    id: "read-then-send",
    title: "Read from a source, then sent to a sink",
    description: "A successful call of a tool tagged `source`, and within 5 minutes a call of \
        one tagged `sink` by the same actor or in the same session.",
    severity: Severity::High,
    limits: &[
        "one who waits longer than the window between reading and sending is not seen",
        "tools without tags are neither; a tool that is both is no sequence by one call",
        "calls are ordered by when they ended",
    ],
};

#[derive(Debug)]
pub(super) struct Watch {
    config: ReadThenSend,
    window: i64,
    actors: Table<Reader>,
    sessions: Table<Reader>,
    sources: Names,
}

/// Who read, and what it was.
#[derive(Debug, Default)]
struct Reader {
    read: Option<Read>,
    traces: Traces,
    quiet: Quiet,
}

#[derive(Debug, Clone)]
struct Read {
    now: i64,
    time: Timestamp,
    tool: Option<Arc<str>>,
}

impl Watch {
    pub(super) fn new(config: &ReadThenSend, capacity: usize) -> Self {
        let window = config.window.micros();
        Self {
            window,
            actors: Table::new(Rule::ReadThenSend, capacity, window),
            sessions: Table::new(Rule::ReadThenSend, capacity, window),
            sources: Names::default(),
            config: config.clone(),
        }
    }

    pub(super) fn evaluate(&mut self, at: &Occurrence, raise: &mut Raise<'_>) {
        if !at.is_call {
            return;
        }
        // In this order: a call that reads and sends is no sequence.
        if at.tags.contains(Tags::SINK) && !self.tell(Some(at.actor), By::Actor, at, raise) {
            self.tell(at.session, By::Session, at, raise);
        }
        if at.tags.contains(Tags::SOURCE) && at.status == Some(Status::Success) {
            self.remember(at, raise);
        }
    }

    fn remember(&mut self, at: &Occurrence, raise: &mut Raise<'_>) {
        let read = Read {
            now: at.now,
            time: at.time,
            tool: at
                .text(Text::Tool)
                .and_then(|name| self.sources.get(at.tool, name)),
        };
        let actor = self.actors.entry(at.actor, at, raise).value;
        actor.read = Some(read.clone());
        actor.traces.push(at.trace_id);
        if let Some(session) = at.session {
            let session = self.sessions.entry(session, at, raise).value;
            session.read = Some(read);
            session.traces.push(at.trace_id);
        }
    }

    /// Whether whoever sends has read.
    fn tell(&mut self, who: Option<Key>, by: By, at: &Occurrence, raise: &mut Raise<'_>) -> bool {
        let table = match by {
            By::Actor => &mut self.actors,
            By::Session => &mut self.sessions,
        };
        let Some(Found {
            value: reader,
            shared,
        }) = who.and_then(|who| table.get(who, at.now))
        else {
            return false;
        };
        let Some(read) = reader
            .read
            .as_ref()
            .filter(|read| at.now - read.now <= self.window)
        else {
            return false;
        };
        if let Some(suppressed) = reader.quiet.ring(at.now, self.window) {
            let tools = read.tool.as_deref().map(str::to_owned);
            reader.traces.push(at.trace_id);
            let evidence = Evidence {
                by: Some(by.as_str()),
                since: Some(read.time),
                tools: tools.into_iter().chain(Evidence::tool(at)).collect(),
                ..Evidence::of_window(self.window, suppressed, shared, &reader.traces)
            };
            let key = match by {
                By::Actor => AlertKey::actor(at),
                By::Session => AlertKey::session(at),
            };
            raise.alert(Rule::ReadThenSend, self.config.severity, at, key, evidence);
        }
        true
    }
}

#[derive(Debug, Clone, Copy)]
enum By {
    Actor,
    Session,
}

impl By {
    fn as_str(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Session => "session",
        }
    }
}
