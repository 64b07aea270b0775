//! Whatever callers make up, the number of series stays what it is, so does the memory, and what is
//! legitimate is counted as ever.

mod made_up;
mod over_http;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use mcp_observe::Telemetry;
use mcp_observe::rmcp::Observed;
use mcp_observe::security::{SecurityLog, channel};
use mcp_observe_tests::{Series, series};

use crate::child::Program;
use crate::collector::{Behaviour, Collector};
use crate::kind::{Kind, Revision};
use crate::latency::Latencies;
use crate::ledger::scraped;
use crate::memory::{mib, resident};
use crate::pipe::{Pipe, Script};
use crate::server::Server;
use made_up::Target;
use over_http::OverHttp;

/// Parts after each of which it is looked what there is. The first one is for warming up.
const PARTS: u64 = 10;
/// Messages under way at once.
const WINDOW: u64 = 32;
/// How much the memory may grow from the second part on. Names of a single kind that were kept would be
/// more, even if there are few: each has 4,000 bytes. The queues are small, so that it makes no difference to
/// this how full they ever were.
const GROWTH: u64 = 3 << 20;

/// What there is to do.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// How many names are made up, of each kind
    #[arg(long)]
    pub names: u64,
}

/// Series by their names and labels.
type Known = BTreeSet<(String, Vec<(String, String)>)>;

/// What there was after a part.
struct Part {
    messages: u64,
    series: usize,
    /// Those that were not there after the first part.
    new: Vec<(String, Vec<(String, String)>)>,
    resident: u64,
}

/// Floods a server of its own.
///
/// # Panics
/// If series or memory grow, or a count is not what it must be.
#[must_use]
pub fn flooded(program: &Program, names: u64) -> String {
    let collector = Collector::start(Behaviour::Accept);
    let child = program.exporting("flood", &collector.endpoint());
    let child = child.variable("OTEL_BSP_MAX_QUEUE_SIZE", "512");
    let line = child.with("--names", names).only_line();
    serde_json::from_str(&line).expect("a table")
}

/// Floods the server in this process, and prints a table as a JSON string.
///
/// # Panics
/// If series or memory grow, or a count is not what it must be.
pub fn run(settings: &Settings) {
    let (sender, lines) = channel(1_024);
    let reader = thread::spawn(move || lines.count());
    let telemetry = Telemetry::builder()
        .security_log(SecurityLog::builder().writer(sender).queue(1_024, 1 << 19))
        .install()
        .expect("telemetry can be set up");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let begun = Instant::now();
    let flood = runtime.block_on(flood(settings.names, &telemetry));
    let seconds = begun.elapsed().as_secs_f64();
    drop(runtime);
    flood.check(&telemetry);
    let ended = telemetry.shutdown(Duration::from_secs(60));
    ended.expect("everything is exported");
    let lines = reader.join().expect("it reads");
    assert!(lines > 0, "the security log was on");
    let table = flood.table(seconds);
    println!("{}", serde_json::to_string(&table).expect("a string"));
}

/// What was sent, and what there was.
struct Flood {
    names: u64,
    /// Legitimate calls, over the pipe and over HTTP.
    legitimate: u64,
    messages: u64,
    parts: Vec<Part>,
}

async fn flood(names: u64, telemetry: &Telemetry) -> Flood {
    let observed = || {
        Observed::builder(Server::default())
            .catch_panics(true)
            .build()
    };
    let mut pipe = Pipe::open(observed(), Revision::Legacy).await;
    let script = Script::of(&mut pipe, Revision::Legacy, &[Kind::Small]).await;
    let mut http = OverHttp::new(observed);
    // The session's start, and what the script is made from.
    let mut flood = Flood {
        names,
        legitimate: 1,
        messages: 3,
        parts: Vec::new(),
    };
    let mut latencies = Latencies::default();
    let mut first = None;
    let share = names / PARTS;
    for part in 0..PARTS {
        let (mut name, end) = (part * share, (part + 1) * share);
        while name < end {
            let window = name..(name + WINDOW).min(end);
            for target in Target::OVER_PIPE {
                pipe.flood(window.clone().map(|name| target.message(name)))
                    .await;
            }
            pipe.exchange(&script, &[Kind::Small], &mut latencies).await;
            for name in window.clone() {
                http.unknown_version(name).await;
                http.unknown_session(name).await;
                http.client(name).await;
            }
            let sent = window.end - window.start;
            flood.legitimate += 1 + sent;
            flood.messages += 1 + sent * (Target::OVER_PIPE.len() as u64 + 3);
            name = window.end;
        }
        flood
            .parts
            .push(Part::now(flood.messages, telemetry, &mut first));
    }
    flood
}

impl Part {
    /// Of the series, only those are kept that are new: memory is what is measured here.
    fn now(messages: u64, telemetry: &Telemetry, first: &mut Option<Known>) -> Self {
        let flushed = telemetry.flush(Duration::from_secs(60));
        flushed.expect("everything is exported");
        let series = series(&telemetry.prometheus_text()).into_iter();
        let series: Known = series
            .map(|Series { name, labels, .. }| (name, labels))
            .collect();
        let (number, first) = (series.len(), first.get_or_insert_with(|| series.clone()));
        Self {
            messages,
            series: number,
            new: series.difference(first).cloned().collect(),
            resident: resident(),
        }
    }
}

impl Flood {
    fn check(&self, telemetry: &Telemetry) {
        let text = telemetry.prometheus_text();
        for Part { messages, new, .. } in &self.parts {
            assert!(new.is_empty(), "after {messages} messages: {new:#?}");
        }
        let (warm, last) = (&self.parts[1], &self.parts[self.parts.len() - 1]);
        let growth = last.resident.saturating_sub(warm.resident);
        let table = self.table(0.0);
        assert!(growth < GROWTH, "memory grew by {growth} bytes:\n{table}");
        let measured = Some(("tool_name", "measured"));
        let names = self.names / PARTS * PARTS;
        for (name, label, expected) in [
            ("mcp_tool_calls_total", measured, self.legitimate),
            (
                "mcp_tool_invocation_duration_seconds_count",
                measured,
                self.legitimate,
            ),
            ("mcp_unknown_total", Some(("kind", "tool")), names),
            ("mcp_unknown_total", Some(("kind", "method")), names),
            ("mcp_tool_calls_total", Some(("tool_name", "coded")), names),
            (
                "mcp_server_operation_duration_seconds_count",
                None,
                self.messages,
            ),
            ("mcp_tool_active", None, 0),
        ] {
            assert_eq!(scraped(&text, name, label), expected, "{name} {label:?}");
        }
    }

    fn table(&self, seconds: f64) -> String {
        let mut table =
            "| messages | made up | series | memory, MiB |\n| --: | --: | --: | --: |\n".to_owned();
        let kinds = Target::OVER_PIPE.len() as u64 + 3;
        for (part, number) in self.parts.iter().zip(1..) {
            let names = self.names / PARTS * number * kinds;
            let _ = writeln!(
                table,
                "| {} | {names} | {} | {:.1} |",
                part.messages,
                part.series,
                mib(part.resident)
            );
        }
        let _ = writeln!(
            table,
            "\n{} calls that were legitimate, and as many are counted. It took {seconds:.0} s.",
            self.legitimate
        );
        table
    }
}
