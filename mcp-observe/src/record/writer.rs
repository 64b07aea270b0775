//! One JSON text that keeps to its budget, and parses wherever it had to be cut.
//!
//! Whoever is asked for a value has room for at least [`MARK`]. What closes the open arrays and
//! objects, and a mark in each, is reserved when they are opened.

use std::fmt::{Display, Write as _};

use super::hash::HashKey;
use super::settings::{MIN_BYTES, Settings};
use super::{Record, Recorder};

/// Ends a text that was cut.
const ELLIPSIS: char = '…';

/// Stands for a value that was left out.
const MARK: &str = r#""…""#;

/// Enough for most calls. Recorded values wait for their export, so a large one would be held there.
const CAPACITY: usize = 256;

#[derive(Debug, Clone, Copy)]
pub(super) enum Container {
    Array,
    Object,
}

impl Container {
    fn brackets(self) -> (char, char) {
        match self {
            Self::Array => ('[', ']'),
            Self::Object => ('{', '}'),
        }
    }

    /// Stands for all that was left out of it.
    fn gap(self) -> &'static str {
        match self {
            Self::Array => MARK,
            Self::Object => r#""…":"…""#,
        }
    }

    /// A comma, the mark and the closing bracket.
    fn reserve(self) -> usize {
        1 + self.gap().len() + 1
    }
}

/// The innermost open container.
#[derive(Debug, Clone, Copy)]
struct Frame {
    container: Container,
    is_empty: bool,
    is_cut: bool,
}

#[derive(Debug)]
pub(super) struct Writer {
    out: String,
    max_bytes: usize,
    reserved: usize,
    /// How many more levels may be opened.
    depth: usize,
    frame: Frame,
    hash_key: HashKey,
}

