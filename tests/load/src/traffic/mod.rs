//! A process of its own: a server and its clients in it, whose messages end in every way that there is.
//!
//! It exports as the standard variables say. After each of its phases it prints a line and waits for one on
//! stdin, so that whoever started it can change what is around it; at the end it prints a [`Report`].

mod report;
mod security;

use std::collections::BTreeMap;
use std::io::{self, BufRead as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use mcp_observe::Telemetry;
use mcp_observe::http::MetricsListener;
use mcp_observe::rmcp::Observed;
use tokio::runtime::{Builder, Runtime};

use crate::kind::{Kind, Operation, Revision};
use crate::latency::Latencies;
use crate::ledger::{Ledger, Signal, scraped};
use crate::memory::resident;
use crate::pipe::{Pipe, Script};
use crate::seeded::Seeded;
use crate::server::Server;
pub use report::{Lost, Report};
use security::Log;

/// Messages that a session has under way at once.
const WINDOW: usize = 16;
/// Calls of each session that are under way when the runtime is dropped.
const HANGING: usize = 4;
/// What should be over soon may take this long on a machine however busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// What there is to do.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// How many messages are sent
    #[arg(long)]
    pub messages: u64,
    /// What the mix of messages is made from
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Sessions at once
    #[arg(long, default_value_t = 8)]
    pub sessions: usize,
    /// Parts, after each of which a line is printed and one on stdin is waited for
    #[arg(long)]
    pub phases: Option<u64>,
    /// Flush telemetry whenever so many messages were sent
    #[arg(long)]
    pub flush_every: Option<u64>,
    /// What is wrong with the security log
    #[arg(long, value_enum, default_value_t = LogFault::None)]
    pub log_fault: LogFault,
    /// Write the security log to this file, and not to a channel
    #[arg(long)]
    pub log_file: Option<PathBuf>,
    /// Serve /metrics on a free port, which the first line tells
    #[arg(long)]
    pub metrics: bool,
}

/// What can be wrong with the security log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFault {
    /// Nothing.
    None,
    /// Nobody reads the channel before all messages were sent.
    Unread,
    /// The disk is full.
    DiskFull,
    /// The clock that lines are stamped by is set back and forth by hours.
    ClockSteps,
}

/// Sends the messages, and prints what came of them.
///
/// # Panics
/// If an answer is not the bare handler's, or the process cannot do what it is told.
pub fn run(settings: &Settings) {
    let runtime = runtime();
    let scripts = runtime.block_on(async {
        [
            Script::of_bare_server(Revision::Legacy).await,
            Script::of_bare_server(Revision::Modern).await,
        ]
    });
    let log = Log::new(settings);
    let telemetry = Telemetry::builder()
        .service_name("under-fire")
        .security_log(log.builder())
        .install()
        .expect("telemetry can be set up");
    let metrics = settings.metrics.then(|| listen(&telemetry));

    let mut traffic = Traffic {
        scripts: scripts.map(Arc::new),
        sessions: Vec::new(),
        telemetry: telemetry.clone(),
        expected: Ledger::default(),
        latencies: Latencies::default(),
    };
    runtime.block_on(traffic.open(settings));
    let resident_at_first = resident();
    let mut seconds = 0.0;
    for _ in 0..settings.phases.unwrap_or(1) {
        let begun = Instant::now();
        traffic.phase(&runtime, settings);
        seconds += begun.elapsed().as_secs_f64();
        if settings.phases.is_some() {
            println!("phase {}", traffic.expected.total(Signal::Events));
            wait_for_line();
        }
    }
    log.all_was_sent();

    // Calls that are under way when the runtime is dropped end as cancelled.
    runtime.block_on(traffic.hang());
    drop(runtime);
    traffic.settle();
    let resident_at_last = resident();
    let text = telemetry.prometheus_text();
    let since = Instant::now();
    let shutdown = [0, 1].map(|_| {
        let ended = telemetry.shutdown(Duration::from_secs(5));
        ended.map_err(|error| error.to_string())
    });
    let shutdown_seconds = since.elapsed().as_secs_f64();
    drop(metrics);
    let written = log.written();
    let report = Report {
        expected: traffic.expected,
        metrics: text,
        events: written.events,
        event_milliseconds: written.milliseconds,
        answers: traffic.latencies.number(),
        p50: traffic.latencies.at(500).as_secs_f64(),
        p99: traffic.latencies.at(990).as_secs_f64(),
        seconds,
        resident: [resident_at_first, resident_at_last],
        shutdown,
        shutdown_seconds,
    };
    println!("{}", report.to_line());
}

fn runtime() -> Runtime {
    let runtime = Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build();
    runtime.expect("a runtime")
}

fn listen(telemetry: &Telemetry) -> MetricsListener {
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = MetricsListener::start(telemetry, free).expect("there is a free port");
    println!("{}", listener.address());
    listener
}

