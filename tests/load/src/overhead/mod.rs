//! What telemetry costs a server through rmcp: the same server without it, with some, and with all of it, side
//! by side, asked in turns in one run, over stdio and over streamable HTTP.

mod client;
mod served;

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use crate::child::{Program, Running};
use crate::collector::{Behaviour, Collector};
use crate::latency::Latencies;
use client::Client;
pub use served::{Settings, Transport, run};

/// Turns of each server, each of which is compared with the bare server's.
const TURNS: usize = 40;
/// Requests of the turns that are not measured.
const WARM_UP: u64 = 2_000;

/// A server, and what came of asking it.
struct Arm {
    running: Running,
    client: Client,
    /// Requests a second, in each turn.
    rates: Vec<f64>,
    latencies: Latencies,
    processor_at_first: f64,
}

/// How much of it a server has.
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
    let mut table = "| over | with | requests/s | of the bare server's | p50 | p99 | processor time a request | \
        of the bare server's |\n| --- | --- | --: | --: | --: | --: | --: | --: |\n"
        .to_owned();
    for transport in [Transport::Stdio, Transport::Http] {
        let collector = Collector::start(Behaviour::Ignore);
        let directory = tempfile::tempdir().expect("a directory");
        let mut arms = Extent::ALL
            .map(|extent| Arm::start(program, transport, extent, &collector, directory.path()));
        let turn = requests / TURNS as u64;
        for arm in &mut arms {
            arm.warm_up();
        }
        for number in 0..TURNS {
            // Each time another one begins.
            for which in 0..arms.len() {
                let which = (which + number) % arms.len();
                arms[which].turn(turn);
            }
        }
        let asked = turn * TURNS as u64;
        let bare = &arms[0];
        for (arm, extent) in arms.iter().zip(Extent::ALL) {
            let turns = arm.rates.iter().zip(&bare.rates);
            let ratios: Vec<f64> = turns.map(|(rate, bare)| rate / bare).collect();
            let _ = writeln!(
                table,
                "| {transport} | {} | {:.0} | {:.3} | {:.0} µs | {:.0} µs | {:.1} µs | {:.3} |",
                extent.title(),
                median(&arm.rates),
                median(&ratios),
                arm.latencies.at(500).as_secs_f64() * 1e6,
                arm.latencies.at(990).as_secs_f64() * 1e6,
                arm.processor(asked) * 1e6,
                arm.processor(asked) / bare.processor(asked),
            );
        }
    }
    table
}

impl Arm {
    fn start(
        program: &Program,
        transport: Transport,
        extent: Extent,
        collector: &Collector,
        directory: &Path,
    ) -> Self {
        let endpoint = match extent {
            Extent::Spans | Extent::Everything => collector.endpoint(),
            _ => String::new(),
        };
        let mut child = program.exporting("serve", &endpoint);
        if extent != Extent::Bare {
            child = child.flag("--observed");
        }
        if matches!(extent, Extent::SecurityLog | Extent::Everything) {
            let path = directory.join(format!("{extent:?}.jsonl"));
            child = child.with("--security-log", path.display());
        }
        let mut running = child.with("--transport", transport).start();
        let client = Client::of(&mut running, transport);
        Self {
            running,
            client,
            rates: Vec::new(),
            latencies: Latencies::default(),
            processor_at_first: 0.0,
        }
    }

    fn warm_up(&mut self) {
        self.turn(WARM_UP);
        self.rates.clear();
        self.latencies = Latencies::default();
        self.processor_at_first = self.running.processor_seconds();
    }

    fn turn(&mut self, requests: u64) {
        let begun = Instant::now();
        self.client.ask(requests, &mut self.latencies);
        #[expect(clippy::cast_precision_loss, reason = "it is not that many")]
        let requests = requests as f64;
        self.rates.push(requests / begun.elapsed().as_secs_f64());
    }

    /// The processor's seconds for each of the requests.
    fn processor(&self, requests: u64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "it is not that many")]
        let requests = requests as f64;
        (self.running.processor_seconds() - self.processor_at_first) / requests
    }
}

fn median(of: &[f64]) -> f64 {
    let mut sorted = of.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
