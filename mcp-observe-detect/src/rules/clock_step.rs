//! `clock-step`: the log's clock was set back. [`Timeline`](crate::timeline::Timeline) notices.

use crate::rule::{Entry, Severity};

pub(crate) const ENTRY: Entry = Entry {
    id: "clock-step",
    title: "The log's clock was set back",
    description: "64 events in a row are more than an hour older than the newest one. Time goes \
        on from there; no rule forgets what it has seen.",
    severity: Severity::Low,
    limits: &["files that are read in the wrong order look the same"],
};
