//! What is redacted, what stays, and what holds for every text.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::{ScrubError, Scrubber, kind};
use cases::{NEGATIVES, POSITIVES};

mod cases;
mod masks;
mod properties;

fn scrub(text: &str) -> Cow<'_, str> {
    static DEFAULT: LazyLock<Scrubber> = LazyLock::new(Scrubber::default);
    DEFAULT.scrub(text)
}

fn check(kind: &str, text: &str, secret: &str) {
    let out = scrub(text);
    assert!(
        out.contains(&format!("[redacted:{kind}]")),
        "{text:?}\n became {out:?}"
    );
    assert!(!out.contains(secret), "{text:?}\n became {out:?}");
    assert_eq!(
        out.matches("kept").count(),
        text.matches("kept").count(),
        "{text:?}\n became {out:?}"
    );
    assert_eq!(scrub(&out), out, "not at rest");
}

#[test]
fn secrets_are_redacted() {
    for (kind, around, secret) in POSITIVES {
        check(kind, &around.replace("{}", secret), secret);
    }
}

/// As a serializer writes them, and as serde's errors quote a string.
#[test]
fn secrets_are_redacted_in_quoted_texts() {
    for (kind, around, secret) in POSITIVES {
        let text = around.replace("{}", secret);
        let json = serde_json::to_string(&serde_json::json!({ "message": text, "other": "kept" }));
        let json = json.unwrap_or_default();
        let debug = format!("invalid type: string {text:?}, expected u32 at line 1 column 5");
        for quoted in [&json, &debug, &format!("{json:?}")] {
            let out = scrub(quoted);
            assert!(
                out.contains("[redacted:"),
                "{kind}: {quoted}\n became {out}"
            );
            for word in [
                "hunter", "abc", "MIIE", "b3Bl", "dXNl", "ter,2", "Mufasa", "a3fWa", "4eC39",
                "IOSF", "wJal", "4111 1", "16C7e",
            ] {
                assert!(
                    !secret.contains(word) || !out.contains(word),
                    "{quoted}\n became {out}"
                );
            }
            assert_eq!(scrub(&out), out, "not at rest");
        }
    }
}

#[test]
fn what_surrounds_a_secret_stays() {
    for (text, expected) in [
        (
            "invalid type: string \"Bearer abc123\", expected u32 at line 1 column 5",
            "invalid type: string \"Bearer [redacted:bearer]\", expected u32 at line 1 column 5",
        ),
        (
            "invalid type: string \"Authorization: Bearer abc\", expected u32",
            "invalid type: string \"Authorization: [redacted:authorization]\", expected u32",
        ),
        (
            "card 4111\u{a0}1111\u{a0}1111\u{a0}1111.",
            "card [redacted:card].",
        ),
        (
            "postgres://u:p@db.example.com:5432/app?sslmode=require refused",
            "postgres://[redacted:url-credentials]@db.example.com:5432/app?sslmode=require refused",
        ),
        (
            "string \"{\\\"password\\\":\\\"hunter2\\\",\\\"n\\\":1}\", expected",
            "string \"{\\\"password\\\":\\\"[redacted:secret]\\\",\\\"n\\\":1}\", expected",
        ),
        (
            "Host: a\nAuthorization: x y\nAccept: b",
            "Host: a Authorization: [redacted:authorization] Accept: b",
        ),
    ] {
        assert_eq!(scrub(text), expected);
    }
}

#[test]
fn other_texts_stay() {
    for text in NEGATIVES {
        assert!(
            matches!(scrub(text), Cow::Borrowed(same) if same == *text),
            "{text} became {}",
            scrub(text)
        );
    }
}

/// A marker that someone else wrote does not shield what is next to it.
#[test]
fn a_marker_shields_nothing() {
    let text = "password=[redacted:jwt]hunter2";
    assert_eq!(scrub(text), "password=[redacted:secret]");
}

/// What is not seen hides nothing.
#[test]
fn names_with_unseen_characters_are_recognised() {
    assert_eq!(
        scrub("pa\u{200b}ssword=hun\u{202e}ter2"),
        "password=[redacted:secret]"
    );
}

#[test]
fn the_text_becomes_one_line() {
    assert_eq!(
        scrub("a\r\nb\0c\u{1b}[1;31md\u{202e}e\u{2066}f\u{2028}g\u{9}h"),
        "a  b c def g h"
    );
    assert_eq!(Scrubber::empty().scrub("a\nb password=x"), "a b password=x");
}

