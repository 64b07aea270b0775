//! An event as the rules see it: its keys, its texts and its place in time.

use core::net::IpAddr;
use core::ops::Range;

use crate::config::Network;
use crate::event::{Category, Event, Status, Tags};
use crate::identity::{Key, Keys, Kind};
use crate::timestamp::Timestamp;
use crate::trace_id::TraceId;

/// A text of more bytes is told by its beginning, and known by its whole.
const LONGEST_TEXT: usize = 256;

/// What unknown tools are called in the log.
const OTHER: &str = "_OTHER";

/// Is made once and filled again and again: holding an event back allocates nothing.
#[derive(Debug)]
pub(crate) struct Occurrence {
    /// When it happened, by the log.
    pub(crate) time: Timestamp,
    /// When it is evaluated: in microseconds that never go back. What windows are measured in.
    pub(crate) now: i64,
    /// The how manieth it was to arrive.
    pub(crate) arrival: u64,
    pub(crate) category: Category,
    /// A tool call that got past the transport.
    pub(crate) is_call: bool,
    pub(crate) tags: Tags,
    pub(crate) status: Option<Status>,
    pub(crate) http_status: Option<u16>,
    pub(crate) unknown_hash: Option<u64>,
    pub(crate) trace_id: Option<TraceId>,
    /// The user, else the peer, else nobody in particular.
    pub(crate) actor: Key,
    /// Whoever sent it, unless it stands for many or the server has no network.
    pub(crate) peer: Option<Key>,
    pub(crate) user: Option<Key>,
    pub(crate) session: Option<Key>,
    pub(crate) client: Option<Key>,
    pub(crate) tool: Key,
    /// Actor and tool.
    pub(crate) pair: Key,
    texts: Texts,
}

/// Texts that alerts tell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Text {
    User,
    Session,
    Address,
    Tool,
}

impl Occurrence {
    pub(crate) fn blank() -> Self {
        Self {
            time: Timestamp::from_micros(0),
            now: 0,
            arrival: 0,
            category: Category::Other,
            is_call: false,
            tags: Tags::NONE,
            status: None,
            http_status: None,
            unknown_hash: None,
            trace_id: None,
            actor: Key::default(),
            peer: None,
            user: None,
            session: None,
            client: None,
            tool: Key::default(),
            pair: Key::default(),
            texts: Texts::default(),
        }
    }

    pub(crate) fn fill(&mut self, event: &Event<'_>, keys: &Keys, ignored: &[Network]) {
        let key = |kind, text: &Option<_>| text.as_deref().map(|text| keys.of_text(kind, text));
        let tool = event.tool.as_deref().unwrap_or(OTHER);
        let sender = event.client_ip.as_deref().map(|text| {
            let address = text.parse::<IpAddr>().ok();
            let stands_for_many = address.is_some_and(|address| {
                let address = address.to_canonical();
                ignored.iter().any(|network| network.contains(address))
            });
            (keys.of_peer(text, address), stands_for_many)
        });

        self.time = event.timestamp;
        self.category = event.category;
        self.is_call = event.is_call();
        self.tags = event.tags;
        self.status = event.status;
        self.http_status = event.http_status;
        self.unknown_hash = event.unknown_hash;
        self.trace_id = event.trace_id;
        self.user = key(Kind::User, &event.user);
        self.session = key(Kind::Session, &event.session);
        self.client = key(Kind::Client, &event.client_name);
        self.peer = sender.and_then(|(peer, for_many)| (!for_many).then_some(peer));
        self.actor = self
            .user
            .or(sender.map(|(peer, _)| peer))
            .unwrap_or_else(|| keys.of_local());
        self.tool = keys.of_text(Kind::Tool, tool);
        self.pair = keys.of_pair(self.actor, self.tool);
        self.texts.fill([
            event.user.as_deref(),
            event.session.as_deref(),
            event.client_ip.as_deref(),
            Some(tool),
        ]);
    }

    /// A call of a tool, whatever came of it.
    pub(crate) fn is_tool_call(&self) -> bool {
        self.category == Category::ToolCall
    }

    pub(crate) fn text(&self, which: Text) -> Option<&str> {
        self.texts.get(which)
    }
}

/// Several texts in one allocation.
#[derive(Debug, Default)]
struct Texts {
    all: String,
    ranges: [Option<Range<u16>>; 4],
}

impl Texts {
    fn fill(&mut self, texts: [Option<&str>; 4]) {
        let Self { all, ranges } = self;
        all.clear();
        // Four times `LONGEST_TEXT` at most.
        let end = |all: &str| u16::try_from(all.len()).unwrap_or(u16::MAX);
        for (range, text) in ranges.iter_mut().zip(texts) {
            *range = text.map(|text| {
                let from = end(all);
                all.push_str(beginning(text));
                from..end(all)
            });
        }
    }

    fn get(&self, which: Text) -> Option<&str> {
        let Range { start, end } = self.ranges[which as usize].clone()?;
        self.all.get(usize::from(start)..usize::from(end))
    }
}

fn beginning(text: &str) -> &str {
    if text.len() <= LONGEST_TEXT {
        return text;
    }
    let end = (0..=LONGEST_TEXT)
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or_default();
    &text[..end]
}
