//! The rows of the dashboard, from what a reader wants first to what only some ask.

mod health;
mod labels;
mod logs_and_traces;
mod messages;
mod overview;
mod security;
mod tokens;
mod tools;

use super::grafana::Panel;
use super::queries::Queries;
use crate::catalogue::Catalogue;

/// Panels below one title.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) title: &'static str,
    /// Whether its panels are shown, and ask their queries, before somebody opens it.
    pub(super) is_open: bool,
    pub(super) panels: Vec<Panel>,
}

pub(super) fn all(catalogue: &Catalogue) -> Vec<Group> {
    let queries = Queries::new(catalogue);
    let mut groups = vec![overview::group(queries), tools::group(queries)];
    groups.extend(labels::group(queries));
    groups.extend(tokens::group(queries));
    groups.extend([
        messages::group(queries),
        security::group(queries),
        health::group(queries),
        logs_and_traces::group(),
    ]);
    groups
}
