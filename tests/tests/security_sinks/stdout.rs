//! Stdout is the protocol's, unless it cannot be.

use mcp_observe_tests::security_event::events;
use mcp_observe_tests::session::VERSION;
use mcp_observe_tests::wire::{initialize, request};
use serde_json::json;

use super::process::run;

const REFUSAL: &str = "the security log is not written to stdout";

fn messages() -> Vec<String> {
    vec![
        initialize(VERSION).to_string(),
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#.to_owned(),
        request(1, "tools/call", &json!({ "name": "echo" })).to_string(),
        request(2, "tools/call", &json!({ "name": "not there" })).to_string(),
        request(3, "secret/method", &json!({})).to_string(),
    ]
}

#[test]
fn over_stdio_it_is_never_written_to_whatever_is_asked_for() {
    let messages = messages();
    let messages: Vec<&str> = messages.iter().map(|it| &**it).collect();
    let without = run("stdio", "none", &messages, &[]);
    let with = run("stdio", "stdout", &messages, &[]);
    let sorted = |stdout: &str| {
        let mut lines: Vec<String> = stdout.lines().map(str::to_owned).collect();
        // Answers may overtake each other.
        lines.sort();
        lines
    };
    assert_eq!(sorted(&without.stdout).len(), 4, "{}", without.stdout);
    assert_eq!(sorted(&with.stdout), sorted(&without.stdout));
    assert_eq!(with.warnings(REFUSAL), 1, "{}", with.stderr);
    assert_eq!(without.warnings(REFUSAL), 0, "{}", without.stderr);
}

/// A server that reads JSON-RPC lines itself may well do so from stdin.
#[test]
fn without_a_server_that_is_known_it_is_not_written_to_either() {
    let ended = run("alone", "stdout", &[], &[]);
    assert_eq!(ended.stdout, "");
    assert_eq!(ended.warnings(REFUSAL), 1, "{}", ended.stderr);
}

#[test]
fn over_http_every_line_is_written() {
    let ended = run("http", "stdout", &[], &[]);
    let tools: Vec<_> = events(&ended.stdout)
        .iter()
        .map(|event| {
            let status = event["status"].as_str().expect("a status").to_owned();
            (event["mcp.tool.name"].clone(), status)
        })
        .collect();
    assert_eq!(
        tools,
        [
            (json!("echo"), "success".to_owned()),
            (json!("fail"), "error".to_owned()),
            (json!("_OTHER"), "error".to_owned()),
        ]
    );
    assert_eq!(ended.warnings(REFUSAL), 0, "{}", ended.stderr);
}

#[test]
fn stderr_is_written_to_over_stdio() {
    let messages = messages();
    let messages: Vec<&str> = messages.iter().map(|it| &**it).collect();
    let ended = run("stdio", "stderr", &messages, &[]);
    let mut categories: Vec<_> = events(&ended.stderr)
        .iter()
        .map(|event| event["event.category"].clone())
        .collect();
    categories.sort_by_key(ToString::to_string);
    assert_eq!(
        categories,
        ["mcp.request", "mcp.tool_call", "mcp.tool_call"]
    );
}
