//! Closed sets: what a peer sends becomes a label value or a span name only through one of these.
//!
//! Each type is a small index with a `&'static str` for every value, so that it costs no allocation,
//! and everything outside the set is the one value `_OTHER`.

pub(crate) mod names;
pub(crate) mod presentable;
pub(crate) mod table;

use opentelemetry::KeyValue;

use crate::semconv::{OTHER, attribute};
use table::{concat, texts};

/// An MCP method: a request or a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Method(u8);

/// Index 0 is the fallback. The convention's enumeration, then what newer protocol revisions and
/// their extensions add.
pub(crate) const METHODS: &[&str] = &[
    OTHER,
    "initialize",
    "notifications/initialized",
    "ping",
    "tools/list",
    "tools/call",
    "notifications/tools/list_changed",
    "prompts/list",
    "prompts/get",
    "notifications/prompts/list_changed",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "resources/subscribe",
    "resources/unsubscribe",
    "notifications/resources/list_changed",
    "notifications/resources/updated",
    "completion/complete",
    "logging/setLevel",
    "notifications/message",
    "notifications/progress",
    "notifications/cancelled",
    "sampling/createMessage",
    "roots/list",
    "notifications/roots/list_changed",
    "elicitation/create",
    "server/discover",
    "subscriptions/listen",
    "notifications/subscriptions/acknowledged",
    "tasks/get",
    "tasks/update",
    "tasks/cancel",
    "tasks/result",
    "tasks/list",
    "notifications/tasks/status",
    "notifications/tasks",
    "notifications/elicitation/complete",
    "skills/list",
    "skills/get",
    "resources/directory/read",
];

impl Method {
    pub(crate) const OTHER: Self = Self(0);
    pub(crate) const INITIALIZE: Self = Self::known("initialize");
    pub(crate) const TOOLS_CALL: Self = Self::known("tools/call");

    /// The method of that name; for names that this crate itself writes down.
    ///
    /// # Panics
    /// At compile time where the name is not in the table.
    pub(crate) const fn known(name: &str) -> Self {
        let mut index = 1;
        while index < METHODS.len() {
            if same(METHODS[index], name) {
                #[expect(clippy::cast_possible_truncation, reason = "the table is short")]
                return Self(index as u8);
            }
            index += 1;
        }
        panic!("not a method of the table")
    }

    /// The method that a peer named.
    pub(crate) fn parse(name: &str) -> Self {
        METHODS
            .iter()
            .position(|known| *known == name)
            .and_then(|index| u8::try_from(index).ok())
            .map_or(Self::OTHER, Self)
    }

    pub(crate) fn as_str(self) -> &'static str {
        METHODS[usize::from(self.0)]
    }

    pub(crate) fn index(self) -> u8 {
        self.0
    }
}

/// A protocol revision, or one that this crate does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProtocolVersion(u8);

pub(crate) const VERSIONS: &[&str] = &[
    OTHER,
    "2024-11-05",
    "2025-03-26",
    "2025-06-18",
    "2025-11-25",
    "2026-07-28",
];

impl ProtocolVersion {
    pub(crate) fn parse(name: &str) -> Self {
        VERSIONS
            .iter()
            .position(|known| *known == name)
            .and_then(|index| u8::try_from(index).ok())
            .map_or(Self(0), Self)
    }

    /// Whether a call may take several rounds: since 2026-07-28.
    pub(crate) fn has_rounds(self) -> bool {
        self != Self(0) && self.as_str() >= "2026-07-28"
    }

    pub(crate) fn as_str(self) -> &'static str {
        VERSIONS[usize::from(self.0)]
    }

    pub(crate) fn index(self) -> u8 {
        self.0
    }
}

/// A JSON-RPC error code of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RpcCode(pub(crate) i32);

impl RpcCode {
    /// The codes that MCP defines and for which its conventions blame the caller, so that the server
    /// did not fail (`docs/gen-ai/mcp.md`, the list of its server span).
    const CALLERS_FAULTS: [(i32, &str); 5] = [
        (-32700, "-32700"),
        (-32600, "-32600"),
        (-32601, "-32601"),
        (-32602, "-32602"),
        (-32002, "-32002"),
    ];

    /// The other codes that MCP defines.
    const OTHER_FAULTS: [(i32, &str); 5] = [
        (-32603, "-32603"),
        (-32020, "-32020"),
        (-32021, "-32021"),
        (-32022, "-32022"),
        (-32042, "-32042"),
    ];

    const KNOWN: [(i32, &str); 10] = concat(&[&Self::CALLERS_FAULTS, &Self::OTHER_FAULTS]);

    /// The codes that MCP defines, as labels.
    pub(crate) const KNOWN_LABELS: [&str; 10] = texts(&Self::KNOWN);

    /// Those of them for which the conventions do not blame the caller.
    pub(crate) const OTHER_FAULTS_LABELS: [&str; 5] = texts(&Self::OTHER_FAULTS);

    /// All that [`Self::as_label`] can be.
    pub(crate) const LABELS: [&str; 11] = concat(&[&[OTHER], &Self::KNOWN_LABELS]);

