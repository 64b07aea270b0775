//! A collector that is not as it should be.

use std::net::TcpListener;
use std::time::Duration;

use axum::http::StatusCode;

use super::Row;
use crate::child::{Child, Program};
use crate::collector::{Behaviour, Collector};
use crate::ledger::Ledger;
use crate::traffic::Lost;

/// A server that gives an export up soon.
fn impatient(program: &Program, endpoint: &str, messages: u64) -> Child {
    program
        .traffic(endpoint)
        .variable("OTEL_EXPORTER_OTLP_TIMEOUT", "300")
        .variable("OTEL_BSP_SCHEDULE_DELAY", "50")
        .with("--messages", messages)
}

pub(super) fn rows(program: &Program, messages: u64) -> impl Iterator<Item = Row> {
    let faults: [fn(&Program, u64) -> Row; 7] = [
        none,
        refusing,
        hanging,
        slow,
        unavailable,
        rejecting,
        gone_and_back,
    ];
    faults.into_iter().map(move |run| run(program, messages))
}

/// To compare with.
fn none(program: &Program, messages: u64) -> Row {
    let collector = Collector::start(Behaviour::Accept);
    let report = program
        .traffic(&collector.endpoint())
        .with("--messages", messages)
        .variable("OTEL_BSP_MAX_QUEUE_SIZE", "65536")
        .report();
    Row::new("none, to compare with", report, &collector)
}

fn refusing(program: &Program, messages: u64) -> Row {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let report = impatient(program, &format!("http://{address}"), messages).report();
    let row = Row::reconciled(
        "the collector refuses connections",
        report,
        &Ledger::default(),
    );
    row.assert_lost();
    row
}

fn hanging(program: &Program, messages: u64) -> Row {
    let collector = Collector::start(Behaviour::Hang);
    let report = impatient(program, &collector.endpoint(), messages).report();
    let row = Row::new("it hangs", report, &collector);
    row.assert_lost();
    row
}

fn slow(program: &Program, messages: u64) -> Row {
    let collector = Collector::start(Behaviour::Slow(Duration::from_millis(100)));
    let report = program
        .traffic(&collector.endpoint())
        .with("--messages", messages)
        .report();
    let row = Row::new("it takes 100 ms to answer", report, &collector);
    let lost = Lost::of(&row.report.metrics);
    assert_eq!(lost.failed, 0, "it is slow, and no more: {lost:?}");
    row
}

fn unavailable(program: &Program, messages: u64) -> Row {
    let collector = Collector::start(Behaviour::Refuse(StatusCode::SERVICE_UNAVAILABLE));
    let report = impatient(program, &collector.endpoint(), messages).report();
    let row = Row::new("it answers 503", report, &collector);
    row.assert_lost();
    row
}

fn rejecting(program: &Program, messages: u64) -> Row {
    let collector = Collector::start(Behaviour::Refuse(StatusCode::BAD_REQUEST));
    let report = impatient(program, &collector.endpoint(), messages).report();
    let row = Row::new("it answers 400", report, &collector);
    row.assert_lost();
    row
}

fn gone_and_back(program: &Program, messages: u64) -> Row {
    let mut collector = Collector::start(Behaviour::Accept);
    let mut running = impatient(program, &collector.endpoint(), messages)
        .with("--phases", 3)
        .start();
    running.end_of_phase();
    // Whatever it said before it goes was heard.
    collector.behave(Behaviour::Hang);
    running.go_on();
    collector.wait_until_it_hangs();
    collector.stop();
    running.end_of_phase();
    let before = collector.number();
    collector.come_back();
    running.go_on();
    running.end_of_phase();
    running.go_on();
    let row = Row::new("it disappears and comes back", running.report(), &collector);
    assert!(
        before > 0 && collector.number() > before,
        "it gets spans again"
    );
    row
}
