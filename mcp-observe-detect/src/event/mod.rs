//! One line of the security log, read.

mod error;
mod read;
mod tags;
mod text;

use std::borrow::Cow;

use serde::Deserialize;

pub use self::error::EventError;
pub use self::tags::Tags;
use crate::timestamp::Timestamp;
use crate::trace_id::TraceId;

/// A line of more bytes is refused: none that `mcp-observe` writes comes near.
pub const LONGEST_LINE: usize = 64 * 1024;

/// A security event, as far as detection needs it. Its texts are borrowed from the line, but for those
/// that are escaped in it.
///
/// ```
/// use mcp_observe_detect::{Category, Event};
///
/// let line = br#"{"timestamp":"2026-03-01T12:00:00.000000Z","schema.version":"1.0",
///     "event.category":"mcp.tool_call","mcp.tool.name":"add","usr.id":"ada","status":"success"}"#;
/// let event = Event::parse(line)?;
/// assert_eq!(event.category, Category::ToolCall);
/// assert_eq!(event.user.as_deref(), Some("ada"));
/// # Ok::<(), mcp_observe_detect::EventError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
#[serde(expecting = "a security event, which is a JSON object")]
pub struct Event<'a> {
    /// `timestamp`: when the operation ended.
    #[serde(deserialize_with = "read::timestamp")]
    pub timestamp: Timestamp,
    /// `schema.version`.
    #[serde(rename = "schema.version", borrow, deserialize_with = "text::required")]
    pub schema_version: Cow<'a, str>,
    /// `event.category`.
    #[serde(rename = "event.category", deserialize_with = "read::category")]
    pub category: Category,
    /// `mcp.method.name`.
    #[serde(
        rename = "mcp.method.name",
        borrow,
        default,
        deserialize_with = "text::optional"
    )]
    pub method: Option<Cow<'a, str>>,
    /// `mcp.tool.name`.
    #[serde(
        rename = "mcp.tool.name",
        borrow,
        default,
        deserialize_with = "text::optional"
    )]
    pub tool: Option<Cow<'a, str>>,
    /// `mcp.tool.tags`.
    #[serde(rename = "mcp.tool.tags", default)]
    pub tags: Tags,
    /// `mcp.unknown.hash`.
    #[serde(rename = "mcp.unknown.hash", default, deserialize_with = "read::hash")]
    pub unknown_hash: Option<u64>,
    /// `usr.id`.
    #[serde(
        rename = "usr.id",
        borrow,
        default,
        deserialize_with = "text::optional"
    )]
    pub user: Option<Cow<'a, str>>,
    /// `mcp.session.id`.
    #[serde(
        rename = "mcp.session.id",
        borrow,
        default,
        deserialize_with = "text::optional"
    )]
    pub session: Option<Cow<'a, str>>,
    /// `mcp.client.name`.
    #[serde(
        rename = "mcp.client.name",
        borrow,
        default,
        deserialize_with = "text::optional"
    )]
    pub client_name: Option<Cow<'a, str>>,
    /// `network.client.ip`.
    #[serde(
        rename = "network.client.ip",
        borrow,
        default,
        deserialize_with = "text::optional"
    )]
    pub client_ip: Option<Cow<'a, str>>,
    /// `http.status`.
    #[serde(rename = "http.status", default, deserialize_with = "read::present")]
    pub http_status: Option<u16>,
    /// `duration_ms`, in milliseconds.
    #[serde(default, deserialize_with = "read::present")]
    pub duration_ms: Option<f64>,
    /// `status`.
    #[serde(default, deserialize_with = "read::present")]
    pub status: Option<Status>,
    /// `error.kind`.
    #[serde(
        rename = "error.kind",
        borrow,
        default,
        deserialize_with = "text::optional"
    )]
    pub error_kind: Option<Cow<'a, str>>,
    /// `trace_id`.
    #[serde(default, deserialize_with = "read::trace_id")]
    pub trace_id: Option<TraceId>,
}

/// What an event tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Category {
    /// `mcp.tool_call`.
    ToolCall,
    /// `mcp.auth`.
    Auth,
    /// `mcp.request`.
    Request,
    /// Any other, such as an alert that was written into the same log. Detection leaves it alone.
    Other,
}

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// `success`.
    Success,
    /// `error`.
    Error,
    /// `cancelled`.
    Cancelled,
}

impl<'a> Event<'a> {
    /// Reads one line, with or without its end.
    ///
    /// Keys that it does not know are passed over: minor versions of the schema add keys.
    ///
    /// # Errors
    /// The line is longer than [`LONGEST_LINE`], is of another major version of the schema, is no JSON
    /// in UTF-8, lacks a key that every event has, or has one of another type than the schema says.
    pub fn parse(line: &'a [u8]) -> Result<Self, EventError> {
        if line.len() > LONGEST_LINE {
            return Err(EventError::TooLong { bytes: line.len() });
        }
        // All of it at once: a check of each text is a quarter of the work.
        let line = core::str::from_utf8(line)?;
        match serde_json::from_str::<Self>(line) {
            Ok(event) if is_known(&event.schema_version) => Ok(event),
            Ok(event) => Err(EventError::version(&event.schema_version)),
            // A later major version may have other types: that it is one says more.
            Err(error) => Err(match read::version(line) {
                Some(version) if !is_known(&version) => EventError::version(&version),
                _ => EventError::Malformed(error),
            }),
        }
    }

    /// The call got past the transport and its authentication.
    pub(crate) fn is_call(&self) -> bool {
        self.category == Category::ToolCall && !matches!(self.http_status, Some(401 | 403 | 429))
    }
}

fn is_known(version: &str) -> bool {
    version.split('.').next() == Some("1")
}