    pub(crate) fn is_callers_fault(self) -> bool {
        Self::CALLERS_FAULTS.iter().any(|(code, _)| *code == self.0)
    }

    /// The code as a label value: itself if it is one of the codes that MCP defines.
    pub(crate) fn as_label(self) -> &'static str {
        let known = Self::KNOWN.iter().find(|(code, _)| *code == self.0);
        known.map_or(OTHER, |(_, label)| label)
    }
}

/// An HTTP status with which a message was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpStatus(u16);

impl HttpStatus {
    /// Statuses of MCP's HTTP transport, and of what is commonly put in front of a server, that blame
    /// the caller.
    const CALLERS_FAULTS: [(u16, &str); 13] = [
        (400, "400"),
        (401, "401"),
        (403, "403"),
        (404, "404"),
        (405, "405"),
        (406, "406"),
        (408, "408"),
        (409, "409"),
        (413, "413"),
        (415, "415"),
        (422, "422"),
        (429, "429"),
        (431, "431"),
    ];

    /// Those that do not.
    const SERVERS_FAULTS: [(u16, &str); 5] = [
        (500, "500"),
        (501, "501"),
        (502, "502"),
        (503, "503"),
        (504, "504"),
    ];

    const KNOWN: [(u16, &str); 18] = concat(&[&Self::CALLERS_FAULTS, &Self::SERVERS_FAULTS]);

    /// All that [`Self::as_str`] can be.
    pub(crate) const LABELS: [&str; 18] = texts(&Self::KNOWN);

    /// Those of them that do not blame the caller.
    pub(crate) const SERVERS_FAULTS_LABELS: [&str; 5] = texts(&Self::SERVERS_FAULTS);

    /// None if the status refuses nothing.
    #[cfg(feature = "http")]
    pub(crate) fn refusing(status: u16) -> Option<Self> {
        matches!(status, 400..600).then_some(Self(status))
    }

    pub(crate) fn is_callers_fault(self) -> bool {
        self.0 < 500
    }

    /// Whether it tells the caller that it is not let in, or not so often: that is an event of
    /// authentication, whatever the message was.
    pub(crate) fn shuts_out(self) -> bool {
        matches!(self.0, 401 | 403 | 429)
    }

    pub(crate) fn as_u16(self) -> u16 {
        self.0
    }

    /// The place in the table of what is the status as a label: itself, or, if it is not in there,
    /// the first of its class, as which clients treat a status that they do not know (RFC 9110,
    /// section 15).
    pub(crate) fn index(self) -> u8 {
        let place = |status| Self::KNOWN.iter().position(|(known, _)| *known == status);
        place(self.0)
            .or_else(|| place(self.0 / 100 * 100))
            .and_then(|index| u8::try_from(index).ok())
            .unwrap_or_default()
    }

    /// The status as a label value.
    pub(crate) fn label(self) -> u16 {
        Self::KNOWN[usize::from(self.index())].0
    }

    /// The same as a class of error.
    pub(crate) fn as_str(self) -> &'static str {
        Self::KNOWN[usize::from(self.index())].1
    }
}

/// How messages travel, as far as the conventions tell transports apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum Transport {
    /// Not known here: the macro alone, without a carrier that tells.
    #[default]
    Unknown,
    /// stdio, or a duplex pipe in memory.
    Pipe,
    Http10,
    Http11,
    Http2,
    /// HTTP/3: over QUIC, not TCP.
    Http3,
    /// HTTP of a version that is not known here.
    Http,
}

impl Transport {
    #[cfg(any(feature = "rmcp", feature = "http"))]
    pub(crate) fn of_http(version: http::Version) -> Self {
        match version {
            http::Version::HTTP_2 => Self::Http2,
            http::Version::HTTP_3 => Self::Http3,
            http::Version::HTTP_11 => Self::Http11,
            _ => Self::Http10,
        }
    }

    fn network_transport(self) -> Option<&'static str> {
        match self {
            Self::Unknown => None,
            Self::Pipe => Some("pipe"),
            Self::Http10 | Self::Http11 | Self::Http2 | Self::Http => Some("tcp"),
            Self::Http3 => Some("quic"),
        }
    }

    fn is_http(self) -> bool {
        !matches!(self, Self::Unknown | Self::Pipe)
    }

    fn http_version(self) -> Option<&'static str> {
        match self {
            Self::Unknown | Self::Pipe | Self::Http => None,
            Self::Http10 => Some("1.0"),
            Self::Http11 => Some("1.1"),
            Self::Http2 => Some("2"),
            Self::Http3 => Some("3"),
        }
    }

    /// Adds the `network.*` attributes.
    pub(crate) fn attributes(self, attributes: &mut Vec<KeyValue>) {
        if let Some(name) = self.network_transport() {
            attributes.push(KeyValue::new(attribute::NETWORK_TRANSPORT, name));
        }
        if self.is_http() {
            attributes.push(KeyValue::new(attribute::NETWORK_PROTOCOL_NAME, "http"));
        }
        if let Some(version) = self.http_version() {
            attributes.push(KeyValue::new(attribute::NETWORK_PROTOCOL_VERSION, version));
        }
    }

    pub(crate) fn index(self) -> u8 {
        self as u8
    }
}

pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}
