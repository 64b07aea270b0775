//! Sinks beside each other: what one does is nothing to the others, nor to who records.

use std::io::{self, ErrorKind, Write};
use std::sync::mpsc::{self, Receiver, Sender};

use super::{BOUND, Written, call, record, telemetry};
use crate::ShutdownError;
use crate::security::SecurityLog;

/// Does what it is told to, then as `Written` does.
struct Faulty<F> {
    fault: F,
    written: Written,
}

impl<F: FnMut(&[u8]) -> Option<io::Result<usize>> + Send> Write for Faulty<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match (self.fault)(bytes) {
            // So much of it is written.
            Some(Ok(length)) => self.written.write(&bytes[..length]),
            Some(Err(error)) => Err(error),
            None => self.written.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn faulty<F: FnMut(&[u8]) -> Option<io::Result<usize>>>(fault: F) -> (Faulty<F>, Written) {
    let written = Written::default();
    let sink = Faulty {
        fault,
        written: written.clone(),
    };
    (sink, written)
}

#[test]
fn a_sink_that_fails_or_panics_costs_no_other_one_a_line() {
    let (failing, _) = faulty(|_: &[u8]| Some(Err(io::Error::other("broken"))));
    let (panicking, _) = faulty(|_: &[u8]| panic!("broken"));
    let written = [Written::default(), Written::default()];
    let telemetry = telemetry(
        SecurityLog::builder()
            .writer(failing)
            .writer(written[0].clone())
            .writer(panicking)
            .writer(written[1].clone()),
    );
    let mut expected = Vec::new();
    for round in 0..3 {
        record(&telemetry, &call("a"));
        record(&telemetry, &call("b"));
        let error = telemetry.flush(BOUND).expect_err("two of them fail");
        assert!(
            matches!(error, ShutdownError::SecurityLog { .. }),
            "{error}"
        );
        expected.extend(["a", "b"]);
        for written in &written {
            assert_eq!(written.tools(), expected, "round {round}");
        }
    }
}

#[test]
fn a_sink_that_takes_little_at_a_time_gets_everything() {
    let mut length = 0;
    let (sink, written) = faulty(move |bytes: &[u8]| {
        length = length % 7 + 1;
        if length == 3 {
            return Some(Err(ErrorKind::Interrupted.into()));
        }
        Some(Ok(length.min(bytes.len())))
    });
    let telemetry = telemetry(SecurityLog::builder().writer(sink));
    for tool in ["a", "b", "c"] {
        record(&telemetry, &call(tool));
    }
    telemetry.shutdown(BOUND).expect("it can be written");
    assert_eq!(written.tools(), ["a", "b", "c"]);
}

/// The disk is full in the middle of a line, and later is not.
#[test]
fn a_line_that_was_cut_off_is_followed_by_an_end_of_line() {
    let mut calls = 0;
    let (sink, written) = faulty(move |_: &[u8]| {
        calls += 1;
        match calls {
            1 => Some(Ok(20)),
            2 => Some(Err(ErrorKind::StorageFull.into())),
            _ => None,
        }
    });
    let telemetry = telemetry(SecurityLog::builder().writer(sink));
    record(&telemetry, &call("lost"));
    telemetry.flush(BOUND).expect_err("the disk is full");
    record(&telemetry, &call("kept"));
    telemetry.flush(BOUND).expect("there is room again");
    let text = written.text();
    let (torn, rest) = text.split_once('\n').expect("two lines");
    assert_eq!(torn, r#"{"timestamp":"2026-1"#);
    assert_eq!(super::tools(rest), ["kept"]);
}

/// Tells that it is being written to, then waits until it may go on.
struct Blocked {
    reached: Sender<()>,
    go_on: Receiver<()>,
}

impl Write for Blocked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = self.reached.send(());
        let _ = self.go_on.recv();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_sink_that_hangs_holds_up_neither_calls_nor_other_sinks_nor_the_end() {
    let (reached, is_reached) = mpsc::channel();
    let (unblock, go_on) = mpsc::channel();
    let written = Written::default();
    let telemetry = telemetry(
        SecurityLog::builder()
            .writer(Blocked { reached, go_on })
            .writer(written.clone())
            .queue(1_000, 1 << 20),
    );
    record(&telemetry, &call("first"));
    is_reached.recv().expect("it is written to");
    // The other one keeps up, and has room for as many as are recorded at a time.
    let other_has_written = |lines| {
        while written.text().lines().count() != lines {
            std::thread::yield_now();
        }
    };
    other_has_written(1);
    // More than its queue takes. That this returns is the point.
    for round in 1..=3 {
        for _ in 0..1_000 {
            record(&telemetry, &call("further"));
        }
        other_has_written(1 + round * 1_000);
    }
    let bound = std::time::Duration::from_millis(1);
    let error = telemetry.shutdown(bound).expect_err("it hangs");
    assert!(matches!(error, ShutdownError::TimedOut(it) if it == bound));
    assert_eq!(written.tools().len(), 3_001);
    drop(unblock);
}
