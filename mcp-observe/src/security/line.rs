//! An event as a line of JSON.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;

use super::event::Event;
use super::text;
use crate::error_class::ErrorClass;

/// The version of the schema. Minor versions add keys, and change none.
const SCHEMA_VERSION: &str = "1.0";

/// Longest strings, in bytes, before anything is escaped.
const MAX_TOOL: usize = 256;
const MAX_SUBJECT: usize = 256;
const MAX_SESSION: usize = 128;
const MAX_CLIENT_NAME: usize = 128;
const MAX_MESSAGE: usize = 1_024;

/// Appends the event, with the newline.
pub(super) fn push(line: &mut String, event: &Event<'_>, at: SystemTime) {
    line.push_str("{\"timestamp\":\"");
    timestamp(line, at);
    line.push_str("\",\"schema.version\":\"");
    line.push_str(SCHEMA_VERSION);
    line.push('"');
    // What this crate itself says needs no escapes.
    constant(line, "event.category", event.category.as_str());
    if let Some(method) = event.method {
        constant(line, "mcp.method.name", method.as_str());
    }
    string(line, "mcp.tool.name", event.tool, MAX_TOOL);
    if !event.tags.is_empty() {
        key(line, "mcp.tool.tags");
        let mut before = '[';
        for tag in event.tags.names() {
            line.push(before);
            line.push('"');
            line.push_str(tag);
            line.push('"');
            before = ',';
        }
        line.push(']');
    }
    if let Some(hash) = event.unknown {
        key(line, "mcp.unknown.hash");
        let _ = write!(line, "\"{hash}\"");
    }
    string(line, "usr.id", event.subject, MAX_SUBJECT);
    string(line, "mcp.session.id", event.session, MAX_SESSION);
    string(line, "mcp.client.name", event.client_name, MAX_CLIENT_NAME);
    if let Some(ip) = event.client_ip {
        address(line, ip);
    }
    key(line, "http.status");
    line.push_str(itoa::Buffer::new().format(event.http_status));
    key(line, "duration_ms");
    milliseconds(line, event.duration);
    constant(line, "status", event.status.as_str());
    string(
        line,
        "error.kind",
        event.error.map(ErrorClass::as_str),
        MAX_TOOL,
    );
    string(line, "error.message", event.message, MAX_MESSAGE);
    if let Some(trace) = event.trace {
        key(line, "trace_id");
        hex(line, trace.trace_id.to_bytes());
        key(line, "span_id");
        hex(line, trace.span_id.to_bytes());
    }
    line.push_str("}\n");
}

fn key(line: &mut String, key: &str) {
    line.push_str(",\"");
    line.push_str(key);
    line.push_str("\":");
}

fn constant(line: &mut String, name: &str, value: &str) {
    key(line, name);
    line.push('"');
    line.push_str(value);
    line.push('"');
}

fn string(line: &mut String, name: &str, value: Option<&str>, max: usize) {
    if let Some(value) = value {
        key(line, name);
        text::push(line, value, max);
    }
}

/// An IPv4 address in IPv6's clothes, as a socket for both has it, is an IPv4 address.
fn address(line: &mut String, ip: IpAddr) {
    key(line, "network.client.ip");
    let _ = write!(line, "\"{}\"", ip.to_canonical());
}

/// Two lower-case digits a byte. Every line has 48 of them, and the formatter of integers is slow.
fn hex<const BYTES: usize>(line: &mut String, bytes: [u8; BYTES]) {
    let digit = |value: u8| text::DIGITS[usize::from(value)];
    let digits = bytes.map(|byte| [digit(byte >> 4), digit(byte & 0xF)]);
    line.push('"');
    // All at once: to look whether there is room takes longer than a digit.
    line.push_str(str::from_utf8(digits.as_flattened()).unwrap_or_default());
    line.push('"');
}

/// Three decimals: microseconds.
fn milliseconds(line: &mut String, duration: Duration) {
    let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    let mut digits = itoa::Buffer::new();
    line.push_str(digits.format(micros / 1_000));
    line.push('.');
    // The thousand keeps the zeros in front, and goes.
    line.push_str(&digits.format(1_000 + micros % 1_000)[1..]);
}

/// RFC 3339 in UTC, with microseconds.
fn timestamp(line: &mut String, at: SystemTime) {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(6));
    // What a clock may say beyond the year 9999 is no time.
    let at = Timestamp::try_from(at).unwrap_or(Timestamp::UNIX_EPOCH);
    // Writing to a string does not fail.
    let _ = PRINTER.print_timestamp(&at, line);
}
