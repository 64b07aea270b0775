//! Which end of a message an operation is at.

use opentelemetry::trace::SpanKind;

/// Who opened the operation: whoever received the message, or whoever sent it. A server sends
/// messages as well, and is the client of those (`docs/gen-ai/mcp.md`, "Server").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Side {
    /// The message is handled here.
    #[default]
    Server,
    /// It was sent from here, and its answer is awaited.
    Client,
}

impl Side {
    pub(crate) fn span_kind(self) -> SpanKind {
        match self {
            Self::Server => SpanKind::Server,
            Self::Client => SpanKind::Client,
        }
    }
}
