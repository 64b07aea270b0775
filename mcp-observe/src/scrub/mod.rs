//! Takes secrets out of free text, such as error messages that a user chose to record.
//!
//! A net, not a proof: what it knows by form or by the name in front of it is replaced by a marker that
//! names the kind, like `[redacted:jwt]`. A secret without either is not known to be one.

mod address;
mod extent;
mod kind;
mod masks;
mod number;
mod patterns;
mod plain;
#[cfg(test)]
mod tests;
mod value;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use kind::Kind;

pub use masks::Mask;

/// Replaces what looks like a secret or like personal data in free text by markers that name the
/// kind, like `[redacted:jwt]`, and makes the text one line of bounded length.
///
/// Known are: `Authorization` and `Cookie` headers, bearer and basic credentials, JWTs, the keys of
/// clouds and vendors that have a form of their own, passwords in URLs, values with a name such as
/// `password` or `api_key` (as `name=value`, in JSON, and in JSON quoted once more), private keys,
/// payment cards and IBANs with a valid check digit, US social security numbers and e-mail addresses.
/// A secret that neither its form nor a name gives away stays: a word that happens to be a password,
/// or the rest of a pass phrase that is written without quotes.
///
/// Cloning is cheap. [`Scrubber::default`] has the built-in patterns.
///
/// # Example
/// ```
/// use mcp_observe::Scrubber;
///
/// # fn main() -> Result<(), mcp_observe::ScrubError> {
/// let scrubber = Scrubber::default().with_pattern(r"\bACME-\d{6}\b")?;
/// assert_eq!(
///     scrubber.scrub("login failed: password=hunter2 customer=ACME-123456"),
///     "login failed: password=[redacted:secret] customer=[redacted:custom]",
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Scrubber {
    built_in: bool,
    custom: Arc<[Regex]>,
}

/// A pattern of one's own was refused.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ScrubError {
    /// It is no regular expression, or too large a one.
    #[error("the pattern {pattern:?} cannot be used: {reason}")]
    Invalid {
        /// The pattern, up to 128 bytes of it.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It matches the empty text, and thus everywhere and nothing.
    #[error("the pattern {pattern:?} matches the empty text, so that it would redact nothing")]
    MatchesEmpty {
        /// The pattern, up to 128 bytes of it.
        pattern: String,
    },
}

struct Span {
    range: Range<usize>,
    kind: Kind,
}

impl Default for Scrubber {
    fn default() -> Self {
        Self {
            built_in: true,
            ..Self::empty()
        }
    }
}

impl fmt::Debug for Scrubber {
    // Not the patterns: who has one secret to hide may have written it down in one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scrubber")
            .field("built_in", &self.built_in)
            .field("custom", &self.custom.len())
            .finish()
    }
}

impl Scrubber {
    /// Bytes of a text that are looked at, 8 KiB; what comes after them is dropped.
    pub const MAX_INPUT: usize = 8 * 1024;

    /// Bytes that a scrubbed text has at most.
    pub const MAX_OUTPUT: usize = 1024;

    /// Bytes that a pattern of one's own may take up when compiled.
    const MAX_PATTERN: usize = 1024 * 1024;

    /// After so many rounds that each found something new, nothing of the text is shown.
    const MAX_ROUNDS: usize = 6;