#[test]
fn the_output_is_cut_and_says_so() {
    let text = "ä".repeat(600);
    let out = scrub(&text);
    assert!(
        out.len() <= Scrubber::MAX_OUTPUT && out.ends_with('…'),
        "{out}"
    );
    // A marker across the cut goes whole.
    for length in 980..1030 {
        let text = format!("{} password=hunter2 {}", "x".repeat(length), "y".repeat(50));
        let out = scrub(&text);
        assert_eq!(
            out.matches("[redacted").count(),
            kind::markers(&out).len(),
            "{out}"
        );
        assert!(!out.contains("hunter") && out.len() <= Scrubber::MAX_OUTPUT);
    }
    // What is no card as part of a longer number is none once the number is cut.
    let text = format!("{} 41111111111111112345678", "x".repeat(1004));
    assert!(!scrub(&text).contains("4111111111111111"));
}

/// What is behind the bound is not looked at: the text might as well be endless.
#[test]
fn only_the_first_bytes_are_looked_at() {
    for unit in [
        "a",
        "1",
        "://a:",
        "password=",
        "\"",
        "\\",
        "eyJ",
        "[redacted:",
        "@",
        "(",
        "=\"",
        "-----BEGIN PRIVATE KEY-----",
        "é",
        "1 ",
        "A1",
    ] {
        let start = unit.repeat(Scrubber::MAX_INPUT / unit.len() + 1);
        let text = start.clone() + &unit.repeat(1_000_000 / unit.len());
        let other = start + &"Z \n".repeat(300_000);
        assert_eq!(scrub(&text), scrub(&other), "{unit}");
        assert!(scrub(&text).len() <= Scrubber::MAX_OUTPUT);
    }
}

/// Wherever the bound cuts through a secret, no part of it is shown, though all in front of it is
/// redacted to so little that there is room.
#[test]
fn a_secret_at_the_bound_is_not_shown() {
    let filling = format!("password={} ", "x".repeat(1000)).repeat(8);
    for (_, around, secret) in POSITIVES {
        let text = around.replace("{}", secret);
        let room = Scrubber::MAX_INPUT - filling.len();
        for before in (room - 90..room).step_by(9) {
            let long = format!(
                "{filling}{} {text} {}",
                "y".repeat(before),
                "z ".repeat(500)
            );
            let out = scrub(&long);
            assert!(
                !out.contains(&secret[..secret.len().min(8)]) || secret.starts_with("-----"),
                "{out}"
            );
        }
    }
}

#[test]
fn patterns_of_ones_own_are_used() -> Result<(), ScrubError> {
    let scrubber = Scrubber::empty()
        .with_pattern(r"(?i)acme-\d+")?
        .with_pattern("redacted|x")?;
    assert_eq!(
        scrubber.scrub("ACME-12, password=1"),
        "[redacted:custom], password=1"
    );
    assert_eq!(
        format!("{scrubber:?}"),
        "Scrubber { built_in: false, custom: 2 }"
    );
    // One that finds its own markers comes to rest all the same.
    for pattern in ["^.", ".$", r"\[", "[a-z]", ".", "redacted", r"\](.|$)"] {
        let scrubber = Scrubber::default().with_pattern(pattern)?;
        for text in [
            "abc x def",
            "[redacted:text]",
            "[redacted:jwt] [",
            "a\nb",
            "…",
        ] {
            let out = scrubber.scrub(text).into_owned();
            assert_eq!(scrubber.scrub(&out), out, "{pattern} in {text}");
        }
    }
    Ok(())
}

#[test]
fn patterns_are_refused_with_a_reason() {
    for (pattern, message) in [
        ("a(b", "the pattern \"a(b\" cannot be used: unclosed group"),
        (
            r"\w{999}",
            "the pattern \"\\\\w{999}\" cannot be used: Compiled regex exceeds size limit of 1048576 bytes.",
        ),
        (
            "a*",
            "the pattern \"a*\" matches the empty text, so that it would redact nothing",
        ),
    ] {
        let error = Scrubber::default().with_pattern(pattern).map(|_| ());
        assert_eq!(
            error.map_err(|error| error.to_string()),
            Err(message.to_owned())
        );
    }
}
