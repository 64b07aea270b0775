//! What is around the server breaks, and the server does not notice: every answer is the bare handler's,
//! what is lost is counted, the memory is bounded.

mod around_the_log;
mod collectors;
mod scraping;

use std::fmt::Write as _;

use crate::child::Program;
use crate::collector::Collector;
use crate::ledger::{Ledger, Signal};
use crate::memory::mib;
use crate::reconciliation::reconciled;
use crate::traffic::{Lost, Report};

/// How much the memory may grow while the messages are sent: what all queues hold, and what the allocator
/// needs. Spans that were kept for want of a collector would be more.
const GROWTH: u64 = 64 << 20;

/// What is known of a fault: its name, what the server said, and what it took.
#[derive(Debug)]
struct Row {
    fault: String,
    report: Report,
}

/// Runs the server with each fault, and makes a table of it.
///
/// # Panics
/// If an answer or a count is not what it must be.
#[must_use]
pub fn endured(program: &Program, messages: u64) -> String {
    let mut table = "| fault | answers as ever | p50 | p99 | spans lost | events lost | memory, MiB | shutdown |\n\
        | --- | --: | --: | --: | --: | --: | --: | --: |\n"
        .to_owned();
    let rows = collectors::rows(program, messages)
        .chain(around_the_log::rows(program, messages))
        .chain([scraping::row(program, messages)]);
    for Row { fault, report } in rows {
        let lost = Lost::of(&report.metrics);
        let [before, after] = report.resident;
        assert!(
            after.saturating_sub(before) < GROWTH,
            "{fault}: {before} bytes have become {after}"
        );
        let _ = writeln!(
            table,
            "| {fault} | {} | {:.2} ms | {:.2} ms | {} | {} | {:.1} | {:.1} s |",
            report.answers,
            report.p50 * 1e3,
            report.p99 * 1e3,
            lost.failed + lost.dropped,
            lost.events_failed + lost.events_dropped,
            mib(after),
            report.shutdown_seconds,
        );
    }
    table
}

impl Row {
    /// Checks all counts as well.
    fn new(fault: &str, report: Report, collector: &Collector) -> Self {
        Self::reconciled(fault, report, &collector.spans())
    }

    fn reconciled(fault: &str, report: Report, spans: &Ledger) -> Self {
        let _ = reconciled(fault, &report, spans);
        Self {
            fault: fault.to_owned(),
            report,
        }
    }

    /// No span was exported or lost.
    #[track_caller]
    fn assert_no_loss(&self) {
        let lost = Lost::of(&self.report.metrics);
        assert_eq!((lost.failed, lost.dropped), (0, 0), "{}", self.fault);
    }

    /// All spans were lost.
    #[track_caller]
    fn assert_lost(&self) {
        let lost = Lost::of(&self.report.metrics);
        let spans = self.report.expected.total(Signal::Spans);
        assert_eq!(
            lost.failed + lost.dropped,
            spans,
            "{}: {lost:?}",
            self.fault
        );
    }
}
