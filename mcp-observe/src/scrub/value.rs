//! The values that a name in front of them gives away as secret.

use std::ops::Range;

use regex::Captures;

use super::extent::{line_end, opening, value};

/// Behind these in a name, the value is about the secret, not the secret.
const HARMLESS: &[&str] = &[
    "izer", "ization", "ize", "ary", "type", "count", "limit", "usage", "length", "len", "url",
    "uri", "endpoint", "expir", "ttl", "budget", "name", "policy", "file", "path", "version",
    "required", "per", "max", "min",
];

/// Words that follow a name and a colon in a sentence, or are no secret as a value.
const WORDS: &[&str] = &[
    "null",
    "none",
    "nil",
    "undefined",
    "true",
    "false",
    "expected",
    "invalid",
    "missing",
    "required",
    "unexpected",
    "unknown",
    "not",
    "no",
    "is",
    "was",
    "are",
    "must",
    "cannot",
    "could",
    "should",
    "has",
    "expired",
    "revoked",
    "failed",
    "found",
    "unsupported",
    "denied",
    "empty",
    "too",
    "error",
    "string",
    "value",
    "field",
    "the",
    "a",
    "an",
    "in",
    "at",
    "of",
    "for",
    "from",
    "and",
    "or",
    "to",
    "with",
    "token",
    "tokens",
    "auth",
    "authentication",
    "authorization",
    "credential",
    "credentials",
    "scheme",
    "header",
    "realm",
    "format",
    "challenge",
    "method",
    "flag",
    "option",
    "argument",
    "only",
];

/// The value of a name that gives it away as secret.
pub(super) fn of_name(text: &str, found: &Captures<'_>) -> Vec<Range<usize>> {
    let suffix = found.name("suffix").map_or("", |suffix| suffix.as_str());
    let about = suffix
        .trim_start_matches(['_', '-', '.'])
        .to_ascii_lowercase();
    if HARMLESS.iter().any(|harmless| about.starts_with(harmless)) {
        return Vec::new();
    }
    named(text, found)
        .filter(|value| {
            // How many tokens there are, as against what one is.
            let value = &text[value.clone()];
            about != "s" || !value.bytes().all(|b| b.is_ascii_digit())
        })
        .into_iter()
        .collect()
}

/// The value of a short name, some of which are words as well: `pass: 3` is none, `pass=3` is.
pub(super) fn of_short_name(text: &str, found: &Captures<'_>) -> Vec<Range<usize>> {
    let name = found.name("name").map_or("", |name| name.as_str());
    let between = found.name("between").map_or("", |between| between.as_str());
    let words = ["pass", "auth", "pin", "sig", "signature"];
    let is_word = words.iter().any(|word| word.eq_ignore_ascii_case(name));
    if is_word && between.trim_start().starts_with([':', '>']) {
        return Vec::new();
    }
    named(text, found).into_iter().collect()
}

fn named(text: &str, found: &Captures<'_>) -> Option<Range<usize>> {
    let between = found.name("between").map_or("", |between| between.as_str());
    let start = found.get_match().end();
    if between == ">" {
        return of_element(text, found);
    }
    let rest = &text[start..];
    // `Token::parse` is a path.
    if between == ":" && rest.starts_with(':') {
        return None;
    }
    let only_quoted = between.contains(',') && !between.ends_with(['=', ':', ' '])
        || between.trim_end().ends_with(',');
    if only_quoted && opening(text, start).is_none() {
        return None;
    }
    let value = value(text, start)?;
    let shown = &text[value.clone()];
    let is_quoted = value.start != start;
    let punctuation = shown.len() <= 2 && !shown.contains(|c: char| c.is_alphanumeric());
    let spared = if is_quoted {
        punctuation && rest.starts_with('`')
    } else {
        is_word(shown) || (punctuation && between.contains(':'))
    };
    (!spared).then_some(value)
}

/// What is between `<password>` and `</password>`.
fn of_element(text: &str, found: &Captures<'_>) -> Option<Range<usize>> {
    let found = found.get_match();
    let before = text[..found.start()]
        .trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "_-:.".contains(c));
    let length = text[found.end()..].find("</")?;
    (before.ends_with('<') && length > 0).then(|| found.end()..found.end() + length)
}

/// The value of a command line's flag.
pub(super) fn of_flag(text: &str, found: &Captures<'_>) -> Vec<Range<usize>> {
    let start = found.get_match().end();
    value(text, start)
        .filter(|value| !is_word(&text[value.clone()]) && !text[start..].starts_with('-'))
        .into_iter()
        .collect()
}

/// The value in quotes that follows the name in a sentence.
pub(super) fn of_quoted(text: &str, found: &Captures<'_>) -> Vec<Range<usize>> {
    let start = found.name("open").map_or(text.len(), |open| open.start());
    value(text, start).into_iter().collect()
}

/// A header's value: to the end of the line, or of the string that the line is in.
pub(super) fn of_header(text: &str, found: &Captures<'_>) -> Vec<Range<usize>> {
    let start = found.get_match().end();
    let between = found.name("between").map_or("", |between| between.as_str());
    let value = if opening(text, start).is_some() {
        value(text, start)
    } else if between == ">" {
        of_element(text, found)
    } else if between.trim_end().ends_with(',') {
        None
    } else {
        let end = line_end(text, start);
        (start < end).then_some(start..end)
    };
    value.into_iter().collect()
}

/// A bearer token, unless it is the next word of a sentence.
pub(super) fn of_bearer(_: &str, found: &Captures<'_>) -> Vec<Range<usize>> {
    let Some(token) = found.name("s") else {
        return Vec::new();
    };
    let in_prose = found.name("token").is_some() && is_lowercase_word(token.as_str());
    if in_prose || is_word(token.as_str()) {
        return Vec::new();
    }
    vec![token.range()]
}

fn is_lowercase_word(text: &str) -> bool {
    text.len() < 16 && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'.')
}

/// Basic credentials: Base64, which no word looks like.
pub(super) fn of_basic(_: &str, found: &Captures<'_>) -> Vec<Range<usize>> {
    let Some(token) = found.name("s") else {
        return Vec::new();
    };
    let letters = token.as_str().trim_matches('-');
    let rest = letters.get(1..).unwrap_or_default();
    let is_word = letters
        .bytes()
        .all(|b| b.is_ascii_alphabetic() || b == b'-')
        && (!rest.bytes().any(|b| b.is_ascii_uppercase())
            || !letters.bytes().any(|b| b.is_ascii_lowercase()));
    if is_word {
        return Vec::new();
    }
    vec![token.range()]
}

fn is_word(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| c.is_ascii_punctuation());
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}
