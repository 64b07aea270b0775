//! `watch`: following a file that is written to. Each awaited alert has a user of its own.

use std::fs::{self, File};

use mcp_observe_detect::Timestamp;
use serde_json::Value;

use crate::log::{Files, harmless_call, sensitive_call};
use crate::program::Running;

fn follow(files: &Files, more: &[&str]) -> Running {
    // Nothing is held back, so that no test waits.
    let config = files.write("detect.toml", "allowance = \"0s\"\n");
    let log = files.path("log");
    let arguments = ["watch", "--config", &config, &log];
    let running = Running::start(&[&arguments, more].concat());
    assert_eq!(
        running.stderr(),
        format!("mcp-observe-detect: following {log}")
    );
    running
}

fn call(user: &str) -> String {
    sensitive_call(Timestamp::now(), user)
}

/// Of the next alert.
fn user(running: &Running) -> String {
    let alert: Value = serde_json::from_str(&running.stdout()).expect("it is JSON");
    alert["usr.id"].as_str().expect("it has a user").to_owned()
}

#[test]
fn it_begins_with_what_is_written_from_now_on_and_a_signal_ends_it_with_a_summary() {
    for signal in ["INT", "TERM"] {
        let files = Files::new();
        files.append("log", &call("before"));
        let running = follow(&files, &[]);
        files.append("log", &call("eve"));
        assert_eq!(user(&running), "eve");
        let ended = running.end(signal);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
        assert!(ended.stderr.starts_with("rule  "), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("\n1 events from "),
            "{}",
            ended.stderr
        );
    }
}

#[test]
fn it_can_begin_with_what_is_there_and_nothing_fired_is_exit_code_0() {
    let files = Files::new();
    files.append("log", &call("before"));
    let running = follow(&files, &["--from-start"]);
    assert_eq!(user(&running), "before");

    let files = Files::new();
    files.append("log", &harmless_call(Timestamp::now()));
    let running = follow(&files, &[]);
    let ended = running.end("TERM");
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""));
}

#[test]
fn what_is_held_back_is_told_once_time_has_passed() {
    let files = Files::new();
    let config = files.write("detect.toml", "allowance = \"1s\"\n");
    files.append("log", &call("eve"));
    let log = files.path("log");
    let running = Running::start(&["watch", "--from-start", "--config", &config, &log]);
    assert_eq!(user(&running), "eve");
}

#[test]
fn what_is_held_back_is_told_at_the_end() {
    let files = Files::new();
    let config = files.write("detect.toml", "allowance = \"5m\"\n");
    files.append("log", &(call("eve") + "no event\n"));
    let log = files.path("log");
    let running = Running::start(&["watch", "--from-start", "--config", &config, &log]);
    running.stderr();
    let skipped = running.stderr();
    assert!(
        skipped.starts_with("mcp-observe-detect: skipped a line: "),
        "{skipped}"
    );
    let ended = running.end("TERM");
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stdout.contains("\"usr.id\":\"eve\""),
        "{}",
        ended.stdout
    );
    assert!(ended.stderr.contains(", 1 malformed\n"), "{}", ended.stderr);
}

#[test]
fn a_file_is_followed_through_rotations_of_every_kind() {
    let files = Files::new();
    let running = follow(&files, &[]);
    let awaited = |text: &str| assert!(running.stderr().ends_with(text));
    awaited("log is not there yet; trying again until it can");

    files.append("log", &call("waited-for"));
    assert_eq!(user(&running), "waited-for");

    let (begun, rest) = ("{\"timestamp\":", call("in-two-parts"));
    files.append("log", begun);
    files.append("log", &rest[begun.len()..]);
    assert_eq!(user(&running), "in-two-parts");

    files.rename("log", "log.1");
    files.append("log.1", &call("after-the-renaming"));
    assert_eq!(user(&running), "after-the-renaming");
    files.append("log", &call("in-the-next-file"));
    assert_eq!(user(&running), "in-the-next-file");

    fs::copy(files.path("log"), files.path("log.2")).expect("it can be copied");
    File::create(files.path("log")).expect("it can be truncated");
    files.append("log", &call("after-copy-and-truncation"));
    assert_eq!(user(&running), "after-copy-and-truncation");

    fs::remove_file(files.path("log")).expect("it can be removed");
    files.append("log", &call("after-the-return"));
    assert_eq!(user(&running), "after-the-return");
}

#[test]
fn a_reader_that_has_gone_ends_it() {
    let files = Files::new();
    files.append("log", "");
    let config = files.write("detect.toml", "allowance = \"0s\"\n");
    let log = files.path("log");
    let running = Running::start_unread(&["watch", "--config", &config, &log]);
    // Nobody has the other end of its stdout any more by the time that there is an alert.
    assert!(running.stderr().contains("following"));
    files.append("log", &call("eve"));
    let ended = running.ended();
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.stderr, "");
}
