//! An alert as one line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::{Alert, AlertKey, Evidence};
use crate::rule::{Rule, Severity};
use crate::timestamp::Timestamp;

#[derive(Serialize)]
struct Line<'a> {
    timestamp: Timestamp,
    #[serde(rename = "schema.version")]
    schema_version: &'static str,
    #[serde(rename = "event.category")]
    category: &'static str,
    #[serde(rename = "rule.id")]
    rule: Rule,
    #[serde(rename = "rule.name")]
    name: &'static str,
    #[serde(rename = "rule.severity")]
    severity: Severity,
    #[serde(flatten)]
    key: &'a AlertKey,
    evidence: &'a Evidence,
}

/// With its end.
pub(super) fn line(alert: &Alert) -> Vec<u8> {
    let mut line = Vec::with_capacity(512);
    let written = Line {
        timestamp: alert.time,
        schema_version: "1.0",
        category: "mcp.alert",
        rule: alert.rule,
        name: alert.rule.title(),
        severity: alert.severity,
        key: &alert.key,
        evidence: &alert.evidence,
    }
    .serialize(&mut Serializer::with_formatter(&mut line, OneLine));
    debug_assert!(written.is_ok(), "memory takes every line");
    line.push(b'\n');
    line
}

/// Compact JSON, in which nothing moves a terminal's cursor or turns the reading direction around.
struct OneLine;

impl Formatter for OneLine {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut plain = 0;
        for (at, character) in fragment.char_indices().filter(|(_, c)| is_hidden(*c)) {
            writer.write_all(&fragment.as_bytes()[plain..at])?;
            write!(writer, "\\u{:04x}", u32::from(character))?;
            plain = at + character.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[plain..])
    }
}

/// Beyond what JSON itself escapes.
fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{7F}'..='\u{9F}'
            | '\u{61C}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}'
    )
}
