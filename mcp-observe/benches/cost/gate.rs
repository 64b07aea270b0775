//! The gate: in each mode a call costs what the committed table says.
//!
//! Allocations are the table's exactly, but for those with which the security log's queue grows now and
//! then. Instructions may be a little more, as another compiler makes other ones of the same source. What
//! costs more on purpose, and what costs less, gets a new table.

use std::fmt::Write as _;
use std::{fs, io};

use crate::scenario::Mode;
use crate::table::{self, Figures};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/cost/limits.txt");

/// By how much instructions may be more, and not be told of where they are less.
const SLACK: f64 = 0.05;

const HEAD: &str = "\
# What a call costs in each mode of `scenario.rs`, net of the bare function or handler: instructions (x86-64),
# allocations. Written by `cargo bench -p mcp-observe --features client,http,logs --bench cost -- --write`.
";

/// A mode's line.
#[derive(Debug, Clone, Copy)]
struct Limit {
    instructions: f64,
    allocations: f64,
}

impl Limit {
    fn of(mode: Mode, table: &str) -> Option<Self> {
        let name = mode.argument();
        let line = table
            .lines()
            .find_map(|line| line.strip_prefix(&name)?.strip_prefix(' '))?;
        let mut figures = line.split_whitespace().map(str::parse);
        Some(Self {
            instructions: figures.next()?.ok()?,
            allocations: figures.next()?.ok()?,
        })
    }

    /// What of the figures is not as it should be.
    fn complaint(self, mode: Mode, figures: Figures) -> Option<String> {
        let Self {
            instructions,
            allocations,
        } = self;
        let growth = if mode.is_logged() { 0.5 } else { 0.0 };
        if (figures.allocations - allocations).abs() > growth {
            return Some(format!(
                "{} allocations, not {allocations}",
                figures.allocations
            ));
        }
        let counted = figures.instructions.filter(|_| IS_COUNTED)?;
        (counted > instructions * (1.0 + SLACK))
            .then(|| format!("{counted:.0} instructions, not {instructions}"))
    }

    /// Whether a new table would be a tighter one.
    fn is_loose(self, figures: Figures) -> bool {
        let counted = figures.instructions.filter(|_| IS_COUNTED);
        counted.is_some_and(|counted| counted < self.instructions * (1.0 - SLACK))
    }
}

/// Another processor has other instructions.
const IS_COUNTED: bool = cfg!(target_arch = "x86_64");

/// Measures all modes; whether they keep to the table.
pub(crate) fn check() -> io::Result<bool> {
    let table = fs::read_to_string(PATH)?;
    let mut holds = true;
    let mut is_counted = IS_COUNTED;
    for mode in Mode::ALL {
        let name = mode.name();
        let (Some(limit), Some(figures)) = (Limit::of(mode, &table), table::ours(mode)) else {
            println!("{name}: FAILED: not in {PATH}, or not measured");
            holds = false;
            continue;
        };
        is_counted &= figures.instructions.is_some();
        match limit.complaint(mode, figures) {
            Some(complaint) => {
                println!("{name}: FAILED: {complaint}");
                holds = false;
            }
            None if limit.is_loose(figures) => println!("{name}: ok, and less than in the table"),
            None => println!("{name}: ok"),
        }
    }
    if !is_counted {
        println!("instructions were skipped: they need valgrind, and x86-64");
    }
    if !holds {
        println!(
            "If it is meant to be so, write a new table with `--write` in place of `--check`."
        );
    }
    Ok(holds)
}

/// Measures all modes and writes the table.
pub(crate) fn write() -> io::Result<()> {
    let mut table = HEAD.to_owned();
    for mode in Mode::ALL {
        let figures = table::ours(mode);
        let Some((figures, instructions)) = figures.and_then(|it| Some((it, it.instructions?)))
        else {
            return Err(io::Error::other("there is no table without valgrind"));
        };
        let name = mode.argument();
        let allocations = figures.allocations;
        let _ = writeln!(table, "{name} {instructions:.0} {allocations:.0}");
    }
    fs::write(PATH, table)
}
