//! What telemetry costs a server through rmcp: the same server without it, with some, and with all of it, side
//! by side, asked in turns in one run, over stdio and over streamable HTTP.

mod arm;
mod client;
mod ratio;
mod served;
pub mod tools;

use std::fmt::Write as _;
use std::thread;

use crate::child::Program;
use crate::collector::{Behaviour, Collector};
use crate::processor::{self, Task};
use arm::{Arm, Turn};
use ratio::Ratio;
pub use served::{Settings, Transport, run};
use tools::Load;

/// Each has two turns of each server, in one order and back, so that what changes steadily meanwhile changes
/// all of them alike. A server's two are compared with the two of the bare one.
const ROUNDS: usize = 20;
/// Requests of the turns that are not measured.
const WARM_UP: u64 = 2_000;

/// How much telemetry a server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Bare,
    Metrics,
    /// Metrics and the security log, in a file.
    SecurityLog,
    /// Metrics and spans, all of them sampled and exported.
    Spans,
    Everything,
}

impl Extent {
    const ALL: [Self; 5] = [
        Self::Bare,
        Self::Metrics,
        Self::SecurityLog,
        Self::Spans,
        Self::Everything,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Bare => "nothing",
            Self::Metrics => "metrics",
            Self::SecurityLog => "metrics, security log",
            Self::Spans => "metrics, spans",
            Self::Everything => "metrics, spans, security log",
        }
    }
}

/// Measures, and makes a table of it. Nothing is asserted of time.
///
/// # Panics
/// If a server does not answer.
#[must_use]
pub fn measured(program: &Program, requests: u64) -> String {
    let mut table =
        "| over | the tool | with | processor time a request | serving, exporting, writing | \
        of the bare server's | requests/s | of the bare server's | p50 | p99 |\n\
        | --- | --- | --- | --: | --: | --: | --: | --: | --: | --: |\n"
            .to_owned();
    for transport in [Transport::Stdio, Transport::Http] {
        table += &compared(program, transport, Load::Nothing, &Extent::ALL, requests);
        for load in [Load::Computing, Load::Waiting] {
            let extents = [Extent::Bare, Extent::Everything];
            table += &compared(program, transport, load, &extents, requests / 4);
        }
    }
    table
}

/// The rows of these servers, the first of which is the bare one.
fn compared(
    program: &Program,
    transport: Transport,
    load: Load,
    extents: &[Extent],
    requests: u64,
) -> String {
    // It is started from elsewhere: it does not stay on the processor where the servers do.
    let collector = Collector::start(Behaviour::Ignore);
    let directory = tempfile::tempdir().expect("a directory");
    let turn = requests / (2 * ROUNDS as u64);
    let measure = || {
        processor::stay_on_one();
        let start = |extent: &Extent| {
            let what = (load, transport, *extent);
            Arm::start(program, what, &collector, directory.path())
        };
        let mut arms: Vec<Arm> = extents.iter().map(start).collect();
        for arm in &mut arms {
            arm.warm_up(WARM_UP.min(requests));
        }
        take_turns(&mut arms, turn);
        arms
    };
    let arms = thread::scope(|scope| scope.spawn(measure).join().expect("all servers answer"));
    let mut rows = String::new();
    for (arm, extent) in arms.iter().zip(extents) {
        let row = row(arm, &arms[0], turn);
        let _ = writeln!(
            rows,
            "| {transport} | {load} | {} | {row} |",
            extent.title()
        );
    }
    rows
}

fn take_turns(arms: &mut [Arm], requests: u64) {
    for round in 0..ROUNDS {
        // Each time another one begins.
        let order = (0..arms.len()).map(|which| (which + round) % arms.len());
        let order: Vec<usize> = order.clone().chain(order.rev()).collect();
        for which in order {
            arms[which].turn(requests);
        }
    }
}

/// The figures of a server whose turns had so many requests each.
fn row(arm: &Arm, bare: &Arm, requests: u64) -> String {
    let requests = requests * arm.turns.len() as u64;
    let requests = f64::from(u32::try_from(requests).expect("it is not that many"));
    let seconds: f64 = arm.turns.iter().map(|it| it.elapsed.as_secs_f64()).sum();
    let [serving, exporting, writing] = Task::ALL.map(|task| {
        let turns = arm.turns.iter();
        let seconds: f64 = turns
            .map(|it| it.processor[task as usize].as_secs_f64())
            .sum();
        seconds * 1e6 / requests
    });
    let ratio = |of: fn(&Turn) -> f64| Ratio::of_pairs(&arm.turns, &bare.turns, of);
    format!(
        "{:.1} µs | {serving:.1}, {exporting:.1}, {writing:.1} | {} | {:.0} | {} | {:.0} µs | {:.0} µs",
        serving + exporting + writing,
        ratio(|turn| turn.processor().as_secs_f64()),
        requests / seconds,
        ratio(|turn| turn.elapsed.as_secs_f64().recip()),
        arm.latencies.at(500).as_secs_f64() * 1e6,
        arm.latencies.at(990).as_secs_f64() * 1e6,
    )
}
