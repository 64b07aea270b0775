//! What is lost is counted.
#![cfg(feature = "prometheus")]

use std::io;
use std::sync::mpsc;

use super::{BOUND, Written, call, record, telemetry};
use crate::operation::outcome::Status;
use crate::security::{Category, Event, SecurityLog};
use crate::telemetry::Telemetry;

/// The samples of the log's own metrics.
fn counts(telemetry: &Telemetry) -> Vec<String> {
    let text = telemetry.prometheus_text();
    let mut lines: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("mcp_security_events_"))
        .map(str::to_owned)
        .collect();
    lines.sort();
    lines
}

#[test]
fn counts_are_there_at_zero() {
    let telemetry = telemetry(SecurityLog::builder().stderr().writer(io::sink()));
    assert_eq!(
        counts(&telemetry),
        [
            r#"dropped_total{reason="queue_full",sink="stderr"} 0"#,
            r#"dropped_total{reason="queue_full",sink="writer"} 0"#,
            r#"dropped_total{reason="shut_down",sink="stderr"} 0"#,
            r#"dropped_total{reason="shut_down",sink="writer"} 0"#,
            r#"dropped_total{reason="write_failed",sink="stderr"} 0"#,
            r#"dropped_total{reason="write_failed",sink="writer"} 0"#,
            r#"total{category="mcp.auth"} 0"#,
            r#"total{category="mcp.request"} 0"#,
            r#"total{category="mcp.tool_call"} 0"#,
        ]
    );
}

/// Fails, but only after it was let go on.
struct Gated(mpsc::Sender<()>, mpsc::Receiver<()>);

impl io::Write for Gated {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        let _ = self.0.send(());
        let _ = self.1.recv();
        Err(io::Error::other("no"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn every_event_that_is_lost_is_counted_with_its_reason() {
    let (reached, is_reached) = mpsc::channel();
    let (unblock, go_on) = mpsc::channel();
    let log = SecurityLog::builder()
        .writer(Gated(reached, go_on))
        .queue(10, 1 << 20);
    let telemetry = telemetry(log);
    record(&telemetry, &call("in the sink's hands"));
    is_reached.recv().expect("it is written to");
    for _ in 0..10 {
        record(&telemetry, &call("in the queue"));
    }
    for _ in 0..5 {
        record(&telemetry, &call("too many"));
    }
    record(&telemetry, &Event::new(Category::Auth, 429, Status::Error));
    drop(unblock);
    let log = telemetry.security_log().expect("there is one");
    log.shutdown(BOUND).expect_err("it fails");
    record(&telemetry, &call("too late"));
    assert_eq!(
        counts(&telemetry),
        [
            r#"dropped_total{reason="queue_full",sink="writer"} 6"#,
            r#"dropped_total{reason="shut_down",sink="writer"} 1"#,
            r#"dropped_total{reason="write_failed",sink="writer"} 11"#,
            r#"total{category="mcp.auth"} 1"#,
            r#"total{category="mcp.request"} 0"#,
            r#"total{category="mcp.tool_call"} 17"#,
        ]
    );
}

#[test]
fn the_queue_is_bounded_in_bytes_too() {
    let written = Written::default();
    let log = SecurityLog::builder()
        .writer(written.clone())
        .queue(1_000, 100);
    let telemetry = telemetry(log);
    record(&telemetry, &call("its line alone has more than 100 bytes"));
    telemetry.flush(BOUND).expect("nothing is to be written");
    assert_eq!(written.text(), "");
    assert!(
        counts(&telemetry)
            .contains(&r#"dropped_total{reason="queue_full",sink="writer"} 1"#.to_owned())
    );
}
