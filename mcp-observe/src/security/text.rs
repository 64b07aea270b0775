//! Strings of callers' choosing, in a line of JSON: bounded, and harmless to whoever reads the line,
//! be it a parser, a terminal, or a person.

/// Hexadecimal, in lower case.
pub(super) const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Appends the text as a JSON string, cut to `max` bytes where a character starts. Beyond what JSON
/// wants escaped, all characters are that control a terminal, the direction of writing, or lines.
pub(super) fn push(line: &mut String, text: &str, max: usize) {
    line.push('"');
    let mut rest = bounded(text, max);
    while let Some((at, escaped)) = rest.char_indices().find(|(_, it)| is_escaped(*it)) {
        line.push_str(&rest[..at]);
        escape(line, escaped);
        rest = &rest[at + escaped.len_utf8()..];
    }
    line.push_str(rest);
    line.push('"');
}

/// The text's first `max` bytes, or a few less, so that no character is cut.
fn bounded(text: &str, max: usize) -> &str {
    let mut end = max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn is_escaped(character: char) -> bool {
    matches!(
        character,
        '"' | '\\'
            // C0, DEL and C1.
            | '\0'..='\x1F'
            | '\x7F'..='\u{9F}'
            // What changes the direction of writing.
            | '\u{61C}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            // What some readers take for the end of a line.
            | '\u{2028}'
            | '\u{2029}'
            // A byte order mark, which is not to be seen.
            | '\u{FEFF}'
    )
}

fn escape(line: &mut String, character: char) {
    match character {
        '"' => line.push_str("\\\""),
        '\\' => line.push_str("\\\\"),
        '\n' => line.push_str("\\n"),
        '\r' => line.push_str("\\r"),
        '\t' => line.push_str("\\t"),
        // All others are of the basic plane.
        other => {
            line.push_str("\\u");
            for shift in [12, 8, 4, 0] {
                let digit = (u32::from(other) >> shift) & 0xF;
                line.push(char::from(DIGITS[digit as usize]));
            }
        }
    }
}
