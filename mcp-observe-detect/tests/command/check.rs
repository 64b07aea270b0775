//! `check`: a replay of files.

use serde_json::Value;

use crate::log::{Files, after, harmless_call, noon, sensitive_call};
use crate::program::{Ended, run, run_with_stdin};

/// What the alerts are about.
fn users(ended: &Ended) -> Vec<String> {
    let alerts = ended.stdout.lines();
    let alerts = alerts.map(|line| serde_json::from_str(line).expect("it is JSON"));
    alerts
        .map(|alert: Value| {
            assert_eq!(alert["event.category"], "mcp.alert");
            assert_eq!(alert["rule.id"], "first-sensitive-use");
            alert["usr.id"].as_str().expect("it has a user").to_owned()
        })
        .collect()
}

#[test]
fn nothing_fired_is_no_output_and_exit_code_0() {
    let files = Files::new();
    let log = files.write("log", &harmless_call(noon()));
    let ended = run(&["check", &log]);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""));
    assert!(
        ended
            .stderr
            .starts_with("no alerts\n1 events from 2026-03-02T12:00:00.000000Z")
    );
}

#[test]
fn an_alert_is_a_line_of_json_on_stdout_and_exit_code_1() {
    let files = Files::new();
    let log = files.write("log", &sensitive_call(noon(), "eve"));
    let ended = run(&["check", &log]);
    assert_eq!(ended.code, Some(1));
    assert_eq!(users(&ended), ["eve"]);
    let row = "first-sensitive-use             1        1  2026-03-02T12:00:00.000000Z  2026-03-02T12:00:00.000000Z";
    assert!(
        ended.stderr.lines().any(|line| line == row),
        "{}",
        ended.stderr
    );
}

#[test]
fn alerts_can_be_text_which_hostile_names_cannot_break() {
    let files = Files::new();
    let log = files.write("log", &sensitive_call(noon(), r"e\u001b[31m\nv\u202ee"));
    let ended = run(&["check", "--format", "text", &log]);
    let expected =
        "2026-03-02T12:00:00.000000Z low first-sensitive-use usr.id=\"e\\u{1b}[31m\\nv\\u{202e}e\"";
    assert!(ended.stdout.starts_with(expected), "{}", ended.stdout);
    assert_eq!(ended.stdout.lines().count(), 1);
}

#[test]
fn several_files_are_one_stream_in_the_order_given() {
    let files = Files::new();
    // The last line of a file need not have an end.
    let older = sensitive_call(noon(), "eve");
    let older = files.write("log.1", older.trim_end());
    let newer =
        sensitive_call(after(noon(), 60), "eve") + &sensitive_call(after(noon(), 90), "mal");
    let newer = files.write("log", &newer);
    assert_eq!(users(&run(&["check", &older, &newer])), ["eve", "mal"]);
}

#[test]
fn stdin_can_be_replayed() {
    let ended = run_with_stdin(&["check", "-"], &sensitive_call(noon(), "eve"));
    assert_eq!(ended.code, Some(1));
    assert_eq!(users(&ended), ["eve"]);
}

#[test]
fn lines_that_are_no_events_are_skipped_counted_and_the_first_ones_told() {
    let files = Files::new();
    let log = [
        "what\u{1b}[31m is this?\n".to_owned(),
        "\n".to_owned(),
        sensitive_call(noon(), "eve"),
        "{}\n".to_owned(),
        "[]\n".to_owned(),
        "null\n".to_owned(),
    ];
    let log = files.write("log", &log.concat());
    let ended = run(&["check", &log]);
    assert_eq!(users(&ended), ["eve"]);
    let told: Vec<&str> = ended
        .stderr
        .lines()
        .filter_map(|line| line.strip_prefix("skipped ")?.strip_prefix(&log))
        .map(|line| line.split(':').next().expect("there is a part"))
        .collect();
    assert_eq!(told, [", line 1", ", line 4", ", line 5"]);
    assert!(ended.stderr.contains(", 4 malformed\n"), "{}", ended.stderr);
    assert!(!ended.stderr.contains('\u{1b}'));
}

#[test]
fn a_file_without_any_event_is_an_error() {
    let files = Files::new();
    let good = files.write("good", &harmless_call(noon()));
    let wrong = files.write("wrong", "what is this?\n");
    let empty = files.write("empty", "");
    for (arguments, said) in [
        (
            &["check", &good, &wrong][..],
            format!("there is no event in {wrong}; is it a security log? (line 1: "),
        ),
        (
            &["check", &empty],
            "there is no event in the input".to_owned(),
        ),
    ] {
        let ended = run(arguments);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
        assert!(
            ended
                .stderr
                .starts_with(&format!("mcp-observe-detect: {said}")),
            "{}",
            ended.stderr
        );
        assert_eq!(ended.stderr.lines().count(), 1);
    }
    // One that is empty because it has just been rotated is none.
    assert_eq!(run(&["check", &good, &empty]).code, Some(0));
}

#[test]
fn thresholds_are_read_from_a_file_and_what_is_wrong_with_it_is_told_with_line_and_key() {
    let files = Files::new();
    let log = files.write("log", &sensitive_call(noon(), "eve"));
    let off = files.write("off.toml", "[first-sensitive-use]\nenabled = false\n");
    assert_eq!(run(&["check", "--config", &off, &log]).code, Some(0));

    let wrong = files.write("wrong.toml", "[night-volume]\nwindow = \"2h\"\n");
    let ended = run(&["check", "--config", &wrong, &log]);
    assert_eq!(ended.code, Some(2));
    let said =
        format!("mcp-observe-detect: {wrong}: line 2, column 10: `night-volume.window` must be");
    assert!(ended.stderr.starts_with(&said), "{}", ended.stderr);
}

#[test]
fn what_cannot_be_done_is_told_in_one_line_with_exit_code_2() {
    let files = Files::new();
    let log = files.write("log", &harmless_call(noon()));
    let missing = files.path("missing");
    for (arguments, said) in [
        (&["check", &missing][..], "missing cannot be read: "),
        (
            &["check", "--config", &missing, &log],
            "missing cannot be read: ",
        ),
        (&["check"], "required arguments were not provided"),
        (
            &["check", "--formt", "text", &log],
            "unexpected argument '--formt'",
        ),
        (&["chek", &log], "unrecognized subcommand 'chek'"),
    ] {
        let ended = run(arguments);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    use std::process::{Command, Stdio};

    let files = Files::new();
    // More than a pipe takes.
    let log: String = (0..2_000)
        .map(|user| sensitive_call(after(noon(), user), &format!("user-{user}")))
        .collect();
    let log = files.write("log", &log);
    let mut child = Command::new(env!("CARGO_BIN_EXE_mcp-observe-detect"))
        .args(["check", &log])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
