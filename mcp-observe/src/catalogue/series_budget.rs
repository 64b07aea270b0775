//! How many time series all tools of a server have together, and whether that is too many.

use std::fmt::Write as _;

use super::Tool;

/// What becomes of set-up where the tools have more series than they may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OverBudget {
    /// It fails.
    Refuse,
    /// It goes on, with a warning in the log.
    Warn,
}

/// A server's budget, and what follows if it is exceeded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeriesBudget {
    pub(crate) series: usize,
    pub(crate) over: OverBudget,
}

impl Default for SeriesBudget {
    /// Far above what a server of ordinary size has, and still a small part of what one Prometheus
    /// takes.
    fn default() -> Self {
        Self {
            series: 10_000,
            over: OverBudget::Warn,
        }
    }
}

/// Tools have more series than they may.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{tools} tools can have {series} time series, over the budget of {budget}: {largest}; give them fewer labels, or labels with fewer values, or raise the budget"
)]
#[non_exhaustive]
pub struct SeriesBudgetError {
    /// How many tools.
    pub tools: usize,
    /// Series that they can have at most, as Prometheus counts them.
    pub series: usize,
    /// Series that they may have.
    pub budget: usize,
    largest: String,
}

/// Tools that the message names.
const NAMED: usize = 5;

/// Checks that these tools have no more series together than `budget`.
pub(crate) fn check(tools: &[Tool], budget: usize) -> Result<(), SeriesBudgetError> {
    let series = tools
        .iter()
        .fold(0_usize, |sum, tool| sum.saturating_add(tool.series));
    if series <= budget {
        return Ok(());
    }
    let mut by_size: Vec<&Tool> = tools.iter().collect();
    by_size.sort_by_key(|tool| std::cmp::Reverse(tool.series));
    let mut largest = String::new();
    for tool in by_size.iter().take(NAMED) {
        let separator = if largest.is_empty() { "" } else { ", " };
        let _ = write!(largest, "{separator}`{}` {}", tool.name, tool.series);
    }
    if tools.len() > NAMED {
        let _ = write!(largest, " and {} more", tools.len() - NAMED);
    }
    Err(SeriesBudgetError {
        tools: tools.len(),
        series,
        budget,
        largest,
    })
}

/// Asserts, in a test of yours, that these tools have no more time series together than `budget`.
/// None is called.
///
/// # Panics
/// If they have, with a message that names the largest.
///
/// # Example
/// ```
/// mcp_observe::assert_series_budget(&mcp_observe::tools(), 5_000);
/// ```
#[track_caller]
pub fn assert_series_budget(tools: &[Tool], budget: usize) {
    if let Err(error) = check(tools, budget) {
        panic!("{error}");
    }
}
