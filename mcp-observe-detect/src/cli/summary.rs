//! What came of a replay or of a watch, on stderr.

use std::fmt::{self, Write};

use mcp_observe_detect::Timestamp;

use super::evaluation::Evaluation;

/// A table of the rules that fired, and what was read.
pub(super) fn summary(evaluation: &Evaluation) -> String {
    let mut text = String::new();
    // A string takes everything.
    let _ = write(evaluation, &mut text);
    text
}

fn write(evaluation: &Evaluation, text: &mut String) -> fmt::Result {
    let mut fired = evaluation.alerts().by_rule().peekable();
    if fired.peek().is_none() {
        writeln!(text, "no alerts")?;
    } else {
        writeln!(
            text,
            "{:<24} {:>8} {:>8}  {:<27}  last",
            "rule", "alerts", "actors", "first"
        )?;
    }
    for (rule, told) in fired {
        let (first, last) = printed(told.span);
        writeln!(
            text,
            "{:<24} {:>8} {:>8}  {first:<27}  {last}",
            rule.id(),
            told.alerts,
            told.actors()
        )?;
    }
    let stats = evaluation.stats();
    write!(text, "{} events", stats.events)?;
    if evaluation.span().is_some() {
        let (first, last) = printed(evaluation.span());
        write!(text, " from {first} to {last}")?;
    }
    let counts = [
        (evaluation.malformed(), "malformed"),
        (stats.late, "late"),
        (stats.early, "evaluated early"),
        (stats.evicted, "keys forgotten"),
    ];
    for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
        write!(text, ", {count} {what}")?;
    }
    writeln!(text)
}

fn printed(span: Option<(Timestamp, Timestamp)>) -> (String, String) {
    span.map(|(first, last)| (first.to_string(), last.to_string()))
        .unwrap_or_default()
}

/// How fast it was.
pub(super) fn rate(evaluation: &Evaluation) -> String {
    let seconds = evaluation.taken().as_secs_f64();
    #[allow(clippy::cast_precision_loss)] // it is printed without its fraction
    let rate = evaluation.stats().events as f64 / seconds;
    format!("{seconds:.1} s, {rate:.0} events/s")
}
