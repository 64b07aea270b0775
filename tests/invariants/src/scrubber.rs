//! Free text through the scrubber: bounded, one line, at rest, and without the secrets that are planted in
//! it; and through the masks that do the same elsewhere.

use std::sync::LazyLock;

use mcp_observe::Scrubber;
use regex::Regex;

use crate::texts;

/// Secrets that their form alone gives away, whatever is around them. Written apart, so that no scanner
/// takes this file for a leak.
const SECRETS: [&str; 5] = [
    concat!(
        "eyJhbGciOiJIUzI1NiJ9",
        ".eyJzdWIiOiIxMjM0In0",
        ".dozjgNryP4J3jVmNHl0w5N_X"
    ),
    concat!("AKIA", "IOSFODNN7EXAMPLE"),
    concat!("ghp", "_16C7e42F292c6912E7710c838347Ae178B4a"),
    concat!("sk", "-proj-4eC39HqLyjWDarjtT1zdp7dc4eC39HqLyjWD"),
    concat!("xoxb", "-123456789012-AbCdEfGhIjKlMnOpQrStUvWx"),
];

/// Longest pattern that is tried: longer ones only take longer to compile.
const LONGEST_PATTERN: usize = 256;

/// Reads the input as a text, one that a secret is planted behind, what follows that, and a pattern.
///
/// # Panics
/// If the invariant does not hold.
pub fn hold(input: &[u8]) {
    let [text, before, after, pattern] = texts::read(input);
    check(&text);
    check_planted(&before, &after);
    check_with_pattern(&pattern, &text);
}

/// # Panics
/// If what is made of the text is too long, more than one line, or would be changed once more.
pub fn check(text: &str) {
    check_with(&DEFAULT, text);
    check_with(&Scrubber::empty(), text);
}

static DEFAULT: LazyLock<Scrubber> = LazyLock::new(Scrubber::default);

fn check_with(scrubber: &Scrubber, text: &str) {
    let out = scrubber.scrub(text);
    assert!(out.len() <= Scrubber::MAX_OUTPUT, "{out:?}");
    assert!(!out.contains(breaks_the_line), "{out:?}");
    assert_eq!(scrubber.scrub(&out), out, "of {text:?}");
}

fn breaks_the_line(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// # Panics
/// If a secret between these texts is in what is made of all of it.
pub fn check_planted(before: &str, after: &str) {
    // A fuzzer learns the secrets, and puts them where they are none: into the middle of a word.
    let is_elsewhere = |secret: &&str| before.contains(secret) || after.contains(secret);
    for secret in SECRETS.into_iter().filter(|it| !is_elsewhere(it)) {
        let text = format!("{before} {secret} {after}");
        let scrubbed = DEFAULT.scrub(&text);
        assert!(!scrubbed.contains(secret), "{text:?}\nbecame {scrubbed:?}");
        let masked = masked(&text);
        assert!(!masked.contains(secret), "{text:?}\nbecame {masked:?}");
    }
}

fn masked(text: &str) -> String {
    static MASKS: LazyLock<Vec<(Regex, String)>> = LazyLock::new(|| {
        let masks = Scrubber::masks().into_iter().map(|mask| {
            // As Go has it: a boundary of ASCII.
            let pattern = mask.pattern.replace(r"\b", r"(?-u:\b)");
            (Regex::new(&pattern).expect("a mask"), mask.replacement)
        });
        masks.collect()
    });
    let masks = MASKS.iter();
    masks.fold(text.to_owned(), |text, (regex, replacement)| {
        regex.replace_all(&text, replacement).into_owned()
    })
}

/// # Panics
/// If a pattern that is accepted makes what comes out worse.
pub fn check_with_pattern(pattern: &str, text: &str) {
    if pattern.is_empty() || pattern.len() > LONGEST_PATTERN {
        return;
    }
    match Scrubber::empty().with_pattern(pattern) {
        Ok(scrubber) => check_with(&scrubber, text),
        Err(error) => assert!(error.to_string().starts_with("the pattern "), "{error}"),
    }
}
