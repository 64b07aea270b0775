//! A session of a client that sends everything that a server has to cope with.

use serde_json::{Value, json};

use crate::wire::{self, request};

/// A line of the script.
#[derive(Debug, Clone)]
pub enum Line {
    /// The server answers it with one line.
    Answered(String),
    /// It does not.
    Silent(String),
}

/// The script, for a server that has the tools `add` (of `a` and `b`), `fail`, `fall_over`, `plain`, and
/// `wait`, which waits to be cancelled.
#[must_use]
pub fn script() -> Vec<Line> {
    let silent = |line: &str| Line::Silent(line.to_owned());
    let notification = |method: &str, params: &Value| {
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        Line::Silent(message.to_string())
    };
    let ask = |id: &str, method: &str, params: Value| {
        Line::Answered(request(id, method, &params).to_string())
    };
    let mut script = vec![
        Line::Answered(wire::initialize("2025-11-25").to_string()),
        silent(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#),
        ask("list", "tools/list", json!({})),
        ask(
            "add",
            "tools/call",
            json!({ "name": "add", "arguments": { "a": 1, "b": 2 } }),
        ),
        ask(
            "bad",
            "tools/call",
            json!({ "name": "add", "arguments": { "a": "one" } }),
        ),
        ask("none", "tools/call", json!({ "name": "add" })),
        ask(
            "array",
            "tools/call",
            json!({ "name": "add", "arguments": [1, 2] }),
        ),
        ask("fail", "tools/call", json!({ "name": "fail" })),
        ask("fall", "tools/call", json!({ "name": "fall_over" })),
        ask("plain", "tools/call", json!({ "name": "plain" })),
        ask(
            "unknown tool",
            "tools/call",
            json!({ "name": "\u{0}; drop table" }),
        ),
        ask("malformed", "tools/call", json!({})),
        ask("unknown method", "no/such", json!({ "a": [1, 2, 3] })),
        ask("not implemented", "prompts/list", json!({})),
        ask("resource", "resources/read", json!({ "uri": "memo://one" })),
        ask("ping", "ping", json!({})),
        notification(
            "notifications/no-such",
            &json!({ "_meta": { "traceparent": 1 } }),
        ),
        notification("notifications/roots/list_changed", &json!({})),
        notification(
            "notifications/progress",
            &json!({ "progressToken": 1, "progress": 0.5 }),
        ),
        // Cancelled: rmcp throws the result away.
        silent(&request("wait", "tools/call", &json!({ "name": "wait" })).to_string()),
        notification("notifications/cancelled", &json!({ "requestId": "wait" })),
        ask("after", "ping", json!({})),
        // Valid JSON, but no message.
        Line::Answered(r#"{"jsonrpc":"2.0","id":{}}"#.to_owned()),
        silent("no JSON"),
        silent(""),
    ];
    for (index, meta) in hostile_metas().iter().enumerate() {
        for (method, rest) in [
            ("tools/call", r#""name":"plain""#),
            ("tools/call", r#""name":"add","arguments":{"a":1,"b":2}"#),
            ("tools/list", r#""cursor":null"#),
            ("no/such", r#""a":1"#),
        ] {
            script.push(Line::Answered(format!(
                r#"{{"jsonrpc":"2.0","id":{index},"method":"{method}","params":{{{rest},"_meta":{meta}}}}}"#
            )));
        }
    }
    script
}

/// What a client may put into `_meta`, as it stands on the wire.
fn hostile_metas() -> Vec<String> {
    let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let nested = format!("{}1{}", r#"{"a":"#.repeat(50), "}".repeat(50));
    let mut metas = vec![
        "{}".to_owned(),
        "null".to_owned(),
        format!(r#"{{"traceparent":"{valid}","tracestate":"a=b","baggage":"c=d"}}"#),
        // Twice the same key, in both orders.
        format!(r#"{{"traceparent":"{valid}","traceparent":7}}"#),
        format!(r#"{{"traceparent":7,"traceparent":"{valid}"}}"#),
        format!(r#"{{"traceparent":"{}"}}"#, "0".repeat(1_000_000)),
        format!(
            r#"{{"traceparent":"{valid}","tracestate":"{}"}}"#,
            "a=b,".repeat(100_000)
        ),
        format!(
            r#"{{"traceparent":"{valid}","baggage":"{}"}}"#,
            "k=v,".repeat(100_000)
        ),
        format!(r#"{{"traceparent":{nested},"tracestate":{nested}}}"#),
        format!(r#"{{"traceparent":["{valid}"]}}"#),
        r#"{"traceparent":"00-00000000000000000000000000000000-0000000000000000-01"}"#.to_owned(),
        r#"{"traceparent":"\u0000\ud83d\ude00é","tracestate":"=,=,\n"}"#.to_owned(),
        r#"{"progressToken":{"not":"a token"}}"#.to_owned(),
        r#"{"io.modelcontextprotocol/protocolVersion":"1999-12-31"}"#.to_owned(),
        r#"{"io.modelcontextprotocol/protocolVersion":7}"#.to_owned(),
        r#"{"io.modelcontextprotocol/clientCapabilities":"all of them"}"#.to_owned(),
    ];
    metas.extend(["true", "0", r#""""#, "[]", "{}", "null"].map(|value| {
        format!(r#"{{"traceparent":{value},"tracestate":{value},"baggage":{value}}}"#)
    }));
    metas
}