fn wait_for_line() {
    let read = io::stdin().lock().read_line(&mut String::new());
    read.expect("whoever started this says when to go on");
}

struct Session {
    pipe: Pipe,
    revision: Revision,
    seeded: Seeded,
}

/// All sessions, and what was sent.
struct Traffic {
    scripts: [Arc<Script>; 2],
    sessions: Vec<Session>,
    telemetry: Telemetry,
    expected: Ledger,
    latencies: Latencies,
}

impl Traffic {
    async fn open(&mut self, settings: &Settings) {
        for number in 0..settings.sessions {
            let revision = [Revision::Legacy, Revision::Modern][number % 2];
            let observed = Observed::builder(Server::default()).catch_panics(true);
            let pipe = Pipe::open(observed.build(), revision).await;
            if revision == Revision::Legacy {
                for method in ["initialize", "notifications/initialized"] {
                    self.expected.expect(&Operation::of(method), 1);
                }
            }
            let seeded = Seeded::new(
                settings
                    .seed
                    .wrapping_mul(1_000)
                    .wrapping_add(number as u64),
            );
            self.sessions.push(Session {
                pipe,
                revision,
                seeded,
            });
        }
    }

    /// Sends this phase's share of the messages.
    fn phase(&mut self, runtime: &Runtime, settings: &Settings) {
        let all = settings.messages / settings.phases.unwrap_or(1);
        let mut left = all;
        while left > 0 {
            let some = settings.flush_every.unwrap_or(all).min(left);
            runtime.block_on(self.round(some));
            if settings.flush_every.is_some() {
                self.telemetry.flush(PATIENCE).expect("it is exported");
            }
            left -= some;
        }
    }

    /// Sends so many messages, each session its share.
    async fn round(&mut self, messages: u64) {
        let sessions = std::mem::take(&mut self.sessions);
        let number = sessions.len() as u64;
        let tasks: Vec<_> = (0..number)
            .zip(sessions)
            .map(|(index, session)| {
                let share = messages / number + u64::from(index < messages % number);
                let script =
                    Arc::clone(&self.scripts[usize::from(session.revision == Revision::Modern)]);
                tokio::spawn(session.send(script, share))
            })
            .collect();
        for task in tasks {
            let (session, sent, latencies) = task.await.expect("every answer is as it must be");
            for (kind, times) in sent {
                self.expected
                    .expect(&kind.operation(session.revision), times);
                if kind == Kind::Cancelled {
                    let cancelling = Operation::of("notifications/cancelled");
                    self.expected.expect(&cancelling, times);
                }
            }
            self.latencies.merge(&latencies);
            self.sessions.push(session);
        }
    }

    /// Begins calls that do not end.
    async fn hang(&mut self) {
        for session in &mut self.sessions {
            for id in 0..HANGING {
                let id = 1_000_000_000_000 + id as u64;
                let message = Kind::Cancelled.message(session.revision, id);
                session.pipe.send(&message).await;
            }
        }
        // A task of the process's own panics meanwhile: that is nothing to the calls.
        let panicking = tokio::spawn(async { std::panic::resume_unwind(Box::new(())) });
        let ended: Result<(), _> = panicking.await;
        assert!(ended.is_err_and(|error| error.is_panic()));
        let hanging = (HANGING * self.sessions.len()) as u64;
        self.expected.expect(&Operation::cancelled(), hanging);
        let active = || {
            let text = self.telemetry.prometheus_text();
            scraped(&text, "mcp_tool_active", Some(("tool_name", "waiting")))
        };
        mcp_observe_tests::wire::eventually("the calls have begun", || active() == hanging).await;
    }

    /// Waits until every span was exported or lost, one way or another, if any are exported.
    fn settle(&self) {
        let spans = self.expected.total(Signal::Spans);
        let deadline = Instant::now() + PATIENCE;
        // What fails is in the counts, which are what is looked at.
        let _ = self.telemetry.flush(PATIENCE);
        while Lost::of(&self.telemetry.prometheus_text()).all_spans() < spans
            && Instant::now() < deadline
        {
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Session {
    async fn send(
        mut self,
        script: Arc<Script>,
        messages: u64,
    ) -> (Self, BTreeMap<Kind, u64>, Latencies) {
        let mut sent = BTreeMap::new();
        let mut latencies = Latencies::default();
        let mut left = messages;
        while left > 0 {
            let some = left.min(WINDOW as u64);
            let kinds: Vec<Kind> = (0..some)
                .map(|_| Kind::ALL[self.seeded.below(Kind::ALL.len())])
                .collect();
            self.pipe.exchange(&script, &kinds, &mut latencies).await;
            for kind in kinds {
                *sent.entry(kind).or_default() += 1;
            }
            left -= some;
        }
        (self, sent, latencies)
    }
}
