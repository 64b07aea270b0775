//! Where a value ends.
//!
//! A value in quotes ends at the quote that closes it, however often the quotes are escaped. One without
//! ends at a space, and at a comma or an ampersand only if another entry follows: better to redact too
//! much than to leave the rest of a secret that contains one.

use std::ops::Range;

use super::kind;

/// The value that starts there, without its quotes.
pub(super) fn value(text: &str, start: usize) -> Option<Range<usize>> {
    let value = match opening(text, start) {
        Some((quote, at)) => {
            let inner = quote + 1;
            inner..quoted_end(text, inner, quote - at)
        }
        None => start..unquoted_end(text, start),
    };
    (!value.is_empty()).then_some(value)
}

/// The quote that opens there, and where its backslashes start: behind `&`, or the prefix of a byte
/// string or a raw one.
pub(super) fn opening(text: &str, start: usize) -> Option<(usize, usize)> {
    let bytes = &text.as_bytes()[start..];
    let prefix = bytes
        .iter()
        .take(3)
        .take_while(|b| b"bruBRU#&*".contains(b))
        .count();
    let backslashes = bytes[prefix..].iter().take_while(|b| **b == b'\\').count();
    let quote = bytes.get(prefix + backslashes)?;
    is_quote(*quote).then_some((start + prefix + backslashes, start + prefix))
}

fn is_quote(b: u8) -> bool {
    matches!(b, b'"' | b'\'' | b'`')
}

/// Where the string ends that was opened in front of `inner` by a quote with so many backslashes.
fn quoted_end(text: &str, inner: usize, opening: usize) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes[inner - 1];
    let mut backslashes = 0;
    for at in inner..bytes.len() {
        let b = bytes[at];
        if b == b'\\' {
            backslashes += 1;
            continue;
        }
        if b == quote {
            // Fewer: it closes the string around this one. As many, and pairs of escaped backslashes
            // of the value itself in front of them: it closes this one.
            let closes =
                backslashes < opening || (backslashes - opening).is_multiple_of(2 * (opening + 1));
            let apostrophe = b == b'\''
                && bytes
                    .get(at + 1)
                    .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'\'');
            if closes && !apostrophe {
                return at - backslashes.min(opening);
            }
        }
        backslashes = 0;
    }
    text.len()
}

fn unquoted_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (start, 0_usize);
    while at < bytes.len() {
        let b = bytes[at];
        let after = &bytes[at + 1..];
        let stops = match b {
            b'\\' | b'"' | b'\'' | b'`' if depth > 0 => {
                at = behind_string(text, at);
                continue;
            }
            b'\\' => {
                let run = after.iter().take_while(|b| **b == b'\\').count();
                let (next, after) = after[run..].split_first().unwrap_or((&0, &[]));
                let stops = match next {
                    b'n' | b'r' | b't' => ends_entry(after),
                    next => is_quote(*next) && ends_string(after),
                };
                if !stops {
                    at += run + usize::from(is_quote(*next));
                }
                stops
            }
            b'(' | b'[' | b'{' => {
                depth += 1;
                false
            }
            b')' | b']' | b'}' if depth > 0 => {
                depth -= 1;
                false
            }
            _ if depth > 0 => false,
            b'"' | b'\'' | b'`' | b')' | b']' | b'}' | b'>' => ends_string(after),
            b'<' => after.first() == Some(&b'/'),
            b'&' | b';' | b',' | b'|' => ends_entry(after),
            _ => b.is_ascii_whitespace(),
        };
        if stops {
            return at;
        }
        at += 1;
    }
    text.len()
}

/// Behind the string that is opened there, or behind the backslashes if none is.
fn behind_string(text: &str, at: usize) -> usize {
    let backslashes = |at: usize| {
        let rest = &text.as_bytes()[at..];
        rest.iter().take_while(|b| **b == b'\\').count()
    };
    match opening(text, at) {
        Some((quote, from)) => {
            let end = quoted_end(text, quote + 1, quote - from);
            (end + backslashes(end) + 1).min(text.len())
        }
        None => at + backslashes(at).max(1),
    }
}

/// Whether a string or a group that may have ended in front of this has.
fn ends_string(after: &[u8]) -> bool {
    let closing = |b: &&u8| b"\"'`)]}>".contains(b);
    // Not more of them, so that many in a row are not gone through for each.
    let closed = after.iter().take(8).take_while(closing).count();
    let (next, after) = after[closed..].split_first().unwrap_or((&b' ', &[]));
    match next {
        b',' | b';' | b'&' | b'|' => ends_entry(after),
        b'.' | b':' => after.first().is_none_or(u8::is_ascii_whitespace),
        b'<' => after.first() == Some(&b'/'),
        next => next.is_ascii_whitespace() || b"\\\"'`)]}>".contains(next),
    }
}

/// Whether another entry of a list starts here, or nothing more comes.
fn ends_entry(after: &[u8]) -> bool {
    let Some(first) = after.first() else {
        return true;
    };
    if first.is_ascii_whitespace() || b"\"'`\\)]}{".contains(first) {
        return true;
    }
    let in_name = |b: &&u8| b.is_ascii_alphanumeric() || b"_-.$[]".contains(b);
    let (name, rest) = after.split_at(after.iter().take_while(in_name).count());
    let starts_well = first.is_ascii_alphabetic() || b"_$".contains(first);
    starts_well
        && !name.is_empty()
        && (rest.starts_with(b"=") || rest.starts_with(b":") || rest.starts_with(b"%3"))
}

/// Where the value of a header ends.
pub(super) fn line_end(text: &str, start: usize) -> usize {
    if let Some(length) = kind::marker_at_start(&text[start..]) {
        return unquoted_end(text, start + length);
    }
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        let b = bytes[at];
        if b == b'\n' {
            return at;
        }
        if b == b'\\' || is_quote(b) {
            match opening(text, at) {
                // A parameter's value, as digest authentication has them.
                Some(_) if at > start && bytes[at - 1] == b'=' => {
                    at = behind_string(text, at);
                    continue;
                }
                Some((quote, _)) if ends_string(&bytes[quote + 1..]) => return at,
                Some((quote, _)) => at = quote,
                None if matches!(bytes.get(at + 1), Some(b'n' | b'r')) => return at,
                None => at = behind_string(text, at) - 1,
            }
        }
        at += 1;
    }
    text.len()
}
