//! The kinds of things that are redacted, and the markers that stand in their place.

use std::ops::Range;

/// What a piece of text was taken for. Of two kinds found in the same place the smaller one, which is
/// the more specific, is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    PrivateKey,
    UrlCredentials,
    Jwt,
    ApiKey,
    Card,
    Iban,
    Ssn,
    Email,
    Authorization,
    Cookie,
    Bearer,
    Basic,
    Secret,
    Custom,
}

const OPENING: &str = "[redacted:";

/// Stands for a whole text that comes to no rest.
pub(super) const WHOLE_TEXT: &str = "[redacted:text]";

const MARKERS: [&str; 15] = [
    "[redacted:private-key]",
    "[redacted:url-credentials]",
    "[redacted:jwt]",
    "[redacted:api-key]",
    "[redacted:card]",
    "[redacted:iban]",
    "[redacted:ssn]",
    "[redacted:email]",
    "[redacted:authorization]",
    "[redacted:cookie]",
    "[redacted:bearer]",
    "[redacted:basic]",
    "[redacted:secret]",
    "[redacted:custom]",
    WHOLE_TEXT,
];

impl Kind {
    pub(super) fn marker(self) -> &'static str {
        MARKERS[self as usize]
    }
}

/// Length of the marker that the text begins with.
pub(super) fn marker_at_start(text: &str) -> Option<usize> {
    MARKERS
        .iter()
        .find(|marker| text.starts_with(**marker))
        .map(|marker| marker.len())
}

/// Where the markers of a text are.
pub(super) fn markers(text: &str) -> Vec<Range<usize>> {
    text.match_indices(OPENING)
        .filter_map(|(at, _)| Some(at..at + marker_at_start(&text[at..])?))
        .collect()
}
