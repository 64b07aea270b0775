//! A Prometheus that scrapes a hundred times a second, and readers that never read on.

use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::Row;
use crate::child::Program;
use crate::collector::{Behaviour, Collector};
use crate::ledger::scraped;
use crate::scrape::{ask, scrape};

const INTERVAL: Duration = Duration::from_millis(10);
const SLOW_READERS: usize = 16;

pub(super) fn row(program: &Program, messages: u64) -> Row {
    let collector = Collector::start(Behaviour::Accept);
    let mut running = program
        .traffic(&collector.endpoint())
        .variable("OTEL_BSP_MAX_QUEUE_SIZE", "65536")
        .with("--messages", messages)
        .with("--phases", 1)
        .flag("--metrics")
        .start();
    let address = running.line();
    let slow: Vec<TcpStream> = (0..SLOW_READERS)
        .map(|_| ask(&address).expect("it listens"))
        .collect();
    let done = AtomicBool::new(false);
    let scrapes = thread::scope(|scope| {
        let scraper = scope.spawn(|| scrape_until(&done, &address));
        running.end_of_phase();
        done.store(true, Ordering::Relaxed);
        scraper.join().expect("every scrape is whole")
    });
    running.go_on();
    let report = running.report();
    drop(slow);
    assert!(scrapes > 0, "it was scraped");
    let fault = format!(
        "scraped every 10 ms, {scrapes} times, with {SLOW_READERS} readers that do not read"
    );
    let row = Row::new(&fault, report, &collector);
    row.assert_no_loss();
    row
}

/// Scrapes until it is told to stop; returns how often.
fn scrape_until(done: &AtomicBool, address: &str) -> u64 {
    let (mut scrapes, mut counted) = (0, 0);
    let mut next = Instant::now();
    while !done.load(Ordering::Relaxed) {
        let text = scrape(address).expect("it answers to the end");
        let operations = "mcp_server_operation_duration_seconds_count";
        let now = scraped(&text, operations, None);
        assert!(now >= counted, "counts only grow: {counted}, then {now}");
        counted = now;
        scrapes += 1;
        next += INTERVAL;
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    scrapes
}
