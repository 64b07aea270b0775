//! What rmcp refuses, each with what it answers and what is to be exported.

use mcp_observe_tests::wire::{initialize, modern_meta, request};
use serde_json::{Value, json};

use crate::{Kind, LEGACY};

pub(crate) const ACCEPT: (&str, &str) = ("accept", "application/json, text/event-stream");
pub(crate) const CONTENT: (&str, &str) = ("content-type", "application/json");
const VERSION: &str = "mcp-protocol-version";
const MODERN: (&str, &str) = (VERSION, "2026-07-28");

/// A request that is refused.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    pub(crate) body: String,
    /// To which servers the case applies.
    pub(crate) kinds: &'static [Kind],
    /// In the client's session, if the server has any.
    pub(crate) in_session: bool,
    pub(crate) status: u16,
    /// The span's name, and the attributes that are not those of the transport. None if the message
    /// is no operation.
    pub(crate) exported: Option<(&'static str, Vec<&'static str>)>,
}

impl Case {
    fn new(headers: &[(&'static str, &'static str)], body: &Value, status: u16) -> Self {
        Self {
            headers: [&[ACCEPT, CONTENT], headers].concat(),
            body: body.to_string(),
            kinds: &Kind::ALL,
            in_session: false,
            status,
            exported: None,
        }
    }

    fn on(self, kinds: &'static [Kind]) -> Self {
        Self { kinds, ..self }
    }

    fn in_session(self) -> Self {
        Self {
            in_session: true,
            ..self
        }
    }

    fn text(self, body: impl Into<String>) -> Self {
        Self {
            body: body.into(),
            ..self
        }
    }

    fn with_headers(self, headers: &[(&'static str, &'static str)]) -> Self {
        Self {
            headers: headers.to_vec(),
            ..self
        }
    }

    fn exports(self, method: &'static str, own: &[&'static str]) -> Self {
        Self {
            exported: Some((method, own.to_vec())),
            ..self
        }
    }
}

const ID: &str = "jsonrpc.request.id=7";

