//! Texts with secrets, and texts without.

/// Written apart, so that no scanner takes this file for a leak.
macro_rules! secret {
    ($($part:literal),+) => { concat!($($part),+) };
}

/// A kind, a text around the secret with `{}` in its place, and the secret.
pub(super) const POSITIVES: &[(&str, &str, &str)] = &[
    ("authorization", "Authorization: {}", "Bearer abc.def-123"),
    (
        "authorization",
        "proxy-authorization: {}\nHost: kept",
        "Basic dXNlcjpwYXNz",
    ),
    (
        "authorization",
        "Authorization: {}",
        "Digest username=\"Mufasa\", response=\"6629fae49\"",
    ),
    (
        "authorization",
        "curl -H 'Authorization: {}' https://kept",
        "Custom some-opaque-thing",
    ),
    (
        "authorization",
        "{\"authorization\": \"{}\", \"host\": \"kept\"}",
        "Bearer abcdef12",
    ),
    (
        "authorization",
        "[(\"authorization\", \"{}\"), (\"host\", \"kept\")]",
        "opaque-thing",
    ),
    (
        "cookie",
        "Cookie: {}\r\nkept",
        "id=a3fWa; theme=\"light\"; x=it's",
    ),
    (
        "cookie",
        "set-cookie: {}",
        "id=a3fWa; Expires=Thu, 21 Oct 2021 07:28:00 GMT; Secure",
    ),
    ("secret", "X-Api-Key: {}", "0d5c8a1f"),
    ("bearer", "sent Bearer {} to upstream", "abc123def456"),
    ("bearer", "sent bearer {}, kept", "hunter"),
    ("bearer", "sent Bearer Bearer {} kept", "abc123"),
    ("bearer", "bearer token {} refused", "a1b2c3d4"),
    ("basic", "Basic {} kept", "dXNlcjpwYXNz"),
    (
        "jwt",
        "got {} kept",
        secret!(
            "eyJhbGciOiJIUzI1NiJ9",
            ".eyJzdWIiOiIxMjM0In0",
            ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
        ),
    ),
    (
        "jwt",
        "no signature: {}",
        secret!("eyJhbGciOiJub25lIn0", ".eyJzdWIiOiIxMjM0In0."),
    ),
    (
        "jwt",
        "cut \\n{}",
        secret!("eyJhbGciOiJIUzI1NiJ9", ".eyJzdW"),
    ),
    (
        "api-key",
        "key {} kept",
        secret!("AKIA", "IOSFODNN7EXAMPLE"),
    ),
    (
        "api-key",
        "x\u{1b}[31m{}\u{1b}[0m",
        secret!("ASIA", "IOSFODNN7EXAMPLE"),
    ),
    (
        "secret",
        "aws_secret_access_key = {}",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ),
    (
        "api-key",
        "maps?{}",
        secret!("AIza", "SyA1234567890abcdefghijklmnopqrstuv"),
    ),
    (
        "api-key",
        "{} kept",
        secret!("ghp_", "16C7e42F292c6912E7710c838347Ae178B4a"),
    ),
    (
        "api-key",
        "{} kept",
        secret!("github_pat_", "11ABCDEFG0aBcDeFgHiJkL_mNoPqRsTuVwXyZ"),
    ),
    (
        "api-key",
        "{} kept",
        secret!("glpat-", "ABCdef123456_-xyz789"),
    ),
    (
        "api-key",
        "{} kept",
        secret!("xoxb-", "123456789012-abcdefGHIJKL"),
    ),
    (
        "api-key",
        "{} kept",
        secret!("sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"),
    ),
    (
        "api-key",
        "\\n{} kept",
        secret!("sk-ant-api03-", "abcDEF123_456-xyz"),
    ),
    (
        "api-key",
        "Incorrect key: {}. kept",
        secret!("sk-proj-", "abcdefghijklmnop1234"),
    ),
    (
        "api-key",
        "{} kept",
        secret!("npm_", "abcdefghijklmnopqrstuvwxyz0123456789"),
    ),
    (
        "api-key",
        "{} kept",
        secret!("ya29.", "a0AfH6SMBx_abcdef-123"),
    ),
    (
        "secret",
        "DefaultEndpointsProtocol=https;AccountKey={};EndpointSuffix=kept",
        "abc/def+ghi==",
    ),
    (
        "secret",
        "https://x.blob.core.windows.net/c?sv=2022&sig={}&se=kept",
        "a%2Bb%2Fc%3D",
    ),
    (
        "url-credentials",
        "postgres://{}@db.example.com:5432/kept",
        "user:pa:ss",
    ),
    ("url-credentials", "redis://{}@cache:6379", ":hunter2"),
    (
        "url-credentials",
        "amqp://{}@kept.example.com/a@b",
        "u:hunter2",
    ),
    ("url-credentials", "mysql://{}@kept/db", "u:p@ss/wo?rd"),
    (
        "url-credentials",
        "https:\\/\\/{}@kept.example.com\\/x",
        "u:hunter2",
    ),
    ("url-credentials", "{}@tcp(kept:3306)/db", "root:hunter2"),
    ("secret", "password={}", "hunter2"),
    // Its beginning is a word, and what follows may look like the end of it.
    ("secret", "password={}", "a}<A(A!aaa0"),
    ("secret", "password={} kept", "hun;ter,2&x"),
    ("secret", "Server=kept;Password={};Uid=kept", "hunter2"),
    ("secret", "/cb?a=1&client_secret={}&kept=1", "hunter2"),
    ("secret", "/cb?code={}&kept=1", "4/0AX4XfWh"),
    (
        "secret",
        "{\"api_key\": \"{}\", \"kept\": 1}",
        "abc def \\\" ghi",
    ),
    ("secret", "{'password': '{}', 'kept': 1}", "it's"),
    ("secret", "token: {}", "abcdef"),
    ("secret", "refreshToken: {}, kept", "abcdef"),
    (
        "secret",
        "Config { password: Some(\"{}\"), kept: 1 }",
        "hunter 2",
    ),
    (
        "secret",
        "Config { password: b\"{}\", kept: 1 }",
        "hunter 2",
    ),
    ("secret", "{\"pin\": {}, \"kept\": 1}", "1234"),
    (
        "secret",
        "{\\\"password\\\":\\\"{}\\\",\\\"kept\\\":1}",
        "hunter 2",
    ),
    (
        "secret",
        "\\\\\\\"password\\\\\\\":\\\\\\\"{}\\\\\\\" kept",
        "hunter 2",
    ),
    (
        "secret",
        "{\"name\": \"password\", \"value\": \"{}\"}",
        "hunter 2",
    ),
    ("secret", "<Password>{}</Password> kept", "hunter 2"),
    ("secret", "mysql --password {} kept", "hunter2"),
    ("secret", "the password was '{}', kept", "hunter 2"),
    ("secret", "user[password]={}&kept=1", "hunter2"),
    (
        "secret",
        "password\u{1b}[0m=\u{1b}[32m{}\u{1b}[0m",
        "hunter2",
    ),
    (
        "private-key",
        "{} kept",
        secret!(
            "-----BEGIN RSA PRIV",
            "ATE KEY-----\nMIIEow\n-----END RSA PRIV",
            "ATE KEY-----"
        ),
    ),
    (
        "private-key",
        "x {}",
        secret!("-----BEGIN OPENSSH PRIV", "ATE KEY-----\\nb3BlbnNz cut"),
    ),
    (
        "private-key",
        "{} kept",
        secret!("MIIEow\n-----END PRIV", "ATE KEY-----"),
    ),
    ("card", "card {} kept", "4111111111111111"),
    ("card", "card {}, kept", "4111 1111 1111 1111"),
    ("card", "at 12 {} exp 12/27", "4111 1111 1111 1111"),
    ("card", "card={}", "5500-0055-5555-5559"),
    (
        "secret",
        "Config { key: ApiKey(\"{}\"), kept: 1 }",
        "hunter 2",
    ),
    ("secret", "{\"dbPass\":\"{}\",\"kept\":1}", "hunter 2"),
    ("card", "amex {}", "3782 822463 10005"),
    ("email", "to {}, kept", "jane.doe+x@mail.example.co.uk"),
    ("email", "mailto:{} kept", "jürgen@exämple.de"),
    ("ssn", "SSN {} kept", "123-45-6789"),
    ("iban", "ID12 {} kept", "DE89370400440532013000"),
    ("iban", "to {} kept", "DE89370400440532013000"),
    ("iban", "to {} REF kept", "GB29 NWBK 6016 1331 9268 19"),
];

