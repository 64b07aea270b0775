//! The series of the one server that the rules are for.

use mcp_observe::Tool;
use mcp_observe::metric::label::{ERROR_TYPE, STATUS, TOOL_NAME};
use mcp_observe::metric::{Metric, TOOL_CALLS, TOOL_DURATION, TOOL_ERRORS};

use super::settings::AlertSettings;
use crate::catalogue::{Catalogue, JOB};
use crate::promql::{Query, Series};

/// What most rules group by.
pub(super) const BY_TOOL: &[&str] = &[JOB, "tool_name"];
/// What a part of a server is told by: each process's own.
pub(super) const INSTANCE: &str = "instance";

/// A server and what its alerts go by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Server<'a> {
    catalogue: &'a Catalogue,
    pub(super) settings: &'a AlertSettings,
}

impl<'a> Server<'a> {
    pub(super) fn new(catalogue: &'a Catalogue, settings: &'a AlertSettings) -> Self {
        Self {
            catalogue,
            settings,
        }
    }

    /// The value of `job`.
    pub(super) fn name(&self) -> &'a str {
        &self.catalogue.service
    }

    /// The tools, by name; those of one name once.
    pub(super) fn tools(&self) -> Vec<&'a Tool> {
        let mut tools: Vec<_> = self.catalogue.tools.iter().collect();
        tools.dedup_by_key(|tool| tool.name);
        tools
    }

    /// The tools for which `key` is the same, in groups; those for which it is none are left out.
    pub(super) fn tools_by<K: PartialEq>(
        &self,
        key: impl Fn(&Tool) -> Option<K>,
    ) -> Vec<(K, Vec<&'a Tool>)> {
        let mut groups: Vec<(K, Vec<&Tool>)> = Vec::new();
        for tool in self.tools() {
            let Some(key) = key(tool) else {
                continue;
            };
            match groups.iter_mut().find(|(of_group, _)| *of_group == key) {
                Some((_, tools)) => tools.push(tool),
                None => groups.push((key, vec![tool])),
            }
        }
        groups
    }

    /// The tool that cases are of: the first.
    pub(super) fn tool(&self) -> &'a Tool {
        &self.catalogue.tools[0]
    }

    pub(super) fn series(&self, metric: &Metric) -> Series {
        self.its(self.catalogue.series(metric))
    }

    pub(super) fn count(&self, metric: &Metric) -> Series {
        self.its(self.catalogue.count(metric))
    }

    pub(super) fn buckets(&self, metric: &Metric) -> Series {
        self.its(self.catalogue.buckets(metric))
    }

    pub(super) fn recorded(&self, name: &str, query: &Query) -> Series {
        self.its(self.catalogue.recorded(name, query))
    }

    pub(super) fn up(&self) -> Series {
        self.its(Catalogue::up())
    }

    /// All series of any of these metrics, buckets and all.
    pub(super) fn all_of(&self, metrics: &[Metric]) -> Series {
        let names = metrics.iter().flat_map(|metric| match metric.kind {
            mcp_observe::metric::Kind::Histogram { .. } => vec![
                self.catalogue.buckets(metric),
                self.catalogue.count(metric),
                self.catalogue.sum(metric),
            ],
            _ => vec![self.catalogue.series(metric)],
        });
        self.its(Series::any_of(&names.collect::<Vec<_>>()))
    }

    /// Series of the detection's own metrics.
    pub(super) fn of_detection(&self, metric: &mcp_observe_detect::metric::Metric) -> Series {
        self.its(Catalogue::detection(metric))
    }

    fn its(&self, series: Series) -> Series {
        series.is(JOB, self.name())
    }

    /// Calls, when they start.
    pub(super) fn calls(&self) -> Series {
        self.series(&TOOL_CALLS)
    }

    /// Calls that succeeded.
    pub(super) fn successes(&self) -> Series {
        self.count(&TOOL_DURATION).is(STATUS.name, "success")
    }

    /// Calls that ended and were not cancelled.
    pub(super) fn completed(&self) -> Series {
        self.count(&TOOL_DURATION).is_not(STATUS.name, "cancelled")
    }

    /// The buckets of calls that were not cancelled: how long a caller waited before is the caller's.
    pub(super) fn durations(&self) -> Series {
        self.buckets(&TOOL_DURATION)
            .is_not(STATUS.name, "cancelled")
    }

    /// Calls that failed by the server's fault.
    pub(super) fn failures(&self) -> Series {
        let faults = self.settings.all_callers_faults();
        self.series(&TOOL_ERRORS)
            .is_none_of(ERROR_TYPE.name, &faults)
    }

    /// Calls that failed by their callers' fault.
    pub(super) fn callers_faults(&self) -> Series {
        let faults = self.settings.all_callers_faults();
        self.series(&TOOL_ERRORS)
            .is_one_of(ERROR_TYPE.name, &faults)
    }

    /// The share of calls that failed by the server's fault, of these and those that succeeded; nothing
    /// where there were none.
    pub(super) fn failure_ratio(&self, window: &str, by: &[&'static str]) -> Query {
        let failures = self.failures().rate(window).sum_by(by);
        let successes = self.successes().rate(window).sum_by(by);
        let ratio = failures.divided_by(&failures.plus(&successes));
        is_a_number(&ratio)
    }
}

/// One of the tool's series; its declared labels have their first values.
pub(super) fn one_of(series: Series, metric: &Metric, tool: &Tool) -> Series {
    let mut series = series.is(TOOL_NAME.name, tool.name);
    if metric.has_declared_labels {
        for label in tool.labels {
            let first = label.values.get(0).unwrap_or("_OTHER");
            series = series.is(label.name, first);
        }
    }
    series
}

/// Nothing instead of NaN, which baselines would take for a number.
pub(super) fn is_a_number(query: &Query) -> Query {
    query.scalar(">=", 0)
}
