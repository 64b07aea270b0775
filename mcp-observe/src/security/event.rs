//! A security event: what is known of it, borrowed from wherever it is kept.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId};

use super::tags::Tags;
use crate::closed::Method;
use crate::error_class::ErrorClass;
use crate::operation::outcome::Status;

/// What kind of event it is: `event.category`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Category {
    /// A `tools/call`, whatever came of it.
    ToolCall,
    /// An HTTP answer 401, 403 or 429, whatever the message was.
    Auth,
    /// Any other message that ended with an error.
    Request,
}

impl Category {
    pub(crate) const ALL: [Self; 3] = [Self::ToolCall, Self::Auth, Self::Request];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::ToolCall => "mcp.tool_call",
            Self::Auth => "mcp.auth",
            Self::Request => "mcp.request",
        }
    }
}

/// The keyed hash of a name that the server does not have; see `SecurityLog::hash_unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnknownHash(pub(super) u64);

impl fmt::Display for UnknownHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The span that an event belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SpanRef {
    pub(super) trace_id: TraceId,
    pub(super) span_id: SpanId,
    flags: TraceFlags,
}

impl SpanRef {
    /// None if the context is none, as where tracing is off.
    pub(crate) fn of(context: &SpanContext) -> Option<Self> {
        context.is_valid().then(|| Self {
            trace_id: context.trace_id(),
            span_id: context.span_id(),
            flags: context.trace_flags(),
        })
    }

    pub(super) fn is_sampled(self) -> bool {
        self.flags.is_sampled()
    }
}

/// One event, a field for each key of the schema. When it is, the log itself knows: events are
/// recorded where operations end.
#[derive(Debug, Clone)]
pub(crate) struct Event<'a> {
    pub(crate) category: Category,
    /// None where no message could be read.
    pub(crate) method: Option<Method>,
    /// On tool calls: a tool that the server has, else `_OTHER`.
    pub(crate) tool: Option<&'a str>,
    pub(crate) tags: Tags,
    /// Of the unknown tool's or method's name.
    pub(crate) unknown: Option<UnknownHash>,
    /// `usr.id`.
    pub(crate) subject: Option<&'a str>,
    /// On [`Category::Auth`] what the request claims, else what the server issued.
    pub(crate) session: Option<&'a str>,
    pub(crate) client_name: Option<&'a str>,
    pub(crate) client_ip: Option<IpAddr>,
    pub(crate) http_status: u16,
    pub(crate) duration: Duration,
    pub(crate) status: Status,
    pub(crate) error: Option<ErrorClass>,
    /// The text of the error, where the tool wants it recorded; scrubbed.
    pub(crate) message: Option<&'a str>,
    pub(crate) trace: Option<SpanRef>,
}

impl Event<'_> {
    /// An event of which no more is known than this.
    pub(crate) fn new(category: Category, http_status: u16, status: Status) -> Self {
        Self {
            category,
            method: None,
            tool: None,
            tags: Tags::NONE,
            unknown: None,
            subject: None,
            session: None,
            client_name: None,
            client_ip: None,
            http_status,
            duration: Duration::ZERO,
            status,
            error: None,
            message: None,
            trace: None,
        }
    }
}
