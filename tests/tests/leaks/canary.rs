//! Secrets that can be told apart, and a search for them that is not deceived by encodings.

use std::fmt::Write as _;

/// What every canary begins with. Its characters are left alone by whatever escapes the special ones,
/// so that a text around it can be escaped as often as it likes.
const MARK: &str = "kanarie4f7q2z";

/// A secret of its own for each place that it is put into.
pub(crate) fn canary(place: &str) -> String {
    format!("{MARK}-{place}-end")
}

/// The secret among characters that JSON, URLs, Prometheus and terminals have a meaning for.
pub(crate) fn hostile(place: &str) -> String {
    let canary = canary(place);
    format!("{canary}\"\\/\n\t\u{1}\u{202e}é€ %00+&=<>{{}},;{canary}")
}

/// A way to write bytes.
#[derive(Debug, Clone, Copy)]
enum Form {
    Plain,
    Base64,
    Hex,
    Percent,
    /// As `{:?}` writes a slice of bytes.
    Numbers,
}

impl Form {
    const ALL: [Self; 5] = [
        Self::Plain,
        Self::Base64,
        Self::Hex,
        Self::Percent,
        Self::Numbers,
    ];

    /// What the mark looks like, wherever in a text it is. Lower case unless case counts.
    fn needles(self) -> Vec<String> {
        match self {
            Self::Plain => vec![MARK.to_owned()],
            // Three bytes make four characters: one for each place in which a group can begin. The
            // mark is such that both alphabets write it the same way.
            Self::Base64 => (0..3)
                .map(|skipped| {
                    let whole = (MARK.len() - skipped) / 3 * 3;
                    base64(&MARK.as_bytes()[skipped..skipped + whole], '+', '/')
                })
                .collect(),
            Self::Hex => vec![hex(MARK.as_bytes())],
            Self::Percent => vec![percent(MARK.as_bytes())],
            Self::Numbers => vec![numbers(MARK.as_bytes())],
        }
    }

    fn ignores_case(self) -> bool {
        !matches!(self, Self::Base64)
    }

    /// The text that begins in front of `bytes`, or the beginning of it.
    fn decode(self, bytes: &[u8]) -> String {
        let bytes = &bytes[..bytes.len().min(800)];
        let hex = |digits: &[u8]| {
            let digits = std::str::from_utf8(digits).ok()?;
            u8::from_str_radix(digits, 16).ok()
        };
        let decoded: Vec<u8> = match self {
            Self::Plain => bytes.to_vec(),
            Self::Base64 => decode_base64(bytes),
            Self::Hex => bytes.chunks(2).map_while(hex).collect(),
            Self::Percent => bytes
                .chunks(3)
                .map_while(|it| hex(it.strip_prefix(b"%")?))
                .collect(),
            Self::Numbers => bytes
                .split(|byte| *byte == b',')
                .map_while(|it| std::str::from_utf8(it).ok()?.trim().parse().ok())
                .collect(),
        };
        String::from_utf8_lossy(&decoded).into_owned()
    }
}

