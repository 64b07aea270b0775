//! Credentials in front of a URL's host.

use std::ops::Range;

use regex::Captures;

/// Bytes of a URL that are looked at.
const MAX_URL: usize = 2048;

/// The user and the password of the URL whose scheme was matched.
pub(super) fn credentials(text: &str, scheme: &Captures<'_>) -> Vec<Range<usize>> {
    let start = scheme.get_match().end();
    let run = super::plain::prefix(&text[start..], MAX_URL);
    let end = run
        .find(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '`'))
        .unwrap_or(run.len());
    let length = length(&run[..end]);
    length
        .map(|length| start..start + length)
        .into_iter()
        .collect()
}

fn length(run: &str) -> Option<usize> {
    let last = run.rfind('@')?;
    let (authority, _) = run.split_at(run.find(['/', '?', '#', '\\']).unwrap_or(run.len()));
    let length = match authority.rfind('@') {
        // A later one belongs to the path, unless what is between them is no host.
        Some(at) if at == last || is_host(&authority[at + 1..]) => at,
        Some(_) => last,
        // `host:8080/a@b`, as against a password with a slash in it that should have been escaped.
        None => {
            let (_, port) = authority.rsplit_once(':')?;
            let is_port = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
            if is_port || authority.starts_with('[') {
                return None;
            }
            last
        }
    };
    (length > 0).then_some(length)
}

fn is_host(text: &str) -> bool {
    let host = text.rsplit_once(':').map_or(text, |(host, _)| host);
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    host == "localhost"
        || (host.starts_with('[') && host.ends_with(']'))
        || (host.contains('.') && host.bytes().all(is_name))
}
