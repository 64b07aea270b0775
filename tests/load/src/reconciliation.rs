//! Everything that was sent is in every signal once, or counted as lost: the difference is 0.

use std::fmt::Write as _;

use crate::child::Program;
use crate::collector::{Behaviour, Collector};
use crate::ledger::{Ledger, Signal};
use crate::memory::mib;
use crate::traffic::{Lost, Report};

/// How much is sent between two flushes where nothing may be lost.
const ROUND: u64 = 20_000;
/// A queue that takes that, with all that is sent by the way.
const LARGE_QUEUE: u64 = 4 * ROUND;
/// A queue that is full at once.
const SMALL_QUEUE: &str = "256";

/// Sends the messages to a server whose queues take everything.
///
/// # Panics
/// If a count differs, or anything is lost.
#[must_use]
pub fn with_large_queues(program: &Program, messages: u64) -> String {
    let collector = Collector::start(Behaviour::Accept);
    let report = program
        .traffic(&collector.endpoint())
        .variable("OTEL_BSP_MAX_QUEUE_SIZE", &LARGE_QUEUE.to_string())
        .variable("OTEL_BSP_SCHEDULE_DELAY", "50")
        .with("--messages", messages)
        .with("--flush-every", ROUND)
        .report();
    let lost = Lost::of(&report.metrics);
    let nothing = (
        lost.failed,
        lost.dropped,
        lost.events_dropped,
        lost.events_failed,
    );
    assert_eq!(nothing, (0, 0, 0, 0), "nothing is lost");
    assert_eq!(
        report.shutdown,
        [Ok(()), Ok(())],
        "the second one is harmless"
    );
    reconciled("large queues", &report, &collector.spans())
}

/// Sends the messages to a server whose queues are small, and whose collector and reader of the security
/// log do nothing until all were sent.
///
/// # Panics
/// If a count differs from what must be, or nothing is lost.
#[must_use]
pub fn with_small_queues(program: &Program, messages: u64) -> String {
    let collector = Collector::start(Behaviour::Hold);
    let mut running = program
        .traffic(&collector.endpoint())
        .variable("OTEL_BSP_MAX_QUEUE_SIZE", SMALL_QUEUE)
        .variable("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "64")
        // Longer than it takes to send them all.
        .variable("OTEL_EXPORTER_OTLP_TIMEOUT", "3600000")
        .with("--messages", messages)
        .with("--log-fault", "unread")
        .with("--phases", 2)
        .start();
    running.end_of_phase();
    running.go_on();
    running.end_of_phase();
    collector.behave(Behaviour::Accept);
    running.go_on();
    let report = running.report();
    let lost = Lost::of(&report.metrics);
    assert!(lost.dropped > 0 && lost.events_dropped > 0, "{lost:?}");
    reconciled("small queues", &report, &collector.spans())
}

/// Compares what was counted with what was sent, and makes a table of it.
///
/// # Panics
/// If they differ.
#[must_use]
pub fn reconciled(title: &str, report: &Report, spans: &Ledger) -> String {
    let lost = Lost::of(&report.metrics);
    let expected = &report.expected;
    let mut found = Ledger::default();
    found.scrape(&report.metrics);
    found.add(spans);
    found.add(&report.events);
    let mut table = format!(
        "| {title} | must be | counted | counted as lost | difference |\n| --- | --: | --: | --: | --: |\n"
    );
    let mut differences = Vec::new();
    for signal in Signal::ALL {
        let losses = match signal {
            Signal::Spans => lost.failed + lost.dropped,
            Signal::Events => lost.events_dropped + lost.events_failed,
            _ => 0,
        };
        let (must_be, counted) = (expected.total(signal), found.total(signal));
        let difference = i128::from(must_be) - i128::from(counted) - i128::from(losses);
        let _ = writeln!(
            table,
            "| {} | {must_be} | {counted} | {losses} | {difference} |",
            signal.title()
        );
        if difference != 0 {
            differences.push(format!("{signal:?}: {difference}"));
        }
        // What is not lost is what it must be, in every series.
        for (key, found, expected) in found.differences(expected, signal) {
            if losses == 0 || found > expected {
                differences.push(format!("{signal:?} {key}: {found}, must be {expected}"));
            }
        }
    }
    let active = crate::ledger::scraped(&report.metrics, "mcp_tool_active", None);
    let _ = writeln!(
        table,
        "| calls still going on | 0 | {active} | | {active} |"
    );
    if active != 0 || lost.events != expected.total(Signal::Events) {
        differences.push(format!("{active} calls go on, {lost:?}"));
    }
    let exported = spans.total(Signal::Spans);
    if exported != lost.exported {
        differences.push(format!("the collector has {exported} spans, {lost:?}"));
    }
    assert!(differences.is_empty(), "{table}\n{differences:#?}");
    let [before, after] = report.resident.map(mib);
    let _ = writeln!(
        table,
        "\n{} answers, all of them the bare handler's, {:.0} a second; memory {before:.1} MiB at first, {after:.1} MiB at last.",
        report.answers,
        report.answers_per_second(),
    );
    table
}
