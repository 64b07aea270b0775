//! Runs all scenarios and makes one table of them.

use std::fmt::Write as _;
use std::process::Command;
use std::{env, thread};

use crate::scenario::{Contender, Mode, Scenario};
use crate::{TIME, callgrind, measure::Measured};

/// A scenario's figures, a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    nanoseconds: f64,
    pub(crate) allocations: f64,
    /// None without valgrind.
    pub(crate) instructions: Option<f64>,
}

impl Figures {
    /// What is left over the bare function. The clock's resolution may make it less than nothing.
    fn net_of(self, bare: Self) -> Self {
        Self {
            nanoseconds: (self.nanoseconds - bare.nanoseconds).max(0.0),
            allocations: self.allocations - bare.allocations,
            instructions: self
                .instructions
                .zip(bare.instructions)
                .map(|(all, bare)| all - bare),
        }
    }
}

/// The table of the modes whose name contains one of the filters; of all if there is none.
pub(crate) fn measured(filters: &[&String]) -> String {
    let modes = Mode::ALL.into_iter().filter(|mode| {
        filters.is_empty() || filters.iter().any(|filter| mode.name().contains(*filter))
    });
    let mut rows = String::new();
    let mut floors = String::new();
    for mode in modes {
        let Some(bare) = figures(Scenario(mode, Contender::Bare)) else {
            continue;
        };
        let _ = writeln!(floors, "  {:<28}{}", mode.name(), cells(Some(bare)));
        let net = |contender: Contender| {
            let contends = contender.contends(mode);
            let figures = contends.then(|| figures(Scenario(mode, contender)))??;
            Some(figures.net_of(bare))
        };
        let contenders = Contender::ALL.into_iter().skip(1);
        let columns: Vec<Option<Figures>> = contenders.map(net).collect();
        let _ = write!(rows, "{:<28}", mode.name());
        for figures in &columns {
            let _ = write!(rows, "|{}", cells(*figures));
        }
        let ours = columns[0];
        for other in [columns[1], columns[2]] {
            let _ = write!(rows, "|{:>9}", ratio(ours, other));
        }
        rows.push('\n');
    }
    format!("{}{rows}\n{NOTE}{floors}", head())
}

/// What ours takes over the bare function in this mode; none if that cannot be measured.
pub(crate) fn ours(mode: Mode) -> Option<Figures> {
    let bare = figures(Scenario(mode, Contender::Bare))?;
    Some(figures(Scenario(mode, Contender::Ours))?.net_of(bare))
}

const NOTE: &str = "\
ns: median of 300 batches of 100 us and more, best of 3 rounds. al: allocations. in: instructions (callgrind), \
`-` without valgrind.\nThe last two columns compare instructions.\n\
Net of the bare function or handler, which takes:\n";

fn head() -> String {
    let mut names = format!("{:<28}", "a call, by mode");
    let mut units = " ".repeat(28);
    for contender in Contender::ALL.into_iter().skip(1) {
        let _ = write!(names, "| {:<22}", contender.name());
        let _ = write!(units, "|{:>8}{:>6}{:>9}", "ns", "al", "in");
    }
    let _ = write!(names, "| {:<8}| {:<8}", "ours /", "ours /");
    let _ = write!(units, "| {:<8}| {:<8}", "by hand", "tracing");
    format!("{names}\n{units}\n{}\n", "-".repeat(units.len()))
}

fn cells(figures: Option<Figures>) -> String {
    let Some(figures) = figures else {
        return format!("{:>8}{:>6}{:>9}", "", "", "");
    };
    let instructions = figures
        .instructions
        .map_or_else(|| "-".to_owned(), |count| format!("{count:.0}"));
    format!(
        "{:>8.1}{:>6.0}{instructions:>9}",
        figures.nanoseconds, figures.allocations
    )
}

fn ratio(ours: Option<Figures>, other: Option<Figures>) -> String {
    let ratio = ours
        .and_then(|ours| ours.instructions)
        .zip(other.and_then(|other| other.instructions))
        .map(|(ours, other)| ours / other);
    ratio.map_or_else(String::new, |ratio| format!("{ratio:.2} x "))
}

/// Measures a scenario in processes of its own.
fn figures(scenario: Scenario) -> Option<Figures> {
    let Measured {
        nanoseconds,
        allocations,
    } = timed(scenario)?;
    Some(Figures {
        nanoseconds,
        allocations,
        instructions: callgrind::instructions(scenario),
    })
}

/// On one processor, the last, if there is a `taskset` to see to that.
fn timed(scenario: Scenario) -> Option<Measured> {
    let exe = env::current_exe().ok()?;
    let last = thread::available_parallelism().map_or(0, |count| count.get() - 1);
    let pinned = Command::new("taskset")
        .args(["--cpu-list", &last.to_string()])
        .arg(&exe)
        .args([TIME, &scenario.argument()])
        .output();
    let output = match pinned {
        Ok(output) => output,
        Err(_) => Command::new(&exe)
            .args([TIME, &scenario.argument()])
            .output()
            .ok()?,
    };
    if !output.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    String::from_utf8_lossy(&output.stdout).parse().ok()
}
