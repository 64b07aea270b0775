//! Stdout has the protocol and nothing else, whatever becomes of telemetry.

use std::time::{Duration, Instant};

use super::{start, whole_session};
use crate::collector::{self, Collector};
use crate::process::Ended;
use crate::session::message_of;

/// Runs the whole session, and ends it as a client does: by closing stdin.
fn run(environment: &[(&str, &str)]) -> Ended {
    let mut server = start(environment);
    let answers = whole_session(&mut server);
    for (id, answer) in answers.iter().enumerate() {
        assert_eq!(answer["id"], id, "{answer}");
    }
    server.close_stdin();
    let ended = server.wait();
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    let lines: Vec<_> = ended.stdout.split_inclusive('\n').map(message_of).collect();
    assert_eq!(lines, answers, "and nothing else");
    ended
}

#[test]
fn answers_are_right() {
    let ended = run(&[]);
    let answers: Vec<_> = ended.stdout.split_inclusive('\n').map(message_of).collect();
    assert_eq!(answers[0]["result"]["serverInfo"]["name"], "weather");
    let tools = &answers[2]["result"]["tools"];
    assert_eq!(tools.as_array().map(Vec::len), Some(4), "{tools}");
    let text = |id: usize| answers[id]["result"]["content"][0]["text"].to_string();
    assert!(text(3).contains("Porto: 20 °C"), "{}", answers[3]);
    assert!(text(4).contains("over 3 days"), "{}", answers[4]);
    assert_eq!(answers[5]["result"]["isError"], true, "{}", answers[5]);
    assert_eq!(answers[6]["result"]["isError"], true, "{}", answers[6]);
    assert_eq!(answers[7]["error"]["code"], -32602, "{}", answers[7]);
    assert_eq!(answers[8]["error"]["code"], -32601, "{}", answers[8]);
    assert_eq!(ended.stderr, "", "there is nothing to say");
}

#[test]
fn telemetry_changes_no_byte() {
    let off = run(&[("OTEL_SDK_DISABLED", "true")]);
    assert_eq!(run(&[]).stdout, off.stdout, "nobody to export to");
    let collector = Collector::start();
    let on = run(&collector.environment());
    assert_eq!(on.stdout, off.stdout);
    assert_eq!(on.stderr, "");
}

#[test]
fn what_asks_for_logs_asks_for_none_on_stdout() {
    let quiet = run(&[]);
    let collector = Collector::start();
    let [endpoint, delay] = collector.environment();
    let loud = run(&[
        endpoint,
        delay,
        ("RUST_LOG", "trace"),
        ("RUST_BACKTRACE", "full"),
        ("OTEL_LOG_LEVEL", "debug"),
    ]);
    assert_eq!(loud.stdout, quiet.stdout);
}

#[test]
fn nobody_at_the_endpoint() {
    let (closed, endpoint) = collector::mute();
    drop(closed);
    assert_undisturbed(&endpoint);
}

#[test]
fn an_endpoint_that_never_answers() {
    let (_listener, endpoint) = collector::mute();
    assert_undisturbed(&endpoint);
}

fn assert_undisturbed(endpoint: &str) {
    let off = run(&[("OTEL_SDK_DISABLED", "true")]);
    let started = Instant::now();
    let failing = run(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        // Exports go on while there are calls, and one alone would take longer than the test waits.
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "50"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "600000"),
    ]);
    // The bound is 3 s; the rest is for a busy machine.
    assert!(started.elapsed() < Duration::from_secs(30), "no bound");
    assert_eq!(failing.stdout, off.stdout);
    assert_eq!(failing.stderr.lines().count(), 1, "{failing:#?}");
    assert!(failing.stderr.starts_with("stdio: "), "{failing:#?}");
    assert!(failing.stderr.contains("lost"), "{failing:#?}");
}
