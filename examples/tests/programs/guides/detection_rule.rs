//! `docs/detection-rule.md`.

use std::fs;

use mcp_observe_tests::pages::Page;

use super::command::{Command, file};
use super::{block, command};

fn guide() -> Page {
    Page::read("docs/detection-rule.md")
}

#[test]
fn the_settings_are_those_of_the_example() {
    let settings = block(&guide(), "toml", "# A desk");
    let of_example = fs::read_to_string(file("examples/src/own_rule/detect.toml"));
    assert_eq!(settings, of_example.expect("settings"));
}

#[test]
fn both_alerts_are_those_of_the_guide() {
    let guide = guide();
    let ended = command(&guide, |line| line.contains("--bin own-rule")).run(&[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    let night = block(&guide, "json", "{\"timestamp\"");
    let moved = block(&guide, "json", "{\"event.category\"");
    assert_eq!(ended.stdout, night + &moved);
}

/// A log of calls in a session, each with its second and its address.
fn run(name: &str, calls: &[(u32, &str)]) -> (Option<i32>, usize) {
    let path = format!("{}/own-rule-{name}.jsonl", env!("CARGO_TARGET_TMPDIR"));
    let lines = calls.iter().map(|(second, address)| {
        format!(
            "{{\"timestamp\":\"2026-11-24T10:{:02}:{:02}.000000Z\",\"schema.version\":\"1.0\",\
             \"event.category\":\"mcp.tool_call\",\"mcp.session.id\":\"5f3c\",\
             \"network.client.ip\":\"{address}\",\"status\":\"success\"}}\n",
            second / 60,
            second % 60
        )
    });
    fs::write(&path, lines.collect::<String>()).expect("it is written");
    let ended = Command::read(&format!("cargo run --bin own-rule -- {path}")).run(&[]);
    assert_eq!(ended.stderr, "", "{name}");
    (ended.code, ended.stdout.matches("moved-session").count())
}

#[test]
fn the_rule_fires_for_two_addresses_within_its_window() {
    let (here, there) = ("192.0.2.7", "203.0.113.9");
    for (name, calls, expected) in [
        ("one", &[(0, here), (60, here)][..], (Some(0), 0)),
        ("within", &[(0, here), (600, there)], (Some(1), 1)),
        ("after", &[(0, here), (601, there)], (Some(0), 0)),
        ("back", &[(0, here), (9, there), (18, here)], (Some(1), 2)),
    ] {
        assert_eq!(run(name, calls), expected, "{name}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let missing = Command::read("cargo run --bin own-rule -- no-such-file").run(&[]);
    assert_eq!((missing.code, missing.stdout.as_str()), (Some(2), ""));
    assert!(missing.stderr.contains("no-such-file"), "{missing:#?}");
    let log = file("examples/src/own_rule/detect.toml");
    let no_log = Command::read(&format!("cargo run --bin own-rule -- {log}")).run(&[]);
    assert_eq!((no_log.code, no_log.stdout.as_str()), (Some(0), ""));
    assert!(no_log.stderr.contains("are no events"), "{no_log:#?}");
}
