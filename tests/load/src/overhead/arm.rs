//! A server with its client, and what came of asking it.

use std::path::Path;
use std::time::{Duration, Instant};

use super::client::Client;
use super::tools::Load;
use super::{Extent, Transport};
use crate::child::{Program, Running};
use crate::collector::Collector;
use crate::latency::Latencies;
use crate::processor::{Task, Threads};

/// See the module.
pub(super) struct Arm {
    running: Running,
    client: Client,
    /// Each turn, in the order of the turns.
    pub(super) turns: Vec<Turn>,
    pub(super) latencies: Latencies,
    /// When the last turn was over.
    threads: Threads,
}

/// How long the requests of a turn took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    /// By the clock.
    pub(super) elapsed: Duration,
    /// Of the processor, by [`Task`].
    pub(super) processor: [Duration; Task::ALL.len()],
}

impl Turn {
    /// Of the processor, in all.
    pub(super) fn processor(&self) -> Duration {
        self.processor.iter().sum()
    }
}

impl Arm {
    pub(super) fn start(
        program: &Program,
        (load, transport, extent): (Load, Transport, Extent),
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
            let path = directory.join(format!("{load:?}-{extent:?}.jsonl"));
            child = child.with("--security-log", path.display());
        }
        let mut running = child.with("--transport", transport).start();
        let client = Client::of(&mut running, transport, load);
        Self {
            running,
            client,
            turns: Vec::new(),
            latencies: Latencies::default(),
            threads: Threads::default(),
        }
    }

    pub(super) fn warm_up(&mut self, requests: u64) {
        self.turn(requests);
        self.turns.clear();
        self.latencies = Latencies::default();
    }

    pub(super) fn turn(&mut self, requests: u64) {
        let begun = Instant::now();
        self.client.ask(requests, &mut self.latencies);
        let elapsed = begun.elapsed();
        // What is still being exported belongs to these requests, and would be in the way of the next server.
        let threads = Threads::at_rest(self.running.id());
        let processor = Task::ALL.map(|task| threads.since(&self.threads, task));
        self.threads = threads;
        self.turns.push(Turn { elapsed, processor });
    }
}
