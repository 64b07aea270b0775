//! The built-in patterns, and how they are looked for.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex, RegexSet};

use super::kind::Kind;
use super::{Span, address, number, value};

/// Of a match, what is to be redacted.
type Take = fn(&str, &Captures<'_>) -> Vec<Range<usize>>;

struct Pattern {
    kind: Kind,
    regex: Regex,
    take: Take,
}

struct Patterns {
    /// Says in one go which of the patterns are worth looking for.
    any: RegexSet,
    each: Vec<Pattern>,
}

/// Not in the middle of a word; an escaped line feed in front makes none.
pub(super) const LEFT: &str = r"(?:^|[^A-Za-z0-9]|\\[nrtbf]|\\u[0-9A-Fa-f]{4}|%[0-9A-Fa-f]{2})";

/// Names whose values are secret, in whatever longer name they are; `token` is another.
pub(super) const NAMES: &str = r"passw(?:or)?d|pass[_-]?phrase|passcode|secret|credentials?|api[_\- ]?key|(?:access|account|shared|private|encryption|signing|signature|master|auth|subscription|function|host|license)[_\- ]?key|session[_\- ]?(?:id|key)|sess(?:ion)?id|securitycode";

/// Names that are short, and so are secret only by themselves.
pub(super) const SHORT_NAMES: &str = "pwd|pass|sig|signature|pin|otp|totp|cvv2?|cvc2?|sid|auth|ssn";

/// Names that are secret in a query string, and could be anything elsewhere.
pub(super) const QUERY_NAMES: &str = "key|code|state|nonce|access|jwt|assertion";

pub(super) const HEADER: &str = "(?:proxy-|x-)?authorization";
pub(super) const COOKIE: &str = "(?:set-)?cookies?2?";

/// What is between a name and its value: `name=`, `"name": `, `("name", `, `name=name value=`, `<name>`;
/// behind the name, the escaped form of the sequence that ends a colour.
const BETWEEN: &str = r#"(?P<between>\\*["'`]?(?:\]|%5[Dd])?(?:\\+(?:u001[Bb]|u\{1b\}|x1[Bb])\[[0-9;]*m)?[ \t]*(?:=>|:=|==?|:|%3[DdAa])[ \t]*|\\*["'][ \t]*,[ \t]*(?:\\*["']?(?i-u:value)\\*["']?[ \t]*[:=][ \t]*)?|>)"#;

/// Keys that have a form of their own: `s`, at the end, behind what gives it away.
pub(super) const KEYS: &[&str] = &[
    // AWS
    r"(?P<s>(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ANVA|AIPA|ABIA|ACCA)[A-Z0-9]{16,})",
    // Google
    r"(?P<s>AIza[0-9A-Za-z_\-]{30,})",
    r"(?P<s>ya29\.[0-9A-Za-z_\-.]{10,})",
    r"(?P<s>GOCSPX-[0-9A-Za-z_\-]{20,})",
    // GitHub, GitLab
    r"(?P<s>gh[pousr]_[A-Za-z0-9_]{16,})",
    r"(?P<s>github_pat_[A-Za-z0-9_]{16,})",
    r"(?P<s>gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|oas|ffct)-[A-Za-z0-9_.\-]{16,})",
    // Slack, Discord, Telegram
    r"(?P<s>xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9\-]{8,})",
    r"(?P<s>xapp-[A-Za-z0-9\-]{8,})",
    r"hooks\.slack\.com/[a-z]+/(?P<s>[A-Za-z0-9_/\-]+)",
    r"discord(?:app)?\.com/api/webhooks/(?P<s>[0-9]+/[A-Za-z0-9_\-]+)",
    r"(?P<s>[0-9]{8,10}:AA[A-Za-z0-9_\-]{32,})",
    // Stripe
    r"(?P<s>(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{8,})",
    r"(?P<s>whsec_[A-Za-z0-9+/=]{16,})",
    // Models
    r"{LEFT}(?P<s>sk-[A-Za-z0-9_\-]{16,})",
    r"(?P<s>(?:hf|gsk|r8|xai|pplx|sbp|ntn)[_\-][A-Za-z0-9]{24,})",
    // Packages and images
    r"(?P<s>npm_[A-Za-z0-9]{20,})",
    r"(?P<s>pypi-Ag[A-Za-z0-9_\-]{16,})",
    r"{LEFT}(?P<s>cio[A-Za-z0-9]{32})",
    r"(?P<s>dckr_pat_[A-Za-z0-9_\-]{16,})",
    // Others
    r"(?P<s>SG\.[A-Za-z0-9_\-]{16,}\.[A-Za-z0-9_\-]{16,})",
    r"(?P<s>do[opr]_v1_[a-f0-9]{32,})",
    r"(?P<s>hv[sb]\.[A-Za-z0-9_\-]{20,})",
    r"(?P<s>shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32})",
    r"(?P<s>(?:lin_api|sb_secret|glsa|glc|figd|pscale_tkn)_[A-Za-z0-9_\-]{16,})",
    r"(?P<s>ATATT3[A-Za-z0-9_\-=]{20,})",
    r"(?P<s>AGE-SECRET-KEY-1[0-9A-Z]{40,})",
    r"{LEFT}(?P<s>SK[0-9a-f]{32})",
    r"{LEFT}(?P<s>dapi[0-9a-f]{32})",
    r"(?i-u:negotiate|ntlm)[ \t]+(?P<s>[A-Za-z0-9+/=]{16,})",
];

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let each: Vec<Pattern> = table()
        .into_iter()
        .map(|(kind, regex, take)| Pattern {
            kind,
            regex: Regex::new(&regex).expect("built-in patterns compile; the tests use each"),
            take,
        })
        .collect();
    let any = RegexSet::new(each.iter().map(|pattern| pattern.regex.as_str()))
        .expect("patterns that compile do so as a set");
    Patterns { any, each }
});

