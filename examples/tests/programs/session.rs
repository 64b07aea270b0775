//! A session that is scripted line by line, with a server that has its stdin and stdout to it.

use serde_json::{Value, json};

use crate::process::Program;

/// The version that the script asks for.
pub(crate) const VERSION: &str = "2025-11-25";

/// A trace that calls are part of, and the span that they are made in.
pub(crate) const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
pub(crate) const PARENT: &str = "b7ad6b7169203331";

/// Says something that is not answered.
pub(crate) fn tell(server: &mut Program, message: &Value) {
    server.write(&format!("{message}\n"));
}

/// Says something, and waits for the next line, which must be a JSON-RPC message.
pub(crate) fn ask(server: &mut Program, message: &Value) -> Value {
    tell(server, message);
    message_of(server.line())
}

/// Opens the session.
pub(crate) fn open(server: &mut Program) -> Value {
    let answer = ask(
        server,
        &request(
            0,
            "initialize",
            json!({
                "protocolVersion": VERSION,
                "capabilities": {},
                "clientInfo": { "name": "script", "version": "1" },
            }),
        ),
    );
    tell(
        server,
        &json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
    );
    answer
}

pub(crate) fn request(id: u32, method: &str, params: Value) -> Value {
    let mut request = json!({ "jsonrpc": "2.0", "id": id, "method": method });
    request["params"] = params;
    request
}

/// A call that is part of [`TRACE`].
pub(crate) fn call(id: u32, tool: &str, arguments: Value) -> Value {
    let meta = json!({ "traceparent": format!("00-{TRACE}-{PARENT}-01") });
    let mut params = json!({ "name": tool, "_meta": meta });
    params["arguments"] = arguments;
    request(id, "tools/call", params)
}

/// A line as the JSON-RPC message that it must be.
pub(crate) fn message_of(line: &str) -> Value {
    assert!(line.ends_with('\n'), "a line that does not end: {line:?}");
    let message: Value =
        serde_json::from_str(line).unwrap_or_else(|error| panic!("not JSON: {error}: {line:?}"));
    assert_eq!(message["jsonrpc"], "2.0", "no JSON-RPC message: {line}");
    let is_one = ["method", "result", "error"]
        .iter()
        .any(|member| message.get(member).is_some());
    assert!(is_one, "no JSON-RPC message: {line}");
    message
}
