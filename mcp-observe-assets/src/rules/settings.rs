//! What the alerts go by, beyond what the tools say of themselves.

use std::collections::BTreeMap;

use mcp_observe::Tool;
use mcp_observe::metric::label::CALLERS_FAULTS;

use crate::settings::{AssetsBuilder, AssetsError};

/// Settings with their defaults.
#[derive(Debug, Clone)]
pub(crate) struct AlertSettings {
    pub(super) runbook: String,
    objective: f64,
    /// By tool, in seconds.
    p95_thresholds: BTreeMap<String, f64>,
    callers_faults: Vec<String>,
}

impl Default for AlertSettings {
    fn default() -> Self {
        Self {
            runbook: "runbook.md".to_owned(),
            objective: 0.99,
            p95_thresholds: BTreeMap::new(),
            callers_faults: Vec::new(),
        }
    }
}

impl AssetsBuilder {
    /// Where the runbook is that the alerts link to. Default: `runbook.md`, which leads nowhere from a
    /// notification; publish the file, and give its URL.
    #[must_use]
    pub fn runbook(mut self, url: impl Into<String>) -> Self {
        self.alerts.runbook = url.into();
        self
    }

    /// The share of calls, of all tools together, that shall not fail by the server's fault; from 0.94 to
    /// 0.99999. Default: 0.99. Cancelled calls and those that failed by their callers' fault do not count.
    #[must_use]
    pub fn objective(mut self, share: f64) -> Self {
        self.alerts.objective = share;
        self
    }

    /// From how many seconds the 95th percentile of a tool's durations is an alert. Default: the largest
    /// bound but one of its buckets, as up to there its author told durations apart and beyond is only
    /// the catch of what is slow; where there is one bound, that.
    #[must_use]
    pub fn p95_threshold(mut self, tool: impl Into<String>, seconds: f64) -> Self {
        let thresholds = &mut self.alerts.p95_thresholds;
        thresholds.insert(tool.into(), seconds);
        self
    }

    /// Classes of the tools' own errors that are their callers' fault, such as `not_found`: they count
    /// neither as failures nor as successes. Always so: `invalid_arguments`, and the codes of JSON-RPC for
    /// which the conventions do not blame the server.
    #[must_use]
    pub fn callers_faults<C: Into<String>>(mut self, classes: impl IntoIterator<Item = C>) -> Self {
        let classes = classes.into_iter().map(Into::into);
        self.alerts.callers_faults.extend(classes);
        self
    }
}

impl AlertSettings {
    /// Whether they can be met by a server with these tools.
    pub(crate) fn check(&self, tools: &[Tool]) -> Result<(), AssetsError> {
        if !(0.94..=0.99999).contains(&self.objective) {
            return Err(AssetsError::Objective(self.objective));
        }
        for (name, &seconds) in &self.p95_thresholds {
            let mut named = tools.iter().filter(|tool| tool.name == name).peekable();
            if named.peek().is_none() {
                return Err(AssetsError::NoSuchTool(name.clone()));
            }
            for tool in named {
                let smallest = tool.buckets.first().copied().unwrap_or(f64::INFINITY);
                let largest = tool.buckets.last().copied().unwrap_or_default();
                if !(smallest..=largest).contains(&seconds) {
                    return Err(AssetsError::Threshold {
                        tool: name.clone(),
                        seconds,
                        smallest,
                        largest,
                    });
                }
            }
        }
        let known: Vec<_> = tools.iter().flat_map(Tool::error_classes).collect();
        let is_unknown = |class: &&String| !known.contains(&class.as_str());
        match self.callers_faults.iter().find(is_unknown) {
            Some(class) => Err(AssetsError::NoSuchErrorClass(class.clone())),
            None => Ok(()),
        }
    }

    /// The share of calls that may fail.
    pub(super) fn error_budget(&self) -> f64 {
        // As people write it, not as binary fractions subtract.
        ((1.0 - self.objective) * 1e9).round() / 1e9
    }

    /// The objective, in percent.
    pub(super) fn objective_percent(&self) -> f64 {
        (self.objective * 1e9).round() / 1e7
    }

    /// In seconds; none for a tool whose histogram tells nothing.
    pub(super) fn p95_threshold_of(&self, tool: &Tool) -> Option<f64> {
        let default = match tool.buckets {
            [.., threshold, _] | [threshold] => Some(*threshold),
            [] => None,
        };
        let own = self.p95_thresholds.get(tool.name).copied();
        own.or(default)
    }

    pub(super) fn all_callers_faults(&self) -> Vec<&str> {
        let own = self.callers_faults.iter().map(String::as_str);
        CALLERS_FAULTS.iter().copied().chain(own).collect()
    }
}
