//! Why a line is no event.

use super::LONGEST_LINE;

/// Why a line could not be read as a security event.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// More than [`LONGEST_LINE`] bytes.
    #[error("the line has {bytes} bytes, and events have at most {LONGEST_LINE}")]
    TooLong {
        /// The line's length.
        bytes: usize,
    },
    /// Of another major version of the schema.
    #[error("the event is of schema version {version:?}, and only 1.x can be read")]
    Version {
        /// What it says, or how it begins.
        version: String,
    },
    /// No UTF-8.
    #[error("the line is no security event: {0}")]
    Encoding(#[from] core::str::Utf8Error),
    /// No JSON, or not as the schema says.
    #[error("the line is no security event: {0}")]
    Malformed(serde_json::Error),
}

impl EventError {
    pub(super) fn version(version: &str) -> Self {
        Self::Version {
            version: version.chars().take(16).collect(),
        }
    }
}
