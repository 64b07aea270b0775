//! `docs/instrument.md`.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use mcp_observe_tests::pages::Page;
use serde_json::Value;

use super::curl::{self, Curl};
use super::seen::{assert_lines, spans};
use super::{block, command};
use crate::collector::{Collector, attribute, hex};
use crate::process::BOUND;
use crate::session::{PARENT, TRACE};

fn guide() -> Page {
    Page::read("docs/instrument.md")
}

/// The requests of the guide: the call, the scrape, and what a client does wrong.
fn requests() -> (Curl, Curl, Curl) {
    let mut requests = curl::requests(&guide()).into_iter();
    let mut next = || requests.next().expect("a request");
    let all = (next(), next(), next());
    assert!(requests.next().is_none());
    all
}

#[test]
fn the_session_is_answered_as_step_0_has_it() {
    let guide = guide();
    let ended = command(&guide, |line| line.ends_with("| sort")).run(&[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert_lines(&block(&guide, "json", "{\"jsonrpc\""), &ended.stdout);
}

#[test]
fn step_3_shows_a_span_for_each_message_in_the_callers_trace() {
    let guide = guide();
    let mut collector = Collector::start();
    let exporting = command(&guide, |line| {
        line.starts_with("OTEL_EXPORTER_OTLP_ENDPOINT=")
    });
    let ended = exporting.run(&collector.environment());
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert_eq!(spans(&mut collector), block(&guide, "text", "initialize"));
    assert!(guide.text.contains(TRACE));
    for exported in collector.arrived() {
        let span = &exported.span;
        assert_eq!(exported.service, "tickets");
        if span.name.starts_with("tools/call") {
            assert_eq!(hex(&span.trace_id), TRACE, "{span:#?}");
            assert_eq!(hex(&span.parent_span_id), PARENT, "{span:#?}");
        }
        // Nobody has asked for them.
        let arguments = attribute(&span.attributes, "gen_ai.tool.call.arguments");
        assert_eq!(arguments, None, "{span:#?}");
    }
}

#[test]
fn steps_4_to_6_show_their_metrics() {
    let guide = guide();
    let (call, scrape, wrong) = requests();
    let server = command(&guide, |line| {
        line.ends_with("tickets -- --listen 127.0.0.1:8000")
    });
    let (_server, address) = server.serve(&[]);
    let before = scrape.send(address).body;
    assert!(
        before.contains("mcp_tool_calls_total{tool_name=\"read_ticket\"} 0\n"),
        "{before}"
    );
    assert_eq!(call.send(address).status, 200);
    assert_eq!(wrong.send(address).status, 406);
    let after = scrape.send(address).body;
    let blocks = guide.blocks_in("prometheus");
    assert_eq!(blocks.len(), 4);
    for block in blocks {
        assert_lines(&block, &after);
    }
}

#[test]
fn step_7_shows_what_is_declared_of_arguments() {
    let guide = guide();
    let mut collector = Collector::start();
    let ended = command(&guide, |line| line.contains("CAPTURE_MESSAGE_CONTENT"))
        .run(&collector.environment());
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let span = &collector
        .one(|span| span.name == "tools/call send_reply")
        .span;
    let recorded = attribute(&span.attributes, "gen_ai.tool.call.arguments");
    assert_eq!(
        recorded,
        Some(block(&guide, "json", "{\"number\"").trim_end())
    );
    assert!(
        !collector.has_text("on its way"),
        "what the customer is told"
    );
}

/// Without what differs from run to run.
fn lines(text: &str) -> Vec<Value> {
    let line = |line| {
        let mut event: Value = serde_json::from_str(line).expect("JSON");
        for key in ["timestamp", "duration_ms"] {
            let was = event[key].take();
            assert!(!was.is_null(), "{key}: {line}");
        }
        event
    };
    text.lines().map(line).collect()
}

#[test]
fn step_8_shows_a_line_for_each_call_and_each_refusal() {
    let guide = guide();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide-security.jsonl");
    // Of an earlier run.
    let _ = fs::remove_file(&path);
    let server = command(&guide, |line| line.contains("--security-log"));
    let server = server.with("--security-log", path.to_str().expect("UTF-8"));
    let (_server, address) = server.serve(&[]);
    let (call, _, wrong) = requests();
    call.send(address);
    wrong.send(address);
    let expected = block(&guide, "json", "{\"timestamp\"");
    let log = written(&path, expected.lines().count());
    assert_eq!(lines(&log), lines(&expected));
}

/// Waits for a file to have so many lines.
fn written(path: &Path, lines: usize) -> String {
    let deadline = Instant::now() + BOUND;
    loop {
        let text = fs::read_to_string(path).unwrap_or_default();
        if text.matches('\n').count() >= lines {
            return text;
        }
        assert!(
            Instant::now() < deadline,
            "{lines} lines are not written: {text}"
        );
        thread::sleep(Duration::from_millis(10));
    }
}
