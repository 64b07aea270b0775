//! How many alerts there were.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[cfg(feature = "otel")]
use crate::metric;
use crate::{Alert, Rule};

/// Counts of a [`LiveDetector`](super::LiveDetector)'s alerts by rule, which outlive it.
#[derive(Debug, Clone)]
pub struct AlertCounts(Arc<Counts>);

#[derive(Debug)]
struct Counts {
    by_rule: Vec<(Rule, AtomicU64)>,
    /// Alerts that a sink failed to take.
    unwritten: AtomicU64,
}

impl AlertCounts {
    pub(super) fn new() -> Self {
        Self(Arc::new(Counts {
            by_rule: Rule::ALL
                .iter()
                .map(|&rule| (rule, AtomicU64::new(0)))
                .collect(),
            unwritten: AtomicU64::new(0),
        }))
    }

    /// Alerts of one rule.
    #[must_use]
    pub fn of(&self, rule: Rule) -> u64 {
        let counted = self.0.by_rule.iter().find(|(counted, _)| *counted == rule);
        counted.map_or(0, |(_, count)| count.load(Ordering::Relaxed))
    }

    /// Alerts of all rules.
    #[must_use]
    pub fn total(&self) -> u64 {
        let counts = self.0.by_rule.iter();
        counts.map(|(_, count)| count.load(Ordering::Relaxed)).sum()
    }

    /// Alerts that a sink failed to take; one that two sinks failed to take counts twice.
    #[must_use]
    pub fn unwritten(&self) -> u64 {
        self.0.unwritten.load(Ordering::Relaxed)
    }

    pub(super) fn count(&self, alert: &Alert) {
        let counted = self.0.by_rule.iter().find(|(rule, _)| *rule == alert.rule);
        if let Some((_, count)) = counted {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn count_unwritten(&self) {
        self.0.unwritten.fetch_add(1, Ordering::Relaxed);
    }

    /// Shows the counts as metrics of the meter's provider: [`metric::ALERTS`], each rule's at zero from
    /// now on, and [`metric::ALERTS_UNWRITTEN`].
    ///
    /// Once for each provider: a second meter of one provider shows them twice.
    #[cfg(feature = "otel")]
    pub fn observe(&self, meter: &opentelemetry::metrics::Meter) {
        let counter = |metric: &metric::Metric| {
            meter
                .u64_observable_counter(metric.name)
                .with_unit(metric.unit)
                .with_description(metric.description)
        };
        let counts = Arc::clone(&self.0);
        let rules: Vec<_> = Rule::ALL
            .iter()
            .map(|rule| [opentelemetry::KeyValue::new(metric::RULE.name, rule.id())])
            .collect();
        // Dropping the handles does not take the callbacks away.
        let _ = counter(&metric::ALERTS)
            .with_callback(move |observer| {
                for ((_, count), rule) in counts.by_rule.iter().zip(&rules) {
                    observer.observe(count.load(Ordering::Relaxed), rule);
                }
            })
            .build();
        let counts = Arc::clone(&self.0);
        let _ = counter(&metric::ALERTS_UNWRITTEN)
            .with_callback(move |observer| {
                observer.observe(counts.unwritten.load(Ordering::Relaxed), &[]);
            })
            .build();
    }
}
