//! A `LiveDetector`, treated as a security log treats a sink.

use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use mcp_observe_detect::{Config, LiveDetector, LiveDetectorBuilder, Rule, Timestamp};
use serde_json::Value;

/// Nothing takes longer, on a machine however busy.
const BOUND: Duration = Duration::from_secs(60);

/// A call of a sensitive tool, now: an alert, if the user has not called it before.
fn call(user: &str) -> String {
    format!(
        "{{\"timestamp\":\"{}\",\"schema.version\":\"1.0\",\"event.category\":\"mcp.tool_call\",\
         \"mcp.tool.name\":\"read_secrets\",\"mcp.tool.tags\":[\"sensitive\"],\
         \"usr.id\":\"{user}\",\"http.status\":200,\"status\":\"success\"}}\n",
        Timestamp::now()
    )
}

/// Events are evaluated after so long.
fn detector(allowance: &str) -> LiveDetectorBuilder {
    let config = format!("allowance = {allowance:?}");
    LiveDetector::builder(Config::from_toml(&config).expect("it is valid"))
}

/// Hands on what is written, a line at a time.
struct Lines(Sender<String>);

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8(line.to_vec()).map_err(io::Error::other)?;
        self.0.send(text).map_err(io::Error::other)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn lines() -> (Lines, Receiver<String>) {
    let (sender, receiver) = mpsc::channel();
    (Lines(sender), receiver)
}

fn user(lines: &Receiver<String>) -> String {
    let line = lines.recv_timeout(BOUND).expect("there is an alert");
    assert!(line.ends_with('\n'));
    let alert: Value = serde_json::from_str(&line).expect("it is JSON");
    assert_eq!(alert["rule.id"], "first-sensitive-use");
    alert["usr.id"].as_str().expect("it has a user").to_owned()
}

#[test]
fn alerts_go_to_every_sink_and_callback_and_are_counted() {
    let ((one, first), (two, second)) = (lines(), lines());
    let (told, callback) = mpsc::channel();
    let mut detector = detector("0s")
        .alerts_to(one)
        .alerts_to(two)
        .on_alert(move |alert| told.send(alert.key.user.clone()).expect("it is awaited"))
        .build()
        .expect("there is a thread to spare");
    let counts = detector.counts();
    detector
        .write_all((call("eve") + &call("eve") + &call("mal")).as_bytes())
        .expect("it takes everything");
    drop(detector);
    for sink in [&first, &second] {
        assert_eq!([user(sink), user(sink)], ["eve", "mal"]);
        assert!(sink.recv().is_err(), "there are two");
    }
    let told: Vec<_> = callback.iter().flatten().collect();
    assert_eq!(told, ["eve", "mal"]);
    assert_eq!(counts.of(Rule::FirstSensitiveUse), 2);
    assert_eq!((counts.total(), counts.unwritten()), (2, 0));
}

#[test]
fn what_is_held_back_is_told_while_nothing_is_written() {
    let (sink, alerts) = lines();
    let mut detector = detector("1s")
        .alerts_to(sink)
        .build()
        .expect("there is a thread to spare");
    for name in ["eve", "mal"] {
        detector
            .write_all(call(name).as_bytes())
            .expect("it takes everything");
        assert_eq!(user(&alerts), name);
    }
}

#[test]
fn what_is_held_back_is_told_at_the_end() {
    let (sink, alerts) = lines();
    let mut detector = detector("5m")
        .alerts_to(sink)
        .build()
        .expect("there is a thread to spare");
    detector
        .write_all(call("eve").as_bytes())
        .expect("it takes everything");
    assert!(alerts.try_recv().is_err());
    drop(detector);
    assert_eq!(user(&alerts), "eve");
}

#[test]
fn a_line_may_come_in_pieces_and_what_is_no_event_is_passed_over() {
    let (sink, alerts) = lines();
    let mut detector = detector("0s")
        .alerts_to(sink)
        .build()
        .expect("there is a thread to spare");
    let line = "no event\n".to_owned() + &call("eve");
    for piece in line.as_bytes().chunks(7) {
        detector.write_all(piece).expect("it takes everything");
    }
    drop(detector);
    assert_eq!(user(&alerts), "eve");
}

#[test]
fn an_output_that_fails_or_panics_harms_nothing() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    struct Broken;
    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            panic!("on purpose: a sink")
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (sink, alerts) = lines();
    let mut detector = detector("0s")
        .alerts_to(Full)
        .alerts_to(Broken)
        .alerts_to(sink)
        .on_alert(|_| panic!("on purpose: a callback"))
        .build()
        .expect("there is a thread to spare");
    let counts = detector.counts();
    for name in ["eve", "mal"] {
        detector
            .write_all(call(name).as_bytes())
            .expect("it takes everything");
    }
    drop(detector);
    assert_eq!([user(&alerts), user(&alerts)], ["eve", "mal"]);
    assert_eq!((counts.total(), counts.unwritten()), (2, 4));
}
