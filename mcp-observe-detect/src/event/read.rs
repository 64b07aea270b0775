//! Values of other types than text.

use std::borrow::Cow;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer};

use super::{Category, text};
use crate::timestamp::Timestamp;
use crate::trace_id::TraceId;

/// Absent rather than null.
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

pub(super) fn timestamp<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    Timestamp::parse(&text::required(from)?).map_err(D::Error::custom)
}

pub(super) fn category<'de, D: Deserializer<'de>>(from: D) -> Result<Category, D::Error> {
    Ok(match &*text::required(from)? {
        "mcp.tool_call" => Category::ToolCall,
        "mcp.auth" => Category::Auth,
        "mcp.request" => Category::Request,
        _ => Category::Other,
    })
}

pub(super) fn hash<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let text = text::required(from)?;
    let digits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits
        .then(|| u64::from_str_radix(&text, 16).ok())
        .flatten()
        .map(Some)
        .ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&text), &"16 hexadecimal digits"))
}

pub(super) fn trace_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<TraceId>, D::Error> {
    let text = text::required(from)?;
    TraceId::from_hex(&text)
        .map(Some)
        .ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&text), &"32 hexadecimal digits"))
}

/// The schema's version of a line of which nothing else needs be right.
pub(super) fn version(line: &str) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Versioned<'a> {
        #[serde(rename = "schema.version", borrow, deserialize_with = "text::required")]
        version: Cow<'a, str>,
    }
    serde_json::from_str::<Versioned<'_>>(line)
        .ok()
        .map(|versioned| versioned.version)
}
