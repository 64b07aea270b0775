//! Agreement on the corpus: what the emitter wrote while attacks, and what is like them, were played.

use std::collections::BTreeSet;

use mcp_observe_detect::{Config, Rule};
use serde_json::Value;

use crate::assets::{list, path, text};

use super::episodes::assert_agreement;
use super::{Event, independent, ours};

const BOTH: [&str; 2] = ["positive", "negative"];

/// In the corpus this is above a baseline, which Sigma does not have.
const NOT_IN_SIGMA: Rule = Rule::ToolRateAnomaly;

/// Sigma takes its counterexamples for examples, as it has no ratio.
const WIDER_IN_SIGMA: Rule = Rule::ToolErrorBurst;

fn events(rule: Rule, which: &str) -> Vec<Event> {
    let file = path("corpus").join(rule.id()).join(which);
    let text = text(&file.with_extension("jsonl"));
    let mut events: Vec<_> = text.lines().map(Event::read).collect();
    assert!(!events.is_empty(), "{rule}: {which}");
    assert!(events.is_sorted_by_key(|event| event.at), "{rule}: {which}");
    // Times tell events apart here: of those with one time, each is later by a microsecond.
    for next in 1..events.len() {
        let earliest = events[next - 1].at + 1;
        if events[next].at < earliest {
            events[next].move_to(earliest);
        }
    }
    events
}

/// The places of the events at which the rule's alerts are due.
fn expected(rule: Rule, which: &str) -> BTreeSet<usize> {
    let file = path("corpus").join(rule.id()).join("expected.json");
    let expected: Value = serde_json::from_str(&text(&file)).expect("JSON");
    let lines = list(&expected[which]).iter().map(|it| &it["line"]);
    lines
        .map(|line| usize::try_from(line.as_u64().expect("a number")).expect("a line") - 1)
        .collect()
}

#[test]
fn ours_raises_what_is_expected() {
    for rule in ours::rules() {
        for which in BOTH {
            let mut raised = BTreeSet::new();
            ours::replay(&events(rule, which), Config::default(), |event, alert| {
                if alert.rule == rule {
                    raised.insert(event);
                }
            });
            assert_eq!(raised, expected(rule, which), "{rule}: {which}");
        }
    }
}

#[test]
fn sigma_fires_where_it_is_expected() {
    for rule in ours::rules() {
        for which in BOTH {
            let fired: BTreeSet<_> = independent::crossings(&events(rule, which))
                .into_iter()
                .filter(|crossing| crossing.rule == rule.id())
                .map(|crossing| crossing.event)
                .collect();
            let expected = match rule {
                NOT_IN_SIGMA => BTreeSet::new(),
                _ => expected(rule, which),
            };
            assert!(fired.is_superset(&expected), "{rule}: {which}: {fired:?}");
            if expected.is_empty() && rule != WIDER_IN_SIGMA {
                assert!(fired.is_empty(), "{rule}: {which}: {fired:?}");
            }
        }
    }
}

/// All rules, each on the corpora of the others as well.
#[test]
fn both_agree_on_every_event() {
    for rule in ours::rules() {
        for which in BOTH {
            assert_agreement(&events(rule, which), &format!("{rule}: {which}"));
        }
    }
}