impl Writer {
    /// `reserved` bytes of the budget are left for the caller.
    pub(super) fn new(settings: &Settings, reserved: usize) -> Self {
        let max_bytes = settings.max_bytes.max(MIN_BYTES);
        Self {
            out: String::with_capacity(max_bytes.min(CAPACITY)),
            max_bytes,
            reserved,
            depth: settings.max_depth.max(1),
            // Of the root only; it takes no elements.
            frame: Frame {
                container: Container::Array,
                is_empty: true,
                is_cut: false,
            },
            hash_key: settings.hash_key,
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn hash_key(&self) -> &HashKey {
        &self.hash_key
    }

    fn available(&self) -> usize {
        self.max_bytes
            .saturating_sub(self.reserved)
            .saturating_sub(self.out.len())
    }

    pub(super) fn value(&mut self, value: &(impl Record + ?Sized)) {
        self.value_with(|recorder| value.record(recorder));
    }

    /// Exactly one value, whatever `write` does.
    pub(super) fn value_with(&mut self, write: impl FnOnce(Recorder<'_>)) {
        let start = self.out.len();
        write(Recorder::value_of(self));
        if self.out.len() == start {
            self.out.push_str("null");
        }
    }

    /// A value that is already JSON, whole or not at all.
    pub(super) fn whole(&mut self, json: &str) {
        let fits = json.len() <= self.available();
        self.out.push_str(if fits { json } else { MARK });
    }

    /// A number, as `Display` or `Debug` arguments write it.
    pub(super) fn number(&mut self, number: impl Display) {
        self.attempt(|out, _, _| write!(out, "{number}").is_ok());
    }

    /// What `write` appends, if it succeeds and fits; it is told the bytes and the levels left.
    pub(super) fn attempt(&mut self, write: impl FnOnce(&mut String, usize, usize) -> bool) {
        let start = self.out.len();
        let available = self.available();
        if !write(&mut self.out, available, self.depth) || self.out.len() - start > available {
            self.out.truncate(start);
            self.out.push_str(MARK);
        }
    }

    /// The members of the object that `write` appends, if it is one, as members of the open object.
    pub(super) fn attempt_members(
        &mut self,
        write: impl FnOnce(&mut String, usize, usize) -> bool,
    ) {
        if self.frame.is_cut {
            return;
        }
        let start = self.out.len();
        let available = self.available();
        // The object is the open one, and so not a further level.
        if !write(&mut self.out, available, self.depth + 1) || self.out.len() - start > available {
            self.out.truncate(start);
            self.cut();
            return;
        }
        let has_members = self.out[start..].starts_with('{') && self.out.len() - start > 2;
        if has_members {
            let comma = if self.frame.is_empty { "" } else { "," };
            self.out.replace_range(start..=start, comma);
            self.out.pop();
            self.frame.is_empty = false;
        } else {
            self.out.truncate(start);
        }
    }

    /// A string, cut at a character where it does not fit.
    pub(super) fn string(&mut self, text: &str) {
        let kept = prefix(text, self.available().saturating_sub(2));
        self.out.push('"');
        escape(&text[..kept], &mut self.out);
        if kept < text.len() {
            self.out.push(ELLIPSIS);
        }
        self.out.push('"');
    }

    /// An array or object, filled by `fill` unless there is no room or it would be too deep.
    pub(super) fn container(&mut self, container: Container, fill: impl FnOnce(&mut Self)) {
        let (open, close) = container.brackets();
        if self.depth == 0 || self.available() < 1 + container.reserve() {
            self.out.push_str(MARK);
            return;
        }
        let frame = Frame {
            container,
            is_empty: true,
            is_cut: false,
        };
        let outer = std::mem::replace(&mut self.frame, frame);
        self.out.push(open);
        self.reserved += container.reserve();
        self.depth -= 1;
        fill(self);
        self.depth += 1;
        self.reserved -= container.reserve();
        self.out.push(close);
        self.frame = outer;
    }

    /// Whether nothing more goes into the open container.
    pub(super) fn is_cut(&self) -> bool {
        self.frame.is_cut
    }

    /// Marks that something was left out of the open container, which takes nothing more.
    fn cut(&mut self) {
        if !self.frame.is_cut {
            self.comma();
            self.out.push_str(self.frame.container.gap());
            self.frame.is_cut = true;
        }
    }

    fn comma(&mut self) {
        if !self.frame.is_empty {
            self.out.push(',');
        }
        self.frame.is_empty = false;
    }

    /// Whether an element may be written now.
    pub(super) fn begin_element(&mut self) -> bool {
        if !self.frame.is_cut && self.available() > MARK.len() {
            self.comma();
        } else {
            self.cut();
        }
        !self.frame.is_cut
    }

    /// Whether a value may be written now: the key has been.
    pub(super) fn begin_member(&mut self, key: &str) -> bool {
        // The comma, the key's quotes, the colon, and the least that a value takes.
        let room = self.available().checked_sub(4 + MARK.len());
        if !self.frame.is_cut && room.is_some_and(|room| prefix(key, room) == key.len()) {
            self.comma();
            self.out.push('"');
            escape(key, &mut self.out);
            self.out.push_str("\":");
        } else {
            self.cut();
        }
        !self.frame.is_cut
    }
}

/// How much of a text fits into `room` bytes when escaped: all of it, or what leaves room for an
/// ellipsis. Looks at no more than that.
fn prefix(text: &str, room: usize) -> usize {
    // No byte takes more than the six of `\u00xx`: most texts need no closer look.
    if text.len().saturating_mul(6) <= room {
        return text.len();
    }
    let mut width = 0;
    let mut kept = 0;
    for (index, byte) in text.bytes().enumerate() {
        if text.is_char_boundary(index) && width + ELLIPSIS.len_utf8() <= room {
            kept = index;
        }
        width += match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
            0..=0x1f => 6,
            _ => 1,
        };
        if width > room {
            return kept;
        }
    }
    text.len()
}

fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    // What is escaped are single bytes, which are no part of any other character.
    let is_escaped = |byte: u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    while let Some(index) = rest.bytes().position(is_escaped) {
        out.push_str(&rest[..index]);
        match rest.as_bytes()[index] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            control => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                out.push_str("\\u00");
                out.push(char::from(DIGITS[usize::from(control >> 4)]));
                out.push(char::from(DIGITS[usize::from(control & 0xf)]));
            }
        }
        rest = &rest[index + 1..];
    }
    out.push_str(rest);
}
