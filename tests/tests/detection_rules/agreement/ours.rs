//! What `mcp-observe-detect` finds.

use std::collections::HashMap;

use mcp_observe_detect::{Alert, Config, Detector, Rule};

use super::relation::Relation;
use super::{Crossing, Event};

/// Raises the alerts of a replay, each with the place of the event that it is of.
pub(crate) fn replay(events: &[Event], config: Config, mut raise: impl FnMut(usize, &Alert)) {
    let place: HashMap<i64, usize> = events
        .iter()
        .enumerate()
        .map(|(place, event)| (event.at, place))
        .collect();
    assert_eq!(place.len(), events.len(), "times tell events apart");

    let mut raise = |alert: &Alert| raise(place[&alert.time.as_micros()], alert);
    let mut detector = Detector::new(config);
    for event in events {
        detector
            .observe_line(event.line.as_bytes(), &mut raise)
            .expect("lines are events");
    }
    detector.finish(&mut raise);
    assert_eq!(detector.stats().late, 0, "they are in order");
}

/// Crossings with the default settings, but that no call is compared with a baseline: Sigma has none.
pub(crate) fn crossings(events: &[Event]) -> Vec<Crossing> {
    let config = Config::from_toml("[tool-rate-anomaly]\nwarm_up = 10_000").expect("settings");
    let mut crossings = vec![];
    replay(events, config, |event, alert| {
        let by = alert.evidence.by.unwrap_or_default();
        crossings.push(Crossing {
            event,
            rule: alert.rule.id().to_owned(),
            part: Relation::of(alert.rule.id()).part_of_ours(by),
        });
    });
    crossings
}

/// The rules that look for attacks.
pub(crate) fn rules() -> impl Iterator<Item = Rule> {
    let about_itself = [Rule::ClockStep, Rule::StatePressure];
    Rule::ALL
        .iter()
        .copied()
        .filter(move |rule| !about_itself.contains(rule))
}