fn table() -> Vec<(Kind, String, Take)> {
    let mut table: Vec<(Kind, String, Take)> = vec![
        (
            Kind::PrivateKey,
            r"(?s)-{4,5} ?BEGIN [^\-]{0,40}PRIVATE KEY[^\-]{0,20}-{4,5}.*?(?:-{4,5} ?END [^\-]{0,40}PRIVATE KEY[^\-]{0,20}-{4,5}|\z)".into(),
            part,
        ),
        // The end of one whose beginning is cut off.
        (
            Kind::PrivateKey,
            r"(?:[A-Za-z0-9+/=\\]|\s)*-{4,5} ?END [^\-]{0,40}PRIVATE KEY[^\-]{0,20}-{4,5}".into(),
            part,
        ),
        (
            Kind::UrlCredentials,
            r"(?i-u:[a-z][a-z0-9+.\-]{0,30}):(?://|\\/\\/)".into(),
            address::credentials,
        ),
        // A data source of Go's MySQL driver.
        (
            Kind::UrlCredentials,
            r"(?P<s>[A-Za-z0-9_.\-]+:[^\s@]+)@(?:tcp|udp|unix)\(".into(),
            part,
        ),
        (
            Kind::Jwt,
            format!(r"{LEFT}(?P<s>eyJ[A-Za-z0-9_\-]{{5,}}\.[A-Za-z0-9_\-.]*|eyJ[A-Za-z0-9_\-+/=]{{16,}})"),
            part,
        ),
        (Kind::Card, r"[0-9](?:[ \-\x{A0}]{0,2}[0-9]){12,}".into(), number::cards),
        (
            Kind::Iban,
            format!(r"{LEFT}(?P<s>[A-Z]{{2}}[0-9]{{2}}(?:[ \-]?[A-Z0-9]){{11,40}})"),
            number::iban,
        ),
        (Kind::Ssn, r"[0-9]{3}-[0-9]{2}-[0-9]{4}".into(), number::ssn),
        (
            Kind::Email,
            r"[\w.%+'\-]+(?:@|%40)(?:[\w\-]+\.)+[A-Za-z\x{A0}-\x{1FFF}\x{2C00}-\x{10FFFF}]{2,}".into(),
            part,
        ),
        (Kind::Authorization, format!("(?i-u:{HEADER}){BETWEEN}"), value::of_header),
        (Kind::Cookie, format!("{LEFT}(?i-u:{COOKIE}){BETWEEN}"), value::of_header),
        (
            Kind::Bearer,
            r#"(?:(?i-u:bearer)(?:[\s:=+]|%20)+\\*["'`]?)+(?P<token>(?i-u:token)[\s:=]+\\*["'`]?)?(?P<s>[^\s"'`,;<>(){}\\]+)"#.into(),
            value::of_bearer,
        ),
        (
            Kind::Basic,
            format!(r"{LEFT}(?i-u:basic)(?:[ \t:]|%20)+(?P<s>[A-Za-z0-9+/_\-]{{4,}}={{0,2}})"),
            value::of_basic,
        ),
        (
            Kind::Secret,
            format!(r"(?i-u:(?P<name>{NAMES}|token)(?P<suffix>[a-z0-9_.\-]{{0,32}}(?: key| provided| value)?)){BETWEEN}"),
            value::of_name,
        ),
        (
            Kind::Secret,
            format!("[?&](?i-u:(?P<name>{QUERY_NAMES}))(?P<suffix>){BETWEEN}"),
            value::of_name,
        ),
        // As in `dbPass`.
        (
            Kind::Secret,
            format!("[a-z](?P<name>Pass|Pwd|Pin|Otp|Sig)(?P<suffix>){BETWEEN}"),
            value::of_short_name,
        ),
        (
            Kind::Secret,
            format!("{LEFT}(?i-u:(?P<name>{SHORT_NAMES}))(?P<suffix>){BETWEEN}"),
            value::of_short_name,
        ),
        (
            Kind::Secret,
            r"--[A-Za-z0-9\-]*(?i-u:password|passwd|secret|token|api-?key|passphrase|credentials?)[a-z0-9\-]*(?P<between>[ \t]+)".into(),
            value::of_flag,
        ),
        (
            Kind::Secret,
            r#"(?i-u:passw(?:or)?d|pass[_-]?phrase|passcode|secret|api[_\- ]?key)(?i-u: key| provided)?(?i-u:[ \t]+(?:is|was|of|to))?[ \t]+(?P<open>\\*["'`])"#.into(),
            value::of_quoted,
        ),
        // As `Debug` writes a type of one field.
        (
            Kind::Secret,
            r#"(?i-u:passw(?:or)?d|passphrase|secret|token|key|credentials?)\((?P<open>\\*["'])"#.into(),
            value::of_quoted,
        ),
    ];
    let keys = KEYS
        .iter()
        .map(|key| (Kind::ApiKey, key.replace("{LEFT}", LEFT), part as Take));
    table.extend(keys);
    table
}

