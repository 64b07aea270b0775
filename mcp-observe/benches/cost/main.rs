//! What observing a call costs, beside what others would pay: one table from one run of
//! `cargo bench -p mcp-observe --features client,http,logs --bench cost`: with all that a call has to
//! do with; exporters are not.
//!
//! A scenario is a mode and a contender. Each is measured in a process of its own, as the default
//! `Telemetry` and `tracing`'s subscriber belong to the process, and twice: once for nanoseconds and
//! allocations, once under callgrind for instructions. A call is polled once, without an executor.
//! Spans end in a processor that drops them, so no exporter is timed.
//!
//! Every figure is net of the bare function or handler, called by the same harness. Without
//! `valgrind` there are no instructions. Nanoseconds are for reading: on a shared machine they drift.
//!
//! Below what the SDK takes nobody comes, whoever calls it. Of the figures by hand, in instructions: to build a
//! span 675 (630 if it is not sampled), to put it into a context 308, to end it 755, to drop it 318 (134); to
//! attach and detach the context 112; two samples of histograms and three additions, all bound, 333; three
//! readings of the clock and their difference 115. That makes 2,616 of a sampled call, and 1,324 of one that is
//! not, without the allocations and the copying of futures around them.
//!
//! Arguments that are no flags select: `-- sampled` measures the modes whose name contains it, and
//! `-- throughput` how many events the security log takes. `-- --check` compares with the committed
//! table, `limits.txt`, and `-- --write` writes it.

mod autometrics;
mod bare;
mod by_hand;
mod callgrind;
mod gate;
mod handlers;
mod measure;
mod ours;
mod providers;
mod request;
mod scenario;
mod spans_by_hand;
mod table;
mod throughput;
mod tracing;

use std::env;
use std::process::ExitCode;

use scenario::Scenario;

/// What a scenario's own process does.
const TIME: &str = "--time";
const COUNT: &str = "--count";
const THROUGHPUT: &str = "--throughput";

/// What the gate is asked for.
const CHECK: &str = "--check";
const WRITE: &str = "--write";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [job, scenario] = arguments.as_slice()
        && (job == TIME || job == COUNT || job == THROUGHPUT)
    {
        return work(job, scenario);
    }
    // `cargo test --all-targets` runs benchmarks too, without this flag; it asks whether they work,
    // and compiling is all that it needs to be told.
    if arguments.iter().any(|argument| argument == "--bench") {
        let is_asked = |flag| arguments.iter().any(|argument| argument == flag);
        if is_asked(CHECK) {
            return exit(gate::check());
        }
        if is_asked(WRITE) {
            return exit(gate::write().map(|()| true));
        }
        let filters = arguments.iter().filter(|it| !it.starts_with("--"));
        let filters: Vec<&String> = filters.collect();
        print!("{}", table::measured(&filters));
        if filters.is_empty() || filters.iter().any(|filter| "throughput".contains(*filter)) {
            print!("{}", throughput::measured());
        }
    }
    ExitCode::SUCCESS
}

fn exit(outcome: std::io::Result<bool>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the table of limits: {error}");
            ExitCode::FAILURE
        }
    }
}

fn work(job: &str, scenario: &str) -> ExitCode {
    if job == THROUGHPUT {
        throughput::measure();
        return ExitCode::SUCCESS;
    }
    let Some(mut call) = Scenario::parse(scenario).and_then(Scenario::prepare) else {
        eprintln!("there is no scenario {scenario}");
        return ExitCode::FAILURE;
    };
    if job == TIME {
        println!("{}", measure::measure(&mut *call));
    } else {
        callgrind::count(&mut *call);
    }
    ExitCode::SUCCESS
}
