//! What the masks for elsewhere take out of the same texts.

use std::sync::LazyLock;

use regex::Regex;

use super::super::Scrubber;
use super::cases::{MASKED_ALL_THE_SAME, NEGATIVES, POSITIVES};

fn mask(text: &str) -> String {
    static MASKS: LazyLock<Vec<(Regex, String)>> = LazyLock::new(|| {
        let masks = Scrubber::masks().into_iter().map(|mask| {
            // As Go has it: a boundary of ASCII.
            let pattern = mask.pattern.replace(r"\b", r"(?-u:\b)");
            let regex = Regex::new(&pattern);
            let regex = regex.unwrap_or_else(|error| panic!("{pattern}: {error}"));
            (regex, mask.replacement)
        });
        masks.collect()
    });
    let masks = MASKS.iter();
    masks.fold(text.to_owned(), |text, (regex, replacement)| {
        regex.replace_all(&text, replacement).into_owned()
    })
}

#[test]
fn secrets_are_masked() {
    for (kind, around, secret) in POSITIVES {
        let text = around.replace("{}", secret);
        let masked = mask(&text);
        assert!(
            !masked.contains(secret),
            "{kind}: {text:?}\n became {masked:?}"
        );
        assert!(
            masked.contains("[redacted:"),
            "{kind}: {text:?}\n became {masked:?}"
        );
    }
}

#[test]
fn secrets_are_masked_in_quoted_texts() {
    for (kind, around, secret) in POSITIVES {
        let text = around.replace("{}", secret);
        let json = serde_json::json!({ "message": text, "other": "kept" }).to_string();
        let debug = format!("invalid type: string {text:?}, expected u32 at line 1 column 5");
        for quoted in [&json, &debug, &format!("{json:?}")] {
            let masked = mask(quoted);
            for word in [
                "hunter", "abc", "MIIE", "b3Bl", "dXNl", "ter,2", "Mufasa", "a3fWa", "4eC39",
                "IOSF", "wJal", "4111 1", "16C7e",
            ] {
                assert!(
                    !secret.contains(word) || !masked.contains(word),
                    "{kind}: {quoted}\n became {masked}"
                );
            }
        }
    }
}

#[test]
fn other_texts_stay() {
    for text in NEGATIVES {
        let is_masked = mask(text) != *text;
        let expected = MASKED_ALL_THE_SAME.contains(text);
        assert_eq!(is_masked, expected, "{text} became {}", mask(text));
    }
}

/// What RE2 and this engine read differently, or RE2 does not know, is not used.
#[test]
fn the_patterns_mean_the_same_in_re2() {
    for mask in Scrubber::masks() {
        let pattern = &mask.pattern;
        for different in [
            r"\w", r"\d", r"\s", r"\B", "-u:", "(?P<", "(?=", "(?!", "(?<", "&&", r"\p",
        ] {
            assert!(!pattern.contains(different), "{different} in {pattern}");
        }
    }
}