    /// A scrubber without patterns: it only bounds texts and makes them one line.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            built_in: false,
            custom: Arc::new([]),
        }
    }

    /// Redacts what the regular expression matches, all of it, as `[redacted:custom]`. The syntax is
    /// that of the [`regex`](https://docs.rs/regex/latest/regex/#syntax) crate.
    ///
    /// # Errors
    /// Where the pattern is no regular expression, would take more than 1 MiB compiled, or matches the
    /// empty text.
    pub fn with_pattern(mut self, regex: &str) -> Result<Self, ScrubError> {
        let pattern = || plain::prefix(regex, 128).to_owned();
        let compiled = RegexBuilder::new(regex)
            .size_limit(Self::MAX_PATTERN)
            .dfa_size_limit(Self::MAX_PATTERN)
            .build()
            .map_err(|error| ScrubError::Invalid {
                pattern: pattern(),
                reason: reason(&error),
            })?;
        if compiled.is_match("") {
            return Err(ScrubError::MatchesEmpty { pattern: pattern() });
        }
        self.custom = self.custom.iter().cloned().chain([compiled]).collect();
        Ok(self)
    }

    /// The text without what the patterns know, on one line, in at most [`MAX_OUTPUT`](Self::MAX_OUTPUT)
    /// bytes, and with `…` at the end where something was cut off.
    ///
    /// Scrubbing a scrubbed text changes nothing. Time is bounded: of a text longer than
    /// [`MAX_INPUT`](Self::MAX_INPUT) the rest is not looked at, and up to some 256 bytes in front of
    /// that bound, or the whole word there, are not shown.
    #[must_use]
    pub fn scrub<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(mut scrubbed) = self.round(text) else {
            return Cow::Borrowed(text);
        };
        // A cut, or a marker in the place of something, can bring about what was no match before.
        for _ in 1..Self::MAX_ROUNDS {
            match self.round(&scrubbed) {
                Some(again) => scrubbed = again,
                None => return Cow::Owned(scrubbed),
            }
        }
        Cow::Borrowed(kind::WHOLE_TEXT)
    }

    /// The text after one round, unless that changes nothing.
    fn round(&self, text: &str) -> Option<String> {
        let considered = plain::prefix(text, Self::MAX_INPUT);
        let is_cut = considered.len() < text.len();
        let clean = plain::clean(considered);
        let shown = if is_cut {
            plain::shown_of_cut(&clean)
        } else {
            clean.len()
        };
        let mut out = String::with_capacity(shown.min(Self::MAX_OUTPUT));
        let mut at = 0;
        for Span { range, kind } in self.find(&clean) {
            if range.start >= shown || out.len() > Self::MAX_OUTPUT {
                break;
            }
            out.push_str(&clean[at..range.start]);
            out.push_str(kind.marker());
            at = range.end;
        }
        if at < shown {
            out.push_str(&clean[at..shown]);
        }
        if is_cut || out.len() > Self::MAX_OUTPUT {
            plain::cut(&mut out, Self::MAX_OUTPUT);
        }
        if out.contains('\n') {
            out = out.replace('\n', " ");
        }
        (out != text).then_some(out)
    }

    /// What is to be redacted: in order, and apart.
    fn find(&self, text: &str) -> Vec<Span> {
        let mut found = Vec::new();
        if self.built_in {
            patterns::find(text, &mut found);
        }
        for regex in self.custom.iter() {
            found.extend(regex.find_iter(text).map(|found| Span {
                range: found.range(),
                kind: Kind::Custom,
            }));
        }
        if !found.is_empty() {
            spare_markers(text, &mut found);
            merge(&mut found);
        }
        found
    }
}

/// Spans contain whole markers or none, and something besides: what is redacted stays as it is.
fn spare_markers(text: &str, found: &mut Vec<Span>) {
    let markers = kind::markers(text);
    found.retain_mut(|Span { range, .. }| {
        let mut rest = String::new();
        let mut at = range.start;
        let mut touched = false;
        for marker in &markers {
            if marker.start < range.end && range.start < marker.end {
                touched = true;
                rest.push_str(text.get(at..marker.start).unwrap_or_default());
                at = marker.end;
                *range = range.start.min(marker.start)..range.end.max(marker.end);
            }
        }
        rest.push_str(text.get(at..range.end).unwrap_or_default());
        range.start < range.end && (!touched || rest.chars().any(char::is_alphanumeric))
    });
}

/// Joins what overlaps, so that no part of the longer one is left.
fn merge(found: &mut Vec<Span>) {
    found.sort_by_key(|span| (span.range.start, usize::MAX - span.range.end, span.kind));
    found.dedup_by(|next, kept| {
        let overlap = next.range.start < kept.range.end;
        if overlap {
            kept.range.end = kept.range.end.max(next.range.end);
        }
        overlap
    });
}

/// The reason on one line, without the drawing of where in the pattern it is.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").to_owned()
}