pub(super) const NEGATIVES: &[&str] = &[
    "550e8400-e29b-41d4-a716-446655440000",
    "00000000-4111-1111-1111-111111111111",
    "trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7",
    "2026-03-01T12:30:45.123456Z",
    "between 2024-01-15 2024-01-18",
    "order 4111111111111112 and 1712345678905",
    "0.41111111111111111 of 12",
    "unexpected token at line 3",
    "Unexpected token 'o', \"foo\" is not valid JSON",
    "expected one of `password`, `token`",
    "missing field `api_key` at line 1 column 5",
    "invalid token: expected `,` or `}`",
    "the bearer token is missing",
    "basic authentication failed, Basic Usage",
    "author=bob",
    "max_tokens: 4096, token_count=17, tokens: 5",
    "/home/bob/.config/app/settings.toml: No such file or directory (os error 2)",
    "C:\\Users\\bob\\notes.txt",
    "serde@1.0.219, mcp-observe v0.1.0-rc.1+build.5",
    "password: null",
    "https://example.com:8080/@scope/pkg?x=1#frag",
    "first pass: 3 of 5",
    "Token::parse failed in crate::secret::Store::open",
    "risk-assessment-for-the-quarter",
    "keyJsonSerializerFactory.create",
    "connection refused to 10.0.0.1:5432 after 30s",
    "compass=north",
    "naïve café — 漢字 🎉",
];

/// Those of them that are masked where no code looks at what is around a match.
pub(super) const MASKED_ALL_THE_SAME: &[&str] = &[
    "order 4111111111111112 and 1712345678905",
    "invalid token: expected `,` or `}`",
    "the bearer token is missing",
    "password: null",
];
