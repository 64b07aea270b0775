//! The built-in patterns for what masks texts elsewhere, and has regular expressions alone.
//!
//! They are of RE2's syntax, which has no look-around: where the code would look at what surrounds a
//! match to spare it, these mask it.

use super::Scrubber;
use super::kind::Kind;
use super::patterns::{COOKIE, HEADER, KEYS, LEFT, NAMES, QUERY_NAMES, SHORT_NAMES};

/// A replacement that masks secrets of one form: an element of [`Scrubber::masks`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mask {
    /// What is to be replaced, everywhere: a regular expression of RE2's syntax, which is that of Go.
    pub pattern: String,
    /// What stands there instead: a marker such as `[redacted:jwt]`, and around it `$1`, `$2` and so on,
    /// the groups of the match that are to stay.
    pub replacement: String,
    /// Whether it knows a secret by its form alone, which nothing else has.
    pub is_unmistakable: bool,
}

/// Colours between a name and its value.
const COLOUR: &str = r"(?:(?:\\+(?:u001[Bb]|u\{1b\}|x1[Bb])|\x1b)\[[0-9;]*m)?";

/// Cards of the networks, with the lengths of theirs: without the check digit, which no regular
/// expression knows.
const CARD: &str = r"(?:(?:4[0-9]{3}|5[1-5][0-9]{2}|2[2-7][0-9]{2}|6(?:011|5[0-9]{2}))(?:[ \-\x{A0}]?[0-9]{4}){3}\b|3[47][0-9]{2}[ \-\x{A0}]?[0-9]{6}[ \-\x{A0}]?[0-9]{5}\b)";

/// The countries that have IBANs, then two check digits and the account.
const IBAN: &str = r"\b(?:A[DELTZ]|B[AEGHIRY]|C[HRYZ]|D[EJKO]|E[EGS]|F[IKORO]|G[BEILRT]|H[RU]|I[ELQRST]|JO|K[WZ]|L[BCITUVY]|M[CDEKNRTU]|N[ILO]|OM|P[KLST]|QA|R[OSU]|S[ACDEIKMOTV]|T[LNR]|UA|V[AG]|XK|YE)[0-9]{2}(?:[ \-]?[A-Z0-9]{4}){2,7}(?:[ \-]?[A-Z0-9]{1,3})?\b";

impl Scrubber {
    /// Replacements that take out of a text what [`Scrubber::default`] knows, one after the other: for a
    /// second net in what a text passes behind this process, such as the transform processor of an
    /// OpenTelemetry Collector.
    ///
    /// They rather mask too much: `token: expected` is masked, and a number that could be a card's is.
    #[must_use]
    pub fn masks() -> Vec<Mask> {
        let mut masks = forms();
        masks.extend(addresses());
        masks.extend(headers());
        masks.extend(named());
        masks.extend(personal());
        masks
    }
}

fn forms() -> Vec<Mask> {
    let key = |part| format!("-{{4,5}} ?{part} [^\\-]{{0,40}}PRIVATE KEY[^\\-]{{0,20}}-{{4,5}}");
    let (begin, end) = (key("BEGIN"), key("END"));
    let mut masks = vec![
        alone(Kind::PrivateKey, format!(r"(?s){begin}.*?(?:{end}|\z)")).unmistakable(),
        alone(Kind::PrivateKey, format!(r"[A-Za-z0-9+/=\\ \t\r\n]*{end}")).unmistakable(),
        behind(
            Kind::Jwt,
            LEFT,
            r"(?:eyJ[A-Za-z0-9_\-]{5,}\.[A-Za-z0-9_\-.]*|eyJ[A-Za-z0-9_\-+/=]{16,})",
        )
        .unmistakable(),
    ];
    // Those that nothing has to stand in front of at once, and those behind the same at once.
    let mut keys: Vec<(&str, Vec<&str>)> = Vec::new();
    for key in KEYS {
        let (before, key) = key
            .split_once("(?P<s>")
            .unwrap_or_else(|| unreachable!("{key}"));
        let key = key
            .strip_suffix(')')
            .unwrap_or_else(|| unreachable!("{key}"));
        match keys.iter_mut().find(|(known, _)| *known == before) {
            Some((_, keys)) => keys.push(key),
            None => keys.push((before, vec![key])),
        }
    }
    masks.extend(keys.into_iter().map(|(before, keys)| {
        let keys = format!("(?:{})", keys.join("|"));
        let before = before.replace("{LEFT}", LEFT).replace("(?i-u:", "(?i:");
        if before.is_empty() {
            alone(Kind::ApiKey, keys).unmistakable()
        } else {
            behind(Kind::ApiKey, &before, &keys).unmistakable()
        }
    }));
    masks
}

