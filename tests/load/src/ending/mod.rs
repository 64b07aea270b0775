//! SIGTERM while calls are under way: what was finished is exported within the bound, the rest ends as cancelled,
//! and each is in every signal once.

mod client;
mod served;

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use mcp_observe_tests::security_event::events;
use mcp_observe_tests::series;

use crate::child::Program;
use crate::collector::{Behaviour, Collector};
use crate::kind::Operation;
use crate::ledger::{Ledger, Signal, scraped, whole};
use crate::overhead::Transport;
use crate::scrape::scrape;
use crate::traffic::Lost;
use client::{BUSY, Client, HANGING};
use served::{METRICS, REPORT, Report, SECURITY_LOG};
pub use served::{Settings, run};

/// What should be there soon may take this long on a machine however busy.
const PATIENCE: Duration = Duration::from_secs(60);
/// More spans than there are calls: that nothing is lost is not a matter of time.
const LARGE_QUEUE: u64 = 1 << 20;

const HANGING_TOOL: (&str, &str) = ("tool_name", "waiting");

/// Ends a server over each transport after so many answers, and makes a table of it.
///
/// # Panics
/// If a call is missing or counted twice, or the server does not end well.
#[must_use]
pub fn ended(program: &Program, answers: u64) -> String {
    let mut table = "| over | answered | finished | cancelled | of those in every signal | telemetry's shutdown |\n\
        | --- | --: | --: | --: | --: | --: |\n"
        .to_owned();
    for transport in [Transport::Stdio, Transport::Http] {
        let _ = writeln!(table, "{}", row(program, transport, answers));
    }
    table
}

fn row(program: &Program, transport: Transport, answers: u64) -> String {
    let collector = Collector::start(Behaviour::Accept);
    let directory = tempfile::tempdir().expect("a directory");
    let read = |name| fs::read_to_string(directory.path().join(name)).unwrap_or_default();
    let mut running = program
        .exporting("end", &collector.endpoint())
        .variable("OTEL_BSP_MAX_QUEUE_SIZE", &LARGE_QUEUE.to_string())
        .with("--transport", transport)
        .with("--directory", directory.path().display())
        .start();
    let client = Client::start(&mut running, transport);
    eventually("many calls are answered, and some are not", || {
        let address = read(METRICS);
        let metrics = scrape(&address).unwrap_or_default();
        let active = scraped(&metrics, "mcp_tool_active", Some(HANGING_TOOL));
        client.answered() >= answers && active == HANGING
    });
    running.terminate();
    let answered = client.wait();
    running.end();

    let report: Report = serde_json::from_str(&read(REPORT)).expect("it left a report");
    assert_eq!(report.shutdown, Ok(()), "it is over within the bound");
    let counted = |tool, status, size| of_tool(&report.metrics, tool, status, size);
    let mut expected = Ledger::default();
    let (mut finished, mut cancelled) = (0, counted("waiting", "cancelled", None));
    assert_eq!(cancelled, HANGING, "they were not over");
    expected.expect(&Operation::cancelled(), cancelled);
    // A call that is cancelled before its labels are read has none.
    for size in ["small", "_OTHER"] {
        let call = Operation {
            tool: Some("measured"),
            size: Some(size),
            ..Operation::of("tools/call")
        };
        let of_size = counted("measured", "success", Some(size));
        expected.expect(&call, of_size);
        finished += of_size;
        let call = Operation {
            tool: call.tool,
            size: call.size,
            ..Operation::cancelled()
        };
        let of_size = counted("measured", "cancelled", Some(size));
        expected.expect(&call, of_size);
        cancelled += of_size;
    }
    let begun = finished + cancelled - HANGING;
    assert!(
        (answered..=answered + BUSY).contains(&begun),
        "{answered} were answered, and {begun} had begun"
    );
    if transport == Transport::Stdio {
        for method in ["initialize", "notifications/initialized"] {
            expected.expect(&Operation::of(method), 1);
        }
    }
    let mut found = Ledger::default();
    found.scrape(&report.metrics);
    found.add(&collector.spans());
    for event in events(&read(SECURITY_LOG)) {
        found.event(&event);
    }
    for signal in Signal::ALL {
        let differences = found.differences(&expected, signal);
        assert!(differences.is_empty(), "{signal:?}: {differences:?}");
    }
    assert_eq!(Lost::of(&report.metrics).dropped, 0);
    assert_eq!(scraped(&report.metrics, "mcp_tool_active", None), 0);
    format!(
        "| {transport} | {answered} | {finished} | {cancelled} | {} | {:.2} s |",
        finished + cancelled,
        report.shutdown_seconds
    )
}

/// How many calls of the tool have ended so.
fn of_tool(text: &str, tool: &str, status: &str, size: Option<&str>) -> u64 {
    let all = series(text).into_iter().filter(|series| {
        let label = |name| {
            let label = series.labels.iter().find(|(key, _)| key == name);
            label.map(|(_, value)| value.as_str())
        };
        series.name == "mcp_tool_invocation_duration_seconds_count"
            && label("tool_name") == Some(tool)
            && label("status") == Some(status)
            && label("size") == size
    });
    all.map(|series| whole(&series)).sum()
}

fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
