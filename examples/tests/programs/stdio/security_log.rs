//! The security log of a session, in the file of the user's choice.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{SERVER, whole_session};
use crate::collector::Collector;
use crate::process::Program;

#[test]
fn calls_and_refused_messages_are_in_the_file() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stdio-security.jsonl");
    // Of an earlier run.
    let _ = fs::remove_file(&path);
    let collector = Collector::start();
    let flags = ["--security-log", path.to_str().expect("UTF-8")];
    let mut server = Program::start(SERVER, &flags, &collector.environment());
    whole_session(&mut server);
    server.close_stdin();
    let ended = server.wait();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));

    let log = fs::read_to_string(&path).expect("a log");
    let events: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let of = |event: &Value| {
        let tool = event.get("mcp.tool.name").and_then(Value::as_str);
        let method = event["mcp.method.name"].as_str();
        let what = tool.or(method).expect("a name").to_owned();
        (what, event["http.status"].as_u64().expect("a status"))
    };
    let found: Vec<(String, u64)> = events.iter().map(of).collect();
    let expected = [
        ("get_weather", 200),
        ("query_database", 200),
        ("send_report", 504),
        ("query_database", 400),
        ("_OTHER", 404),
        ("_OTHER", 404),
        // It has no prompts.
        ("prompts/list", 404),
        ("_OTHER", 404),
    ];
    assert_eq!(
        found,
        expected.map(|(what, status)| (what.to_owned(), status))
    );
    for event in &events {
        assert_eq!(event["mcp.client.name"], "script", "{event}");
        assert_eq!(
            event["trace_id"].as_str().map(str::len),
            Some(32),
            "{event}"
        );
    }
    assert!(!log.contains("no_such") && !log.contains("no/such") && !log.contains("Porto"));
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    let directory = env!("CARGO_TARGET_TMPDIR");
    let ended = Program::start(SERVER, &["--security-log", directory], &[]).wait();
    assert_eq!(ended.code, Some(1), "{ended:#?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:#?}");
    assert!(ended.stderr.contains(directory), "{ended:#?}");
}