/// Credentials in front of a URL's host.
fn addresses() -> Vec<Mask> {
    let kind = Kind::UrlCredentials;
    let scheme = r"(?i:[a-z][a-z0-9+.\-]*):(?://|\\/\\/)";
    vec![
        between(kind, scheme, r#"[^ \t\r\n"'<>`/?#\\]+"#, "@"),
        // A password with a slash in it, behind an `@` or without: what has a dot is a host.
        Mask {
            pattern: r#"(\[redacted:url-credentials\]@)[A-Za-z0-9_\-]*[/?#][^ \t\r\n"'<>]*@"#
                .to_owned(),
            replacement: "$1".to_owned(),
            is_unmistakable: false,
        },
        between(
            kind,
            scheme,
            r#"[^ \t\r\n"'<>/?#@:\[\]]*:[0-9]*[^0-9/\\ \t\r\n"'<>@\[\]][^ \t\r\n"'<>@]*"#,
            "@",
        ),
        between(
            kind,
            "",
            r"[A-Za-z0-9_.\-]+:[^ \t\r\n@]+",
            r"@(?:tcp|udp|unix)\(",
        ),
    ]
}

fn headers() -> Vec<Mask> {
    let header = format!("(?:(?i:{HEADER})|{LEFT}(?i:{COOKIE}))");
    // With quotes only around the values of parameters: the first other one ends the string around it.
    let line = r#"(?:=\\*"[^"]*"|[A-Za-z]'[A-Za-z]|[^ \t\r\n"'\\\[])(?:=\\*"[^"]*"|[A-Za-z]'[A-Za-z]|[^\r\n"'\\])*"#;
    let bearer = r"(?i:bearer)(?:[ \t:=+]|%20)+";
    vec![
        behind(Kind::Authorization, &format!("{header}{}", equals()), line),
        behind(
            Kind::Bearer,
            &format!(r#"{bearer}(?i:token)[ \t:=]+\\*["'`]?"#),
            r"[A-Za-z0-9._~+/=\-]*[A-Z0-9_~+/=][A-Za-z0-9._~+/=\-]*",
        ),
        behind(
            Kind::Bearer,
            &format!(r#"(?:{bearer}\\*["'`]?)+"#),
            r#"[^ \t\r\n"'`,;<>(){}\\\[\]]+"#,
        ),
        behind(
            Kind::Basic,
            &format!(r"{LEFT}(?i:basic)(?:[ \t:]|%20)+"),
            r"[A-Za-z0-9+/_\-]*(?:[0-9=]|[a-z][A-Z])[A-Za-z0-9+/_=\-]*",
        ),
    ]
}

/// Values that a name in front of them gives away.
fn named() -> Vec<Mask> {
    let long = format!(
        r"(?i:(?:{NAMES})[a-z0-9_.\-]*(?: key| provided| value)?|token(?:[0-9_\-]*|[a-z0-9_.\-]*(?:key|secret|value)))"
    );
    let short = format!("(?:[a-z](?:Pass|Pwd|Pin|Otp|Sig)|{LEFT}(?i:{SHORT_NAMES}))");
    let query = format!("[?&](?i:{QUERY_NAMES})");
    let header = format!("(?i:{HEADER})|{LEFT}(?i:{COOKIE})");
    let equals = equals();
    let pair = r#"\\*["'][ \t]*,[ \t]*(?:\\*["']?(?i:value)\\*["']?[ \t]*[:=][ \t]*)?"#;
    let quoted = format!(
        "(?:{long}|{short}|{query}|{header})(?:{equals}|{pair})(?:Some\\()?[bruBRU#&*]{{0,3}}"
    );
    // In quotes; in a string within a string, to a quote that something of the outer one follows; and
    // in other quotes.
    let value = r#"(")(?:[^"\\]|\\.)+|(\\+["'`]).+?(\\+["'`][ \t]*(?:[,}\])&;:.]|\z)|\z)|(['`])(?:[A-Za-z]'[A-Za-z]|[^'`\\]|\\.)+"#;
    // `pass: 3` is no password, `"pin": 3` and `pass=3` are.
    let word = r#"(?:\\*["'`][ \t]*:|[ \t]*(?:=>|:=|==?|%3[Dd]))[ \t]*"#;
    let plain = format!("(?:(?:{long}|{query}){equals}|{short}{word})(?:Some\\()?");
    let word = "(?i:passw(?:or)?d|pass[_-]?phrase|passcode|secret|api[_\\- ]?key)";
    let sentence =
        format!(r#"{word}(?i: key| provided)?(?i:[ \t]+(?:is|was|of|to))?[ \t]+\\*["'`]"#);
    let debug = r#"(?i:passw(?:or)?d|passphrase|secret|token|key|credentials?)\(\\*["']"#;
    let flag = r"--[A-Za-z0-9\-]*(?i:password|passwd|secret|token|api-?key|passphrase|credentials?)[a-z0-9\-]*[ \t]+";
    let entry = r#"(?:[^ \t\r\n"'`\[:=>]|\[[^r])[^ \t\r\n]*?"#;
    // Another entry of a list, or the end of what it is in.
    let end = r#"[&;,|][A-Za-z_$][A-Za-z0-9_.\-$\[\]]*(?:[=:]|%3)|[ \t\r\n"'`]|[)}\]>]+(?:[ \t\r\n,;]|\z)|,[ \t]|\z"#;
    let entry = between(Kind::Secret, &plain, entry, end);
    vec![
        Mask {
            pattern: format!("({quoted})(?:{value})"),
            replacement: format!("$1$2$3$5{}$4", Kind::Secret.marker()),
            is_unmistakable: false,
        },
        behind(
            Kind::Secret,
            &format!(r"<[A-Za-z0-9_:.\-]*{long}>"),
            "[^<]+",
        ),
        behind(Kind::Secret, flag, r"[^ \t\r\n\-\[][^ \t\r\n]*"),
        behind(Kind::Secret, &format!("(?:{sentence}|{debug})"), "[^\"'`]+"),
        // An entry takes the next one's name with it: that one is found the second time.
        entry.clone(),
        entry,
    ]
}

fn personal() -> Vec<Mask> {
    vec![
        behind(Kind::Card, r"^|[^0-9A-Za-z.\-]|\\[nrtbf]", CARD),
        alone(Kind::Iban, IBAN.to_owned()),
        alone(Kind::Ssn, r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b".to_owned()),
        alone(
            Kind::Email,
            r"[A-Za-z0-9_.%+'\-\x{A0}-\x{10FFFF}]+(?:@|%40)(?:[A-Za-z0-9_\-\x{A0}-\x{10FFFF}]+\.)+[A-Za-z\x{A0}-\x{10FFFF}]{2,}".to_owned(),
        ),
    ]
}

/// What is between a name and its value.
fn equals() -> String {
    format!(r#"\\*["'`]?(?:\]|%5[Dd])?{COLOUR}[ \t]*(?:=>|:=|==?|:|%3[DdAa])[ \t]*{COLOUR}"#)
}

fn alone(kind: Kind, pattern: String) -> Mask {
    Mask {
        pattern,
        replacement: kind.marker().to_owned(),
        is_unmistakable: false,
    }
}

fn behind(kind: Kind, before: &str, secret: &str) -> Mask {
    Mask {
        pattern: format!("({before}){secret}"),
        replacement: format!("$1{}", kind.marker()),
        is_unmistakable: false,
    }
}

fn between(kind: Kind, before: &str, secret: &str, after: &str) -> Mask {
    Mask {
        pattern: format!("({before}){secret}({after})"),
        replacement: format!("$1{}$2", kind.marker()),
        is_unmistakable: false,
    }
}

impl Mask {
    fn unmistakable(self) -> Self {
        Self {
            is_unmistakable: true,
            ..self
        }
    }
}
