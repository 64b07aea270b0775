//! How fast a log is replayed, and in how much memory:
//! `cargo bench -p mcp-observe-detect --bench replay -- --events 10000000`.
//!
//! The time is the processor's, for cutting the log into lines, parsing them and evaluating all rules on
//! one thread; the events are made between the measurements, a piece at a time. Memory is the process's.

mod clock;
mod events;
mod memory;

use std::env;
use std::process::ExitCode;
use std::time::Duration;

use clock::Clock;
use events::Events;
use mcp_observe_detect::{Config, Detector, Lines};
use memory::Memory;

/// Events of a piece: some MiB.
const PIECE: u64 = 10_000;
const DEFAULT: u64 = 1_000_000;
/// As `cargo test --benches` runs it: whether it works.
const SMOKE: u64 = 20_000;
/// How often a row is printed, in events.
const ROW: u64 = 1_000_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let measured = arguments.iter().any(|argument| argument == "--bench");
    let asked = arguments
        .iter()
        .position(|argument| argument == "--events")
        .map(|flag| {
            arguments
                .get(flag + 1)
                .and_then(|number| number.parse().ok())
        });
    let number = match asked {
        Some(None) => {
            eprintln!("`--events` takes a number");
            return ExitCode::FAILURE;
        }
        Some(Some(number)) => number,
        None if measured => DEFAULT,
        None => SMOKE,
    };
    replay(number);
    ExitCode::SUCCESS
}

fn replay(number: u64) {
    let mut events = Events::new();
    let mut detector = Detector::new(Config::default());
    let (mut lines, mut piece) = (Lines::new(), Vec::new());
    let (mut made, mut bytes, mut alerts) = (0, 0, 0_u64);
    let mut taken = Duration::ZERO;
    println!(
        "{:>12}  {:>12}  {:>10}  {:>10}",
        "events", "events/s", "MiB now", "MiB peak"
    );
    while made < number {
        let some = PIECE.min(number - made);
        piece.clear();
        events.write(some, &mut piece);
        let started = Clock::now();
        lines.push(&piece, |line| {
            detector
                .observe_line(line, &mut |_| alerts += 1)
                .expect("it is an event");
        });
        taken += started.elapsed();
        made += some;
        bytes += piece.len();
        if made.is_multiple_of(ROW) || made == number {
            print_row(made, taken);
        }
    }
    detector.finish(&mut |_| alerts += 1);
    let stats = detector.stats();
    assert_eq!((stats.events, stats.malformed), (number, 0));
    println!(
        "{} bytes an event, {alerts} alerts, {stats:?}",
        bytes as u64 / number.max(1)
    );
}

fn print_row(made: u64, taken: Duration) {
    #[allow(clippy::cast_precision_loss)] // it is printed without its fraction
    let rate = made as f64 / taken.as_secs_f64();
    let (now, peak) =
        Memory::of_this_process().map_or((f64::NAN, f64::NAN), |it| (it.now, it.peak));
    println!("{made:>12}  {rate:>12.0}  {now:>10.1}  {peak:>10.1}");
}
