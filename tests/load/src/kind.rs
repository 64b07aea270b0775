//! The kinds of messages that are sent, and what each must come to in every signal.

use mcp_observe_tests::wire::{modern_meta, request};
use serde_json::{Value, json};

/// Protocol revisions that are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revision {
    /// 2025-11-25, with a session.
    Legacy,
    /// 2026-07-28, without.
    Modern,
}

/// A kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Returns, with the label `small`.
    Small,
    /// Returns, with the label `large`.
    Large,
    /// A tool without the attribute returns.
    Plain,
    /// `isError`.
    Flagged,
    /// An error with a class.
    Classified,
    /// A timeout.
    Expired,
    /// Arguments that are refused.
    BadArguments,
    /// A JSON-RPC error, the caller's fault.
    CallersFault,
    /// A JSON-RPC error, the server's fault.
    ServersFault,
    /// A JSON-RPC error with a code that MCP does not have.
    OddCode,
    /// A panic.
    Panicked,
    /// Cancelled by the client.
    Cancelled,
    /// Asks for input.
    InputRequired,
    /// A task is accepted.
    TaskAccepted,
    /// A tool that is not there.
    UnknownTool,
    /// A method that is not there.
    UnknownMethod,
    /// A resource that is not there.
    NoResource,
    /// A list.
    Listed,
    /// A notification.
    Notified,
}

/// An operation as the outcome table of the design has it.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The method, as it is told.
    pub method: &'static str,
    /// Of tool calls: the tool, `_OTHER` if the server does not have it.
    pub tool: Option<&'static str>,
    /// The declared label of the one tool that has one.
    pub size: Option<&'static str>,
    /// The label `status`.
    pub status: &'static str,
    /// `error.type` on the span and on the operation duration.
    pub error_type: Option<&'static str>,
    /// `error_type` of the tool's errors, and `error.kind` of the event.
    pub counted: Option<&'static str>,
    /// The code of the JSON-RPC error, as it stands on the span.
    pub code: Option<&'static str>,
}

impl Operation {
    /// That ends well and is no call.
    #[must_use]
    pub const fn of(method: &'static str) -> Self {
        Self {
            method,
            tool: None,
            size: None,
            status: "success",
            error_type: None,
            counted: None,
            code: None,
        }
    }

    const fn call(tool: &'static str) -> Self {
        Self {
            tool: Some(tool),
            ..Self::of("tools/call")
        }
    }

    const fn sized(self, size: &'static str) -> Self {
        Self {
            size: Some(size),
            ..self
        }
    }

    const fn failed(self, class: &'static str) -> Self {
        Self {
            status: "error",
            error_type: Some(class),
            counted: Some(class),
            ..self
        }
    }

    const fn callers_fault(self, code: &'static str) -> Self {
        Self {
            status: "error",
            counted: Some(code),
            code: Some(code),
            ..self
        }
    }

    const fn servers_fault(self, class: &'static str, code: &'static str) -> Self {
        let mut failed = self.failed(class);
        failed.code = Some(code);
        failed
    }

    /// A call that was under way when it was cancelled, or its future dropped.
    #[must_use]
    pub const fn cancelled() -> Self {
        Self {
            status: "cancelled",
            error_type: Some("cancelled"),
            ..Self::call("waiting")
        }
    }
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Small,
        Self::Large,
        Self::Plain,
        Self::Flagged,
        Self::Classified,
        Self::Expired,
        Self::BadArguments,
        Self::CallersFault,
        Self::ServersFault,
        Self::OddCode,
        Self::Panicked,
        Self::Cancelled,
        Self::InputRequired,
        Self::TaskAccepted,
        Self::UnknownTool,
        Self::UnknownMethod,
        Self::NoResource,
        Self::Listed,
        Self::Notified,
    ];

    /// What its message must come to.
    #[must_use]
    pub fn operation(self, revision: Revision) -> Operation {
        let is_modern = revision == Revision::Modern;
        match self {
            Self::Small => Operation::call("measured").sized("small"),
            Self::Large => Operation::call("measured").sized("large"),
            Self::Plain => Operation::call("plain"),
            Self::Flagged => Operation::call("flagged").failed("tool_error"),
            Self::Classified => Operation::call("classified").failed("no_such_city"),
            Self::Expired => Operation::call("expired").failed("timeout"),
            Self::BadArguments => Operation::call("measured")
                .sized("_OTHER")
                .failed("invalid_arguments"),
            Self::CallersFault => Operation::call("coded").callers_fault("-32602"),
            Self::ServersFault => Operation::call("coded").servers_fault("-32603", "-32603"),
            Self::OddCode => Operation::call("coded").servers_fault("_OTHER", "-31999"),
            // That `catch_panics` answers with a code is not how the call ended.
            Self::Panicked => Operation::call("panicked").failed("panic"),
            Self::Cancelled => Operation::cancelled(),
            Self::InputRequired if is_modern => Operation::call("asking"),
            // rmcp refuses what the client's revision does not have.
            Self::InputRequired => Operation::call("asking").callers_fault("-32600"),
            Self::TaskAccepted => Operation::call("accepted"),
            Self::UnknownTool => Operation::call("_OTHER").callers_fault("-32602"),
            Self::UnknownMethod => Operation::of("_OTHER").callers_fault("-32601"),
            Self::NoResource if is_modern => {
                Operation::of("resources/read").callers_fault("-32602")
            }
            Self::NoResource => Operation::of("resources/read").callers_fault("-32002"),
            Self::Listed => Operation::of("tools/list"),
            Self::Notified => Operation::of("notifications/roots/list_changed"),
        }
    }

    /// Whether the server answers it.
    #[must_use]
    pub fn is_answered(self) -> bool {
        !matches!(self, Self::Cancelled | Self::Notified)
    }

    /// The message, with this id if it has one.
    #[must_use]
    pub fn message(self, revision: Revision, id: u64) -> String {
        let call = |tool: &str, arguments: Value| {
            let params = json!({ "name": tool, "arguments": arguments });
            ("tools/call", params)
        };
        let (method, mut params) = match self {
            Self::Small => call("measured", json!({ "metres": 1 })),
            Self::Large => call("measured", json!({ "metres": 100 })),
            Self::Plain => call("plain", json!({})),
            Self::Flagged => call("flagged", json!({})),
            Self::Classified => call("classified", json!({})),
            Self::Expired => call("expired", json!({})),
            Self::BadArguments => call("measured", json!({ "metres": "many" })),
            Self::CallersFault => call("coded", json!({ "code": -32_602 })),
            Self::ServersFault => call("coded", json!({ "code": -32_603 })),
            Self::OddCode => call("coded", json!({ "code": -31_999 })),
            Self::Panicked => call("panicked", json!({})),
            Self::Cancelled => call("waiting", json!({})),
            Self::InputRequired => call("asking", json!({})),
            Self::TaskAccepted => call("accepted", json!({})),
            Self::UnknownTool => call("no-such-tool", json!({})),
            Self::UnknownMethod => ("no/such/method", json!({})),
            Self::NoResource => ("resources/read", json!({ "uri": "memo://none" })),
            Self::Listed => ("tools/list", json!({})),
            Self::Notified => ("notifications/roots/list_changed", json!({})),
        };
        if revision == Revision::Modern {
            params["_meta"] = modern_meta(&json!({
                "io.modelcontextprotocol/clientCapabilities": {
                    "extensions": { "io.modelcontextprotocol/tasks": {} },
                },
            }));
        }
        if self == Self::Notified {
            return json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string();
        }
        request(id, method, &params).to_string()
    }
}
