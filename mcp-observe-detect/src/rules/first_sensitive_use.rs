//! `first-sensitive-use`: somebody uses a sensitive tool for the first time.

use crate::alert::{AlertKey, Evidence};
use crate::config::FirstSensitiveUse;
use crate::event::Tags;
use crate::occurrence::Occurrence;
use crate::raise::Raise;
use crate::rule::{Entry, Rule, Severity};
use crate::state::Table;

pub(crate) const ENTRY: Entry = Entry {
    id: "first-sensitive-use",
    title: "First use of a sensitive tool",
    description: "An actor calls a tool tagged `sensitive` that it has not called in the last \
        90 days.",
    severity: Severity::Low,
    limits: &[
        "uses before the log's first line are unknown, so that at first every use is one; \
         see `learning`",
        "a use that was forgotten for want of room is an alert again",
    ],
};

/// The uses that are remembered are what keeps the rule quiet.
#[derive(Debug)]
pub(super) struct Watch {
    config: FirstSensitiveUse,
    remember: i64,
    learning: i64,
    /// When the first event was.
    began: Option<i64>,
    /// When each actor last used each tool.
    uses: Table<Option<i64>>,
}

impl Watch {
    pub(super) fn new(config: &FirstSensitiveUse, capacity: usize) -> Self {
        Self {
            remember: config.remember.micros(),
            learning: config.learning.micros(),
            began: None,
            uses: Table::forgetful(Rule::FirstSensitiveUse, capacity),
            config: config.clone(),
        }
    }

    pub(super) fn evaluate(&mut self, at: &Occurrence, raise: &mut Raise<'_>) {
        let began = *self.began.get_or_insert(at.now);
        if !at.is_call || !at.tags.contains(Tags::SENSITIVE) {
            return;
        }
        let remember = self.remember;
        let last = self.uses.entry_or(at.pair, at, raise, |_, used, _, raise| {
            if at.now - used <= remember {
                raise.stats.evicted += 1;
            }
        });
        let last = last.value.replace(at.now);
        if last.is_some_and(|last| at.now - last <= remember) || at.now - began < self.learning {
            return;
        }
        let evidence = Evidence {
            trace_ids: at.trace_id.into_iter().collect(),
            ..Evidence::default()
        };
        let key = AlertKey::actor(at).and_tool(at);
        raise.alert(
            Rule::FirstSensitiveUse,
            self.config.severity,
            at,
            key,
            evidence,
        );
    }
}
