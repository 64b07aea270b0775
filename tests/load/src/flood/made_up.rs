//! Names that nobody has, and the messages that ask for them over a pipe.

use mcp_observe_tests::wire::request;
use serde_json::json;

/// What is asked for by name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target {
    Tool,
    Method,
    Resource,
    Prompt,
    /// A JSON-RPC code that a tool's error has.
    Code,
}

impl Target {
    pub(super) const OVER_PIPE: [Self; 5] = [
        Self::Tool,
        Self::Method,
        Self::Resource,
        Self::Prompt,
        Self::Code,
    ];

    /// The message that asks for the name of this number.
    pub(super) fn message(self, number: u64) -> String {
        let name = name(number);
        let (method, params) = match self {
            Self::Tool => ("tools/call", json!({ "name": name })),
            Self::Method => (&*name, json!({})),
            Self::Resource => ("resources/read", json!({ "uri": format!("memo://{name}") })),
            Self::Prompt => ("prompts/get", json!({ "name": name })),
            Self::Code => {
                let code = -1_000_000_i64 - i64::try_from(number).unwrap_or_default();
                let params = json!({ "name": "coded", "arguments": { "code": code } });
                ("tools/call", params)
            }
        };
        request(number, method, &params).to_string()
    }
}

/// A name of 4,000 bytes.
pub(super) fn name(number: u64) -> String {
    format!("made-up-{number:0>3992}")
}
