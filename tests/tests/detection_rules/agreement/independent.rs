//! Crossings that the Sigma rules have, evaluated by rsigma.

use std::path::Path;

use rsigma_eval::{CorrelationConfig, CorrelationEngine, JsonEvent};

use crate::assets::{files, stem};

use super::relation::Relation;
use super::{Crossing, Event};

/// rsigma counts time in whole seconds. It only compares and subtracts, so it is given microseconds
/// instead, and windows of a million times their length.
const PER_SECOND: u64 = 1_000_000;

/// Evaluates each file's rules; a file is a rule of ours.
pub(crate) fn crossings(events: &[Event]) -> Vec<Crossing> {
    files("sigma", "yml")
        .iter()
        .flat_map(|file| of_file(file, events))
        .collect()
}

fn of_file(file: &Path, events: &[Event]) -> Vec<Crossing> {
    let rule = stem(file);
    let mut collection = rsigma_parser::parse_sigma_file(file).expect("Sigma");
    assert!(collection.errors.is_empty(), "{:?}", collection.errors);
    for correlation in &mut collection.correlations {
        correlation.timespan.seconds *= PER_SECOND;
    }
    let mut engine = CorrelationEngine::new(CorrelationConfig {
        max_state_entries: usize::MAX,
        ..CorrelationConfig::default()
    });
    engine.add_collection(&collection).expect("rules of it");
    // Where there is nothing to correlate, a rule's selection is what alerts.
    let selects = collection.correlations.is_empty();

    let mut crossings = vec![];
    for (place, event) in events.iter().enumerate() {
        let results = engine.process_event_at(&JsonEvent::borrow(&event.json), event.at);
        for result in results.iter().filter(|it| it.is_correlation() != selects) {
            let title = &result.header.rule_title;
            let Some(part) = Relation::of(rule).part_of_theirs(title) else {
                continue;
            };
            crossings.push(Crossing {
                event: place,
                rule: rule.to_owned(),
                part,
            });
        }
    }
    crossings.dedup();
    crossings
}