/// What HTTP alone refuses: before the message is read, or because of what it is.
pub(crate) fn of_http() -> Vec<Case> {
    const SESSIONS: &[Kind] = &[Kind::Sessions];
    let list = request(7, "tools/list", &json!({}));
    let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let large = json!({ "name": "secret", "arguments": { "a": "x".repeat(2_000) } });
    let large = request(7, "tools/call", &large);
    let unknown = "mcp.protocol.version=_OTHER";
    let forbidden = &["http.response.status_code=403"];
    let unreadable = &["http.response.status_code=415"];
    let no_session = &["http.response.status_code=400", ID];
    vec![
        Case::new(&[], &list, 406)
            .with_headers(&[CONTENT])
            .exports("_OTHER", &["http.response.status_code=406"]),
        Case::new(&[], &list, 415)
            .with_headers(&[ACCEPT])
            .exports("_OTHER", unreadable),
        // The body is not read, but a client since 2026-07-28 says in headers what it is.
        Case::new(&[], &list, 415)
            .with_headers(&[ACCEPT, MODERN, ("mcp-method", "tools/list")])
            .exports(
                "tools/list",
                &[unreadable[0], "mcp.protocol.version=2026-07-28"],
            ),
        Case::new(&[("host", "evil.example")], &list, 403).exports("_OTHER", forbidden),
        Case::new(&[("origin", "http://evil.example")], &list, 403).exports("_OTHER", forbidden),
        Case::new(&[], &list, 415)
            .text("no JSON")
            .exports("_OTHER", unreadable),
        Case::new(&[], &list, 415)
            .text("")
            .exports("_OTHER", unreadable),
        Case::new(&[], &json!({ "jsonrpc": "2.0", "id": 7 }), 415)
            .exports("_OTHER", &[unreadable[0], ID]),
        Case::new(&[], &json!({ "id": 7, "method": "secret/method" }), 415)
            .exports("_OTHER", &[unreadable[0], ID]),
        // rmcp reads no batches.
        Case::new(&[], &json!([list, list]), 415).exports("_OTHER", unreadable),
        // Cut off in the middle.
        Case::new(&[], &list, 415)
            .text(r#"{"id":7,"method":"prompts/get","params":{"name":"se"#)
            .exports("prompts/get", &[unreadable[0], ID]),
        Case::new(&[], &large, 413).exports(
            "tools/call",
            &[
                "gen_ai.operation.name=execute_tool",
                "http.response.status_code=413",
                ID,
            ],
        ),
        Case::new(&[], &list, 400)
            .on(SESSIONS)
            .exports("tools/list", no_session),
        Case::new(&[("mcp-session-id", "made-up")], &list, 404)
            .on(SESSIONS)
            .exports("tools/list", &["http.response.status_code=404", ID]),
        Case::new(&[], &initialized, 400)
            .on(SESSIONS)
            .exports("notifications/initialized", &no_session[..1]),
        Case::new(&[(VERSION, "1999-12-31")], &list, 400)
            .in_session()
            .exports("tools/list", &[no_session[0], ID, unknown]),
        // No messages of their own, but answers to the server's.
        Case::new(
            &[],
            &json!({ "jsonrpc": "2.0", "id": 7, "result": {} }),
            400,
        ),
        Case::new(
            &[],
            &json!({ "jsonrpc": "2.0", "id": 7, "error": { "code": 1, "message": "" } }),
            400,
        ),
    ]
}

fn modern(method: &str, more: &Value) -> Value {
    request(7, method, &json!({ "_meta": modern_meta(more) }))
}

/// What is refused with a JSON-RPC error, before the handler is asked.
pub(crate) fn of_json_rpc() -> Vec<Case> {
    const VERSION_KEY: &str = "io.modelcontextprotocol/protocolVersion";
    const NOW: &str = "mcp.protocol.version=2026-07-28";
    const UNKNOWN: &str = "mcp.protocol.version=_OTHER";
    const MISMATCH: [&str; 2] = ["error.type=-32020", "rpc.response.status_code=-32020"];
    const UNSUPPORTED: [&str; 2] = ["error.type=-32022", "rpc.response.status_code=-32022"];
    const INCAPABLE: [&str; 2] = ["error.type=-32021", "rpc.response.status_code=-32021"];
    const PARAMS: &str = "rpc.response.status_code=-32602";
    const METHOD: &str = "rpc.response.status_code=-32601";
    let list = modern("tools/list", &json!({}));
    let bare = |method: &str| request(7, method, &json!({}));
    let mut incapable = list.clone();
    let meta = incapable["params"]["_meta"].as_object_mut();
    meta.map(|meta| meta.remove("io.modelcontextprotocol/clientCapabilities"));
    let skill = json!({ "uri": "skill://x", "_meta": modern_meta(&json!({})) });
    let task = json!({ "taskId": "x", "_meta": modern_meta(&json!({})) });
    vec![
        Case::new(&[(VERSION, LEGACY)], &list, 400)
            .exports("tools/list", &[ID, NOW, MISMATCH[0], MISMATCH[1]]),
        Case::new(&[], &list, 400).exports("tools/list", &[ID, NOW, MISMATCH[0], MISMATCH[1]]),
        Case::new(&[MODERN], &list, 400)
            .exports("tools/list", &[ID, NOW, MISMATCH[0], MISMATCH[1]]),
        Case::new(&[MODERN, ("mcp-method", "tools/call")], &list, 400)
            .exports("tools/list", &[ID, NOW, MISMATCH[0], MISMATCH[1]]),
        Case::new(
            &[MODERN, ("mcp-method", "secret")],
            &json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": {} }),
            400,
        )
        .exports("notifications/progress", &[NOW, MISMATCH[0], MISMATCH[1]]),
        Case::new(
            &[(VERSION, "2027-01-01"), ("mcp-method", "tools/list")],
            &modern("tools/list", &json!({ VERSION_KEY: "2027-01-01" })),
            400,
        )
        .exports("tools/list", &[ID, UNKNOWN, UNSUPPORTED[0], UNSUPPORTED[1]]),
        Case::new(
            &[MODERN, ("mcp-method", "tools/list")],
            &bare("tools/list"),
            400,
        )
        .exports("tools/list", &[ID, NOW, PARAMS]),
        Case::new(&[MODERN, ("mcp-method", "tools/list")], &incapable, 400)
            .exports("tools/list", &[ID, NOW, PARAMS]),
        Case::new(&[], &bare("server/discover"), 400).exports("server/discover", &[ID, PARAMS]),
        Case::new(
            &[MODERN, ("mcp-method", "ping")],
            &modern("ping", &json!({})),
            404,
        )
        .exports("ping", &[ID, NOW, METHOD]),
        Case::new(
            &[MODERN, ("mcp-method", "tasks/get"), ("mcp-name", "x")],
            &request(7, "tasks/get", &task),
            400,
        )
        .exports("tasks/get", &[ID, NOW, INCAPABLE[0], INCAPABLE[1]]),
        Case::new(&[(VERSION, "2025-06-18")], &initialize(LEGACY), 400).exports(
            "initialize",
            &["jsonrpc.request.id=0", "rpc.response.status_code=-32600"],
        ),
        // Those are errors by JSON-RPC alone, in a stream of events or not.
        Case::new(
            &[
                MODERN,
                ("mcp-method", "skills/get"),
                ("mcp-name", "skill://x"),
            ],
            &request(7, "skills/get", &skill),
            200,
        )
        .exports("skills/get", &[ID, NOW, PARAMS]),
        Case::new(
            &[],
            &request(7, "subscriptions/listen", &json!({ "notifications": {} })),
            200,
        )
        .in_session()
        .exports("subscriptions/listen", &[ID, METHOD]),
    ]
}
