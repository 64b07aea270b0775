//! `tool-rate-anomaly`: unusually many calls of one tool.

use crate::alert::{AlertKey, Evidence};
use crate::baseline::Baseline;
use crate::config::ToolRateAnomaly;
use crate::occurrence::Occurrence;
use crate::raise::Raise;
use crate::rule::{Entry, Rule, Severity};
use crate::state::{Found, Quiet, Recent, Table, Traces};

pub(crate) const ENTRY: Entry = Entry {
    id: "tool-rate-anomaly",
    title: "Unusually many calls of one tool",
    description: "Calls of one tool by one actor in 5 minutes are more than 20, and more than \
        3 standard deviations above the mean of that pair's own earlier windows, and more \
        than its most at the same hour of the last 7 days; or more than 600, whatever its \
        past. During the first hour of a pair only the latter counts.",
    severity: Severity::Medium,
    limits: &[
        "a slow drip of at most 20 calls in 5 minutes is never an alert",
        "an actor who is patient can train the baseline up to the ceiling, by a factor of \
         at most 2 an hour",
        "in a pair's first hour only the ceiling counts",
        "hours of the day are those of UTC, so that summer time moves the seasonal floor by \
         an hour",
    ],
};

/// How long a baseline is worth something, in microseconds: as long as its seasons reach back.
const WORTH: i64 = 7 * 86_400_000_000;

#[derive(Debug)]
pub(super) struct Watch {
    config: ToolRateAnomaly,
    window: i64,
    pairs: Table<Pair>,
    /// When a baseline of each part of the keys was last forgotten for want of room.
    forgotten: Box<[Option<i64>]>,
}

/// An actor and a tool.
#[derive(Debug, Default)]
struct Pair {
    calls: Recent,
    baseline: Baseline,
    traces: Traces,
    quiet: Quiet,
}

impl Watch {
    pub(super) fn new(config: &ToolRateAnomaly, capacity: usize) -> Self {
        let window = config.window.micros();
        Self {
            window,
            pairs: Table::new(Rule::ToolRateAnomaly, capacity, window),
            forgotten: vec![None; (capacity / 64).max(16)].into(),
            config: config.clone(),
        }
    }

    pub(super) fn evaluate(&mut self, at: &Occurrence, raise: &mut Raise<'_>) {
        if !at.is_tool_call() {
            return;
        }
        let Self {
            config,
            window,
            pairs,
            forgotten,
        } = self;
        let parts = forgotten.len();
        // A pair whose baseline may have been pushed out gets no time to warm up anew.
        let is_suspect = forgotten[at.pair.part(parts)].is_some_and(|when| at.now - when <= WORTH);
        let Found {
            value: pair,
            shared,
        } = pairs.entry_or(at.pair, at, raise, |key, used, pair: &Pair, raise| {
            if pair.baseline.is_warm() && at.now - used <= WORTH {
                raise.stats.evicted += 1;
                forgotten[key.part(parts)] = Some(at.now);
            }
        });
        let ceiling = config.ceiling.index();
        let threshold = if shared {
            config.min_count.index().min(ceiling)
        } else {
            pair.baseline.threshold(at.now, config, is_suspect)
        };
        let count = pair.calls.push(at.now, *window, ceiling + 1);
        let is_anomaly = count > threshold;
        pair.baseline.count(count, is_anomaly);
        pair.traces.push(at.trace_id);
        if !is_anomaly {
            return;
        }
        if let Some(suppressed) = pair.quiet.ring(at.now, *window) {
            let learnt = (!shared).then(|| pair.baseline.learnt()).flatten();
            let evidence = Evidence {
                by: Some(if count > ceiling {
                    "ceiling"
                } else {
                    "baseline"
                }),
                count: Evidence::number(count),
                threshold: Evidence::number(threshold),
                baseline_mean: learnt.map(|learnt| learnt.mean),
                baseline_sigma: learnt.map(|learnt| learnt.sigma),
                seasonal: learnt.and_then(|learnt| learnt.seasonal),
                ..Evidence::of_window(*window, suppressed, shared, &pair.traces)
            };
            let key = AlertKey::actor(at).and_tool(at);
            raise.alert(Rule::ToolRateAnomaly, config.severity, at, key, evidence);
        }
    }
}