/// The places whose canaries are in `bytes`, and how they are written there.
pub(crate) fn leaks(bytes: &[u8]) -> Vec<String> {
    let lower_case = bytes.to_ascii_lowercase();
    let mut found = Vec::new();
    for form in Form::ALL {
        let searched = if form.ignores_case() {
            &lower_case
        } else {
            bytes
        };
        for needle in form.needles() {
            for at in occurrences(searched, needle.as_bytes()) {
                found.push(format!(
                    "{} ({form:?})",
                    place(&form.decode(&searched[at..]))
                ));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The place that a text names which begins with the mark, or with a few bytes of it missing.
fn place(text: &str) -> String {
    let named = text.split_once('-').map_or(text, |(_, named)| named);
    match named.split_once("-end") {
        Some((place, _)) => place.to_owned(),
        None => format!(
            "{:?}, cut off or altered",
            &text.chars().take(60).collect::<String>()
        ),
    }
}

/// Where `needle` is.
pub(crate) fn occurrences(bytes: &[u8], needle: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(first) = bytes[from..].iter().position(|byte| *byte == needle[0]) {
        from += first;
        if bytes[from..].starts_with(needle) {
            found.push(from);
        }
        from += 1;
    }
    found
}

fn alphabet(plus: char, slash: char) -> Vec<char> {
    let letters = ('A'..='Z').chain('a'..='z').chain('0'..='9');
    letters.chain([plus, slash]).collect()
}

/// Without padding.
fn base64(bytes: &[u8], plus: char, slash: char) -> String {
    let alphabet = alphabet(plus, slash);
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut bits = [0; 4];
        bits[1..=group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes(bits);
        for character in 0..=group.len() {
            text.push(alphabet[(bits >> (18 - 6 * character) & 0x3F) as usize]);
        }
    }
    text
}

/// As far as it is Base64.
fn decode_base64(bytes: &[u8]) -> Vec<u8> {
    let alphabet = alphabet('+', '/');
    let value = |byte: &u8| alphabet.iter().position(|it| *it == char::from(*byte));
    let values: Vec<usize> = bytes.iter().map_while(value).collect();
    let decode = |group: &[usize]| {
        let bits = group.iter().fold(0, |bits, value| bits << 6 | value) << (6 * (4 - group.len()));
        [bits >> 16, bits >> 8, bits].map(|byte| u8::try_from(byte & 0xFF).expect("masked"))
    };
    values.chunks(4).flat_map(decode).collect()
}

fn each(bytes: &[u8], write: impl Fn(&mut String, u8) -> std::fmt::Result) -> String {
    let mut text = String::new();
    for byte in bytes {
        write(&mut text, *byte).expect("a string takes everything");
    }
    text
}

fn hex(bytes: &[u8]) -> String {
    each(bytes, |text, byte| write!(text, "{byte:02x}"))
}

fn percent(bytes: &[u8]) -> String {
    each(bytes, |text, byte| write!(text, "%{byte:02x}"))
}

fn numbers(bytes: &[u8]) -> String {
    let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
    numbers.join(", ")
}

/// The reserved characters alone.
fn percent_reserved(bytes: &[u8]) -> String {
    each(bytes, |text, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            write!(text, "{}", char::from(byte))
        }
        _ => write!(text, "%{byte:02X}"),
    })
}

#[test]
fn a_canary_is_found_in_every_form() {
    type Encode<'a> = &'a dyn Fn(&str) -> String;
    let json = |text: &str| serde_json::to_string(text).expect("JSON");
    let encodings: [(&str, Encode<'_>); 13] = [
        ("plain", &str::to_owned),
        ("upper case", &str::to_uppercase),
        ("JSON", &json),
        ("JSON in JSON", &|text| json(&json(text))),
        ("Debug", &|text| format!("{text:?}")),
        ("Debug of bytes", &|text| format!("{:?}", text.as_bytes())),
        ("percent, all", &|text| percent(text.as_bytes())),
        ("percent, in upper case", &|text| {
            percent(text.as_bytes()).to_uppercase()
        }),
        ("percent, reserved", &|text| {
            percent_reserved(text.as_bytes())
        }),
        ("hex", &|text| hex(text.as_bytes())),
        ("HEX", &|text| hex(text.as_bytes()).to_uppercase()),
        ("base64", &|text| base64(text.as_bytes(), '+', '/')),
        ("base64 for URLs", &|text| base64(text.as_bytes(), '-', '_')),
    ];
    for (name, encode) in encodings {
        for secret in [canary("here"), hostile("here")] {
            // Before it, so many bytes that base64 has every alignment.
            for before in ["", "a", "ab", "{\"é"] {
                let text = format!("before {} after", encode(&format!("{before}{secret}!")));
                let found = leaks(text.as_bytes());
                let is_here = |found: &String| found.to_lowercase().starts_with("here (");
                assert!(
                    !found.is_empty() && found.iter().all(is_here),
                    "{name}: {found:?} in {text}"
                );
            }
        }
    }
    // One that was cut off as well, and nothing where there is nothing.
    assert_eq!(leaks(&canary("here").as_bytes()[..MARK.len()]).len(), 1);
    assert_eq!(leaks(b"a canary, a kanarie4f7q2, a-here-end"), [""; 0]);
}
