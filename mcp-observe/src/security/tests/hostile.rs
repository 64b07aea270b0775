//! Strings that callers choose: whatever they are, one event is one line that parses, shows what was
//! sent up to a bound, and does nothing to who reads it.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{BOUND, Written, call, parsed, record, telemetry};
use crate::error_class::ErrorClass;
use crate::operation::outcome::Status;
use crate::security::{Category, Event, SecurityLog};

/// The strings of an event, with their bounds in bytes.
const STRINGS: [(&str, usize); 5] = [
    ("mcp.tool.name", 256),
    ("usr.id", 256),
    ("mcp.session.id", 128),
    ("mcp.client.name", 128),
    ("error.message", 1_024),
];

fn line(strings: &[String; 5]) -> String {
    let [tool, subject, session, client_name, message] = strings.each_ref().map(|it| Some(&**it));
    let written = Written::default();
    let telemetry = telemetry(SecurityLog::builder().writer(written.clone()));
    let event = Event {
        tool,
        subject,
        session,
        client_name,
        message,
        duration: Duration::from_millis(3),
        error: Some(ErrorClass::TIMEOUT),
        ..Event::new(Category::ToolCall, 504, Status::Error)
    };
    record(&telemetry, &event);
    telemetry.shutdown(BOUND).expect("it can be written");
    written.text()
}

/// What could be taken for something else than a character of a string.
fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(
            character as u32,
            0x061C | 0x200E | 0x200F | 0x202A..=0x202E | 0x2066..=0x2069 | 0x2028 | 0x2029 | 0xFEFF
        )
}

fn check(strings: &[String; 5]) -> Result<(), TestCaseError> {
    let text = line(strings);
    let line = text.strip_suffix('\n').expect("a whole line");
    prop_assert!(!line.contains(is_dangerous), "{:?}", line);
    // Longest: every byte of every string as `\u0000`.
    prop_assert!(line.len() < 12_000, "{} bytes", line.len());
    let mut event: Map<String, Value> = parsed(line);
    for ((key, max), sent) in STRINGS.into_iter().zip(strings) {
        let logged = event.remove(key).expect("it is there");
        let logged = logged.as_str().expect("a string");
        prop_assert!(logged.len() <= max, "{}: {} bytes", key, logged.len());
        prop_assert!(
            sent.starts_with(logged),
            "{}: {:?} of {:?}",
            key,
            logged,
            sent
        );
        prop_assert!(
            logged.len() + 4 > max || logged == sent,
            "{} is cut too early",
            key
        );
    }
    let rest = serde_json::to_string(&event).expect("JSON");
    prop_assert_eq!(
        rest,
        concat!(
            r#"{"duration_ms":3.0,"error.kind":"timeout","event.category":"mcp.tool_call","#,
            r#""http.status":504,"schema.version":"1.0","status":"error","#,
            r#""timestamp":"2026-11-24T20:57:13.012345Z"}"#
        )
    );
    Ok(())
}

fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        // Any character at all.
        any::<char>().prop_map(String::from),
        any::<String>(),
        // What lines, JSON and terminals are made of.
        prop::sample::select(vec![
            "\n",
            "\r\n",
            "\0",
            "\u{1b}[2J\u{1b}[31m",
            "\u{9b}1m",
            "\u{7f}",
            "\u{85}",
            "\u{2028}",
            "\u{2029}",
            "\u{202e}gpj.exe",
            "\u{2066}",
            "\u{61c}",
            "\u{200f}",
            "\u{feff}",
            "\"",
            "\\",
            "\\u0000",
            "\\\"",
            "\"}\n{\"event.category\":\"mcp.alert\"}\n",
            "ü",
            "漢",
            "🦀",
            "e\u{301}",
            "</script>",
        ])
        .prop_map(str::to_owned),
        // UTF-8 that is none, and surrogates alone, as they get here: rmcp has strings, and what makes
        // strings of them replaces what they cannot have.
        prop::collection::vec(any::<u8>(), 0..40)
            .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        prop::collection::vec(0xD700u16..0xE100, 0..20)
            .prop_map(|it| String::from_utf16_lossy(&it)),
        // Longer than any bound, so that it is cut, perhaps within a character.
        ("[\u{1}-\u{2040}]{1,3}", 1usize..700).prop_map(|(text, times)| text.repeat(times)),
    ];
    prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn one_event_is_one_line_whatever_is_in_it(strings in prop::array::uniform5(hostile())) {
        check(&strings)?;
    }
}

#[test]
fn ten_megabytes_in_every_string_are_one_short_line() {
    for unit in ["a", "\n", "\u{202e}", "🦀", "\"\\"] {
        let strings = std::array::from_fn(|_| unit.repeat(10_000_000 / unit.len()));
        check(&strings).expect("it holds");
    }
}

/// Every character that there is.
#[test]
fn no_dangerous_character_is_written_as_it_is() {
    let written = Written::default();
    let log = SecurityLog::builder().writer(written.clone());
    let telemetry = telemetry(log.queue(usize::MAX, usize::MAX));
    let all: Vec<char> = ('\0'..=char::MAX).collect();
    let chunks: Vec<String> = all.chunks(60).map(|it| it.iter().collect()).collect();
    for chunk in &chunks {
        record(&telemetry, &call(chunk));
    }
    telemetry.flush(BOUND).expect("it can be written");
    assert_eq!(written.tools(), chunks);
    let text = written.text().replace('\n', "");
    assert!(!text.contains(is_dangerous));
}
