//! `state-pressure`: keys share their state. [`Table`](crate::state::Table) tells of it.

use crate::rule::{Entry, Severity};

pub(crate) const ENTRY: Entry = Entry {
    id: "state-pressure",
    title: "More actors than can be told apart",
    description: "A rule has more keys within its window than there is room for; those beyond \
        share their counts, so that alerts come early rather than never.",
    severity: Severity::Medium,
    limits: &[
        "an alert of shared state names the actor that crossed the threshold, who need not be \
         the one that did most of it",
    ],
};