/// The match, or what it says is the secret in it.
fn part(_: &str, found: &Captures<'_>) -> Vec<Range<usize>> {
    let part = found.name("s").unwrap_or(found.get_match());
    vec![part.range()]
}

/// Adds what the built-in patterns find.
pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    let patterns = &*PATTERNS;
    for index in patterns.any.matches(text) {
        let Pattern { kind, regex, take } = &patterns.each[index];
        let mut at = 0;
        while let Some(captures) = regex.captures_at(text, at) {
            let ranges = take(text, &captures);
            at = match (kind, captures.name("s")) {
                // What was no IBAN, or what follows one, can be the start of another.
                (Kind::Iban, Some(run)) => run.start() + 1,
                _ => captures.get_match().end(),
            };
            for range in ranges {
                // What is in a value is redacted with it: no need to look there again.
                at = at.max(range.end);
                found.push(Span { range, kind: *kind });
            }
        }
    }
    keep_hosts(found);
}

/// `password@host` in a URL is no e-mail address.
fn keep_hosts(found: &mut Vec<Span>) {
    let urls: Vec<Range<usize>> = found
        .iter()
        .filter(|span| span.kind == Kind::UrlCredentials)
        .map(|span| span.range.clone())
        .collect();
    let in_url = |range: &Range<usize>| {
        urls.iter()
            .any(|url| url.start < range.end && range.start < url.end)
    };
    found.retain(|span| span.kind != Kind::Email || !in_url(&span.range));
}
