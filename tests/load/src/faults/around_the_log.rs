//! A security log that cannot be written, or whose clock is set.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::Row;
use crate::child::{Child, Program};
use crate::collector::{Behaviour, Collector};
use crate::ledger::{Ledger, Signal};
use crate::traffic::Lost;

/// How long lines may take to get into the file on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that loses no span.
fn server(program: &Program, collector: &Collector, messages: u64) -> Child {
    program
        .traffic(&collector.endpoint())
        .variable("OTEL_BSP_MAX_QUEUE_SIZE", "65536")
        .with("--messages", messages)
}

pub(super) fn rows(program: &Program, messages: u64) -> impl Iterator<Item = Row> {
    let faults: [fn(&Program, u64) -> Row; 3] = [disk_full, file_removed, clock_steps];
    faults.into_iter().map(move |run| run(program, messages))
}

fn disk_full(program: &Program, messages: u64) -> Row {
    let collector = Collector::start(Behaviour::Accept);
    let report = server(program, &collector, messages)
        .with("--log-fault", "disk-full")
        .report();
    let row = Row::new("the security log's disk is full", report, &collector);
    let lost = Lost::of(&row.report.metrics);
    let events = row.report.expected.total(Signal::Events);
    assert_eq!(lost.events_failed + lost.events_dropped, events, "{lost:?}");
    row
}

/// What is written to a file that has no name any more is nowhere: nobody can count that, so what is
/// there is counted, and must be whole.
fn file_removed(program: &Program, messages: u64) -> Row {
    let collector = Collector::start(Behaviour::Accept);
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("security.jsonl");
    let mut running = server(program, &collector, messages)
        .with("--log-file", path.display())
        .with("--phases", 3)
        .start();
    let in_first = running.end_of_phase();
    let first = lines(&path, in_first);
    fs::remove_file(&path).expect("it is there");
    running.go_on();
    let so_far = running.end_of_phase();
    let second = lines(&path, so_far - in_first);
    running.go_on();
    running.end_of_phase();
    running.go_on();
    let mut report = running.report();
    let events = report.expected.total(Signal::Events);
    let rest = lines(&path, events - in_first);
    let there = first.total(Signal::Events) + rest.total(Signal::Events);
    assert!(second.total(Signal::Events) > 0, "it was made anew");
    assert_eq!(
        there, events,
        "removed between two writes, it loses nothing"
    );
    report.events = first;
    report.events.add(&rest);
    Row::new("its file is removed", report, &collector)
}

/// The lines of the file, once there are so many, or when they have been waited for long enough.
fn lines(path: &Path, expected: u64) -> Ledger {
    let deadline = Instant::now() + PATIENCE;
    let text = loop {
        let text = fs::read_to_string(path).unwrap_or_default();
        let ends = text.bytes().filter(|byte| *byte == b'\n').count() as u64;
        if ends >= expected || Instant::now() >= deadline {
            break text;
        }
        thread::sleep(Duration::from_millis(10));
    };
    let mut events = Ledger::default();
    for line in text.lines() {
        let event: serde_json::Value = serde_json::from_str(line).expect("a whole line");
        events.event(event.as_object().expect("an object"));
    }
    events
}

fn clock_steps(program: &Program, messages: u64) -> Row {
    let collector = Collector::start(Behaviour::Accept);
    let report = server(program, &collector, messages)
        .with("--log-fault", "clock-steps")
        .report();
    let row = Row::new(
        "its clock is set by hours, back and forth",
        report,
        &collector,
    );
    let report = &row.report;
    let seconds = report.event_milliseconds / 1e3;
    assert!(
        seconds > 0.0 && seconds < report.sum_of_durations() + 1e-3,
        "durations of {seconds} s in the log, {} s in the histogram",
        report.sum_of_durations()
    );
    row
}
