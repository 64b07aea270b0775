//! What holds for secrets of every form, and for every text.

use proptest::prelude::*;

use super::{Scrubber, scrub};

fn secrets() -> impl Strategy<Value = (&'static str, String)> {
    prop_oneof![
        ("eyJ[A-Za-z0-9_-]{10,40}\\.eyJ[A-Za-z0-9_-]{10,60}\\.[A-Za-z0-9_-]{20,43}")
            .prop_map(|s| ("", s)),
        "(AKIA|ASIA)[A-Z0-9]{16}".prop_map(|s| ("", s)),
        "gh[pousr]_[A-Za-z0-9]{36}".prop_map(|s| ("", s)),
        "xox[bpars]-[0-9]{10,12}-[a-zA-Z0-9]{24}".prop_map(|s| ("", s)),
        "sk-[A-Za-z0-9]{32,48}".prop_map(|s| ("", s)),
        "[A-Za-z0-9+/]{8,40}={0,2}[0-9]".prop_map(|s| ("Bearer ", s)),
        // Without what would make the rest of it the next entry of a list, or the whole of it a word of
        // prose in front of a bracket.
        "[0-9][!-~&&[^\"'`\\\\=:]]{6,30}[A-Za-z0-9]{4}".prop_map(|s| ("password=", s)),
        "[A-Za-z0-9][ -~&&[^\"\\\\]]{6,30}[A-Za-z0-9]"
            .prop_map(|s| ("\"client_secret\": \"", s + "\"")),
        "[A-Za-z0-9][ -~&&[^\"'`\\\\]]{6,30}".prop_map(|s| ("\nAuthorization: ", s + "\n")),
        "[a-z]{3,8}:[A-Za-z0-9/?#:@]{4,12}x@".prop_map(|s| ("postgres://", s + "db.example.com")),
        "[a-z]{3,10}\\.[a-z]{3,10}@[a-z]{3,10}\\.(com|org|de)".prop_map(|s| ("", s)),
        card().prop_map(|s| ("", s)),
    ]
}

fn card() -> impl Strategy<Value = String> {
    (
        "[2-6][0-9]{11,17}",
        prop_oneof![Just(""), Just(" "), Just("-")],
    )
        .prop_map(|(digits, separator)| {
            let sum: u32 = digits
                .bytes()
                .rev()
                .enumerate()
                .map(
                    |(index, b)| match u32::from(b - b'0') * (2 - u32::from(index % 2 == 1)) {
                        doubled @ 10.. => doubled - 9,
                        digit => digit,
                    },
                )
                .sum();
            let all = format!("{digits}{}", (10 - sum % 10) % 10);
            let groups = all.as_bytes().chunks(4).map(String::from_utf8_lossy);
            groups.collect::<Vec<_>>().join(separator)
        })
}

/// The part of the secret that must not be seen.
fn core(secret: &str) -> &str {
    secret
        .trim_end_matches(['"', '\n'])
        .trim_end_matches("db.example.com")
        .trim_end_matches('@')
}

/// Random text, with pieces in it that mean something to the patterns.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "\\PC{0,20}",
        2 => any::<String>(),
        1 => prop::sample::select(vec![
            "password=", "\"token\": ", "\\\"", "\"", "'", "`", "Bearer ", "Authorization: ", "Cookie=", "://",
            "u:p@", "[redacted:jwt]", "[redacted:", "]", "eyJ", "4111 1111 1111 1111", "\n", "\\n", "\u{1b}[31m",
            "\u{202e}", "-----BEGIN PRIVATE KEY-----", "…", "secret", "&", ";x=", "{", "(", "\\", "<password>", "</",
        ]).prop_map(str::to_owned),
        1 => secrets().prop_map(|(before, secret)| format!("{before}{secret}")),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn breaks_the_line(c: char) -> bool {
    let bidi = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || bidi || matches!(c, '\u{2028}' | '\u{2029}')
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_secret_is_in_the_output(
        before in "[A-Za-z ,.äö漢]{0,80} ", (name, secret) in secrets(), after in " [A-Za-z ,.äö漢]{0,80}",
    ) {
        let out = scrub(&format!("{before}{name}{secret}{after}")).into_owned();
        prop_assert!(!out.contains(core(&secret)), "{name}{secret} in {out}");
        prop_assert!(out.contains("[redacted:"), "{name}{secret} in {out}");
    }

    #[test]
    fn no_secret_is_in_the_output_of_a_quoted_text(
        before in "[A-Za-z ,.äö漢]{0,80} ", (name, secret) in secrets(), after in " [A-Za-z ,.äö漢]{0,80}",
    ) {
        let text = format!("{before}{name}{secret}{after}");
        for quoted in [format!("invalid type: string {text:?}, expected u32"), serde_json::json!([text]).to_string()] {
            let out = scrub(&quoted).into_owned();
            prop_assert!(!out.contains(core(&secret)), "{name}{secret} in {out}");
        }
    }

    #[test]
    fn every_text_comes_out_bounded_on_one_line_and_at_rest(text in texts()) {
        let out = scrub(&text).into_owned();
        prop_assert!(out.len() <= Scrubber::MAX_OUTPUT);
        prop_assert!(!out.chars().any(breaks_the_line), "{out:?}");
        let again = scrub(&out);
        prop_assert_eq!(again.as_ref(), out.as_str());
    }
}
