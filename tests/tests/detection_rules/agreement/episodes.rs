//! The comparison.

use std::collections::{BTreeMap, BTreeSet};

use super::relation::Relation;
use super::{Crossing, Event, independent, ours};

/// Asserts that the two sides agree on the events, which are in the order of their times. Returns the
/// rules that both have crossed.
pub(crate) fn assert_agreement(events: &[Event], stream: &str) -> BTreeSet<String> {
    let ours = ours::crossings(events);
    let theirs = independent::crossings(events);
    compare(events, &ours, &theirs).unwrap_or_else(|(crossing, side)| {
        let event = &events[crossing.event].line;
        panic!("{stream}: {side} does not have {crossing:?}: {event}")
    });
    let rules = |crossings: &[Crossing]| -> BTreeSet<_> {
        crossings.iter().map(|it| it.rule.clone()).collect()
    };
    &rules(&ours) & &rules(&theirs)
}

/// A crossing that should be on both sides and is not, and the side that does not have it.
fn compare<'a>(
    events: &[Event],
    ours: &'a [Crossing],
    theirs: &'a [Crossing],
) -> Result<(), (&'a Crossing, &'static str)> {
    let of_ours: BTreeSet<_> = ours.iter().collect();
    let of_theirs: BTreeSet<_> = theirs.iter().collect();
    let all: BTreeSet<_> = of_ours.union(&of_theirs).copied().collect();
    let mut last = BTreeMap::new();
    for crossing in all {
        let relation = Relation::of(&crossing.rule);
        let is_wider = (relation.sigma_is_wider)(crossing.part);
        if of_ours.contains(crossing) && is_wider && !of_theirs.contains(crossing) {
            return Err((crossing, "Sigma"));
        }
        let event = &events[crossing.event];
        let key = (
            &crossing.rule,
            crossing.part,
            relation.key(event, crossing.part),
        );
        let before = last.insert(key, event.at);
        if before.is_some_and(|before| event.at - before <= relation.quiet) || is_wider {
            continue;
        }
        if !of_ours.contains(crossing) {
            return Err((crossing, "mcp-observe-detect"));
        }
        if !of_theirs.contains(crossing) {
            return Err((crossing, "Sigma"));
        }
    }
    Ok(())
}
