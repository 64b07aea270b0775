//! Bounds and one-line form of a text, whatever is in it.

use std::borrow::Cow;

/// Before the bound of the input, bytes that serve to recognise what is in front of them and are not
/// shown: a secret that the bound cuts through begins in them, unless it is longer.
const MARGIN: usize = 256;

const ELLIPSIS: &str = "…";

/// The first `max` bytes, cut at a character.
pub(super) fn prefix(text: &str, max: usize) -> &str {
    &text[..floor(text, max)]
}

/// How much of a text may be shown that goes on behind its end: up to a space, since what the end cuts
/// through cannot be recognised.
pub(super) fn shown_of_cut(text: &str) -> usize {
    let end = floor(text, text.len().saturating_sub(MARGIN));
    text[..end].rfind(char::is_whitespace).unwrap_or(0)
}

/// Removes what is not seen and sets spaces for control characters. Line feeds stay, since some values
/// end there.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c == '\u{1b}' || form(c) != Form::Seen) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("\u{1b}[") {
            clean.push(' ');
            rest = after.trim_start_matches(|c: char| matches!(c, '\u{20}'..='\u{3f}'));
            rest = rest
                .strip_prefix(|c: char| matches!(c, '\u{40}'..='\u{7e}'))
                .unwrap_or(rest);
            continue;
        }
        match form(c) {
            Form::Seen => clean.push(c),
            Form::LineEnd => clean.push('\n'),
            Form::Space => clean.push(' '),
            Form::Hidden => {}
        }
        rest = &rest[c.len_utf8()..];
    }
    Cow::Owned(clean)
}

#[derive(PartialEq)]
enum Form {
    Seen,
    LineEnd,
    Space,
    Hidden,
}

fn form(c: char) -> Form {
    match c {
        '\n' => Form::Seen,
        '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Form::LineEnd,
        // Formatting that is not seen: within a secret it would hide it from the patterns, so that it
        // goes without leaving a space.
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => Form::Hidden,
        c if c.is_control() => Form::Space,
        _ => Form::Seen,
    }
}

/// Adds an ellipsis, within `max` bytes; what has to go for it goes with the whole marker it is in.
pub(super) fn cut(text: &mut String, max: usize) {
    let mut end = floor(text, max - ELLIPSIS.len());
    if let Some(marker) = super::kind::markers(text)
        .into_iter()
        .find(|marker| marker.start < end && end < marker.end)
    {
        end = marker.start;
    }
    text.truncate(end);
    if !text.ends_with(ELLIPSIS) {
        text.push_str(ELLIPSIS);
    }
}

fn floor(text: &str, max: usize) -> usize {
    if text.len() <= max {
        return text.len();
    }
    (0..=max)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}
