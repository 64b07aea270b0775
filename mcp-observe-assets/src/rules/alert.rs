//! An alert: its rule, what it tells, what to do about it, and examples of when it fires.

use std::collections::BTreeMap;

use serde::Serialize;

use super::case::{Case, Firing};
use super::runbook::Paragraph;
use crate::catalogue::JOB;
use crate::promql::Query;

/// What an alert calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    /// Is worth knowing.
    Info,
    /// Should be looked at in working hours.
    Warning,
    /// Should wake somebody.
    Critical,
}

impl Severity {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// An alert. Texts are Prometheus's templates.
#[derive(Debug, Clone)]
pub(super) struct Alert {
    pub(super) name: &'static str,
    pub(super) query: Query,
    /// How long it has to hold, such as `5m`.
    pub(super) lasts: Option<&'static str>,
    pub(super) severity: Severity,
    /// Its labels besides those of the query's result and the severity.
    pub(super) labels: Vec<(&'static str, String)>,
    pub(super) summary: String,
    pub(super) description: String,
    pub(super) runbook: Paragraph,
    pub(super) cases: Vec<Case>,
}

/// What an alert tells.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Annotations {
    summary: String,
    description: String,
    runbook_url: String,
}

impl Annotations {
    /// As Prometheus fills them in.
    pub(super) fn filled_in(&self, labels: &BTreeMap<&'static str, String>, value: &str) -> Self {
        Self {
            summary: filled_in(&self.summary, labels, value),
            description: filled_in(&self.description, labels, value),
            runbook_url: self.runbook_url.clone(),
        }
    }
}

impl Alert {
    /// The labels that its rule gives it.
    pub(super) fn own_labels(&self) -> BTreeMap<&'static str, String> {
        let own = self.labels.iter().cloned();
        own.chain([("severity", self.severity.as_str().to_owned())])
            .collect()
    }

    pub(super) fn annotations(&self, runbook: &str) -> Annotations {
        Annotations {
            summary: self.summary.clone(),
            description: self.description.clone(),
            runbook_url: format!("{runbook}#{}", self.anchor()),
        }
    }

    /// The anchor of its paragraph in the runbook.
    pub(super) fn anchor(&self) -> String {
        self.name.to_lowercase()
    }

    /// All labels that it has where it fires.
    pub(super) fn labels_of(&self, firing: &Firing, job: &str) -> BTreeMap<&'static str, String> {
        let mut labels = self.own_labels();
        labels.insert(JOB, job.to_owned());
        labels.extend(firing.labels.clone());
        labels
    }
}

/// A template as Prometheus fills it in, of those that the alerts have: labels, and the value in one form.
fn filled_in(template: &str, labels: &BTreeMap<&'static str, String>, value: &str) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{ ") {
        let (what, after) = after.split_once(" }}").expect("a template's end");
        text.push_str(before);
        match what.strip_prefix("$labels.") {
            Some(label) => text.push_str(&labels[label]),
            None => text.push_str(value),
        }
        rest = after;
    }
    text.push_str(rest);
    text
}
