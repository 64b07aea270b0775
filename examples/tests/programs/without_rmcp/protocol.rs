//! It answers as an MCP server does.

use serde_json::{Value, json};

use super::{end, start};
use crate::collector;
use crate::process::Program;
use crate::session::{self, VERSION, ask, call, message_of, request, tell};

/// Calls a tool; its text, and whether it failed.
fn result(server: &mut Program, tool: &str, arguments: Value) -> (String, bool) {
    let answer = ask(server, &call(7, tool, arguments));
    assert_eq!(answer["id"], 7, "{answer}");
    let result = &answer["result"];
    let text = result["content"][0]["text"].as_str().expect("a text");
    (text.to_owned(), result["isError"] == true)
}

fn error(answer: &Value) -> (&Value, i64) {
    let code = answer["error"]["code"].as_i64();
    (&answer["id"], code.expect("an error has a code"))
}

#[test]
fn a_session() {
    let mut server = start(&[]);
    let opened = session::open(&mut server);
    assert_eq!(opened["result"]["protocolVersion"], VERSION);
    assert_eq!(opened["result"]["serverInfo"]["name"], "without-rmcp");
    let pong = ask(
        &mut server,
        &json!({ "jsonrpc": "2.0", "id": "p", "method": "ping" }),
    );
    assert_eq!((&pong["id"], &pong["result"]), (&json!("p"), &json!({})));
    let listed = ask(&mut server, &request(1, "tools/list", json!({})));
    let tools = listed["result"]["tools"].as_array().expect("a list");
    let names: Vec<_> = tools.iter().map(|tool| &tool["name"]).collect();
    assert_eq!(names, ["add", "divide", "pause"]);
    for tool in tools {
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
    }

    let of = |a, b| json!({ "a": a, "b": b });
    let sum = result(&mut server, "add", of(1.5, 2.0));
    assert_eq!(sum, ("3.5".to_owned(), false));
    let quotient = result(&mut server, "divide", of(1.0, 4.0));
    assert_eq!(quotient, ("0.25".to_owned(), false));
    assert!(result(&mut server, "divide", of(1.0, 0.0)).1);
    let pause = |seconds, limit| json!({ "seconds": seconds, "limit": limit });
    assert!(!result(&mut server, "pause", pause(0.0, 60.0)).1);
    assert!(result(&mut server, "pause", pause(60.0, 0.0)).1);
    assert!(result(&mut server, "pause", pause(-1.0, 1.0)).1);
    let (text, failed) = result(&mut server, "add", json!({ "a": "one" }));
    assert!(failed && text.contains("`a`"), "{text}");
    end(server);
}

#[test]
fn a_version_that_it_does_not_speak() {
    let mut server = start(&[]);
    let params = json!({ "protocolVersion": "1999-12-31" });
    let answer = ask(&mut server, &request(1, "initialize", params));
    assert_eq!(answer["result"]["protocolVersion"], VERSION);
    end(server);
}

#[test]
fn what_is_no_request_of_its() {
    let mut server = start(&[]);
    session::open(&mut server);
    for (line, id, code) in [
        ("{\"jsonrpc\": \"2.0\",", json!(null), -32700),
        ("", json!(null), -32700),
        ("[]", json!(null), -32600),
        ("{\"id\": 1, \"method\": \"ping\"}", json!(null), -32600),
        ("{\"jsonrpc\": \"2.0\", \"id\": 1}", json!(null), -32600),
        (
            "{\"jsonrpc\": \"2.0\", \"id\": null, \"method\": \"ping\"}",
            json!(null),
            -32600,
        ),
        (
            "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"no/such\"}",
            json!(1),
            -32601,
        ),
    ] {
        server.write(&format!("{line}\n"));
        let answer = message_of(server.line());
        assert_eq!(error(&answer), (&id, code), "{line}: {answer}");
    }
    for params in [
        json!(null),
        json!({}),
        json!({ "name": 1 }),
        json!({ "name": "no_such_tool" }),
        json!({ "name": "add", "arguments": [1, 2] }),
    ] {
        let answer = ask(&mut server, &request(2, "tools/call", params));
        assert_eq!(error(&answer), (&json!(2), -32602), "{answer}");
    }
    // Not answered: the next line is the answer to the next request.
    for silent in [
        json!({ "jsonrpc": "2.0", "method": "ping" }),
        json!({ "jsonrpc": "2.0", "method": "notifications/no_such" }),
        json!({ "jsonrpc": "2.0", "id": 1, "result": {} }),
        json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": 1, "message": "" } }),
    ] {
        tell(&mut server, &silent);
    }
    let pong = ask(&mut server, &request(3, "ping", json!({})));
    assert_eq!(pong["id"], 3, "{pong}");
    end(server);
}

#[test]
fn an_endpoint_that_never_answers_changes_no_byte() {
    let (_listener, endpoint) = collector::mute();
    let run = |environment: &[(&str, &str)]| {
        let mut server = start(environment);
        session::open(&mut server);
        result(&mut server, "add", json!({ "a": 1, "b": 2 }));
        result(&mut server, "pause", json!({ "seconds": 1, "limit": 0 }));
        server.close_stdin();
        server.wait()
    };
    let off = run(&[("OTEL_SDK_DISABLED", "true")]);
    let failing = run(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]);
    assert_eq!((off.code, failing.code), (Some(0), Some(0)));
    assert_eq!(failing.stdout, off.stdout);
    assert_eq!(failing.stderr.lines().count(), 1, "{failing:#?}");
    assert!(failing.stderr.contains("lost"), "{failing:#?}");
}
