//! What is raised when a rule fires.

mod line;

use std::io;

use serde::Serialize;

use crate::occurrence::{Occurrence, Text};
use crate::rule::{Rule, Severity};
use crate::state::Traces;
use crate::timestamp::Timestamp;
use crate::trace_id::TraceId;

/// A rule fired.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Alert {
    /// Which.
    pub rule: Rule,
    /// How bad it may be.
    pub severity: Severity,
    /// The `timestamp` of the event that made it fire.
    pub time: Timestamp,
    /// About whom.
    pub key: AlertKey,
    /// What was counted.
    pub evidence: Evidence,
}

/// Whom an alert is about: what the rule counts by. Empty for the actor of a server over stdio.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AlertKey {
    /// `usr.id`.
    #[serde(rename = "usr.id", skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// `mcp.session.id`.
    #[serde(rename = "mcp.session.id", skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// `network.client.ip`, of the event; all addresses of an IPv6 /64 are one key.
    #[serde(rename = "network.client.ip", skip_serializing_if = "Option::is_none")]
    pub client_ip: Option<String>,
    /// `mcp.tool.name`.
    #[serde(rename = "mcp.tool.name", skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
}

/// What made a rule fire. What a rule does not have is absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Evidence {
    /// Which of the rule's conditions it was, where it has several: `baseline` or `ceiling`; `session`,
    /// `peer` or `actor`; `users`, `sessions` or `client_names`; the rule under pressure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<&'static str>,
    /// How many were counted in the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The limit that they are above, or have reached, as the rule has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<u64>,
    /// All calls, where the count is of some of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls: Option<u64>,
    /// The window's length, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_seconds: Option<f64>,
    /// The mean of the earlier windows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline_mean: Option<f64>,
    /// Their standard deviation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline_sigma: Option<f64>,
    /// The most at the same hour of the last days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seasonal: Option<u64>,
    /// When it began: the failure before the call, the reading before the sending, the time before a step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Alerts about the same key that were held back since the last one.
    #[serde(skip_serializing_if = "is_zero")]
    pub suppressed: u64,
    /// The counts are of several keys, for want of room, and an upper bound for this one.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub shared: bool,
    /// Tools that had a part, in their order; at most five.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<String>,
    /// Traces that had a part, oldest first; at most five.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trace_ids: Vec<TraceId>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // As serde calls it.
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Evidence {
    /// What every alert about a window tells. `suppressed` is how many the time of quiet held back.
    pub(crate) fn of_window(window: i64, suppressed: u64, shared: bool, traces: &Traces) -> Self {
        Self {
            window_seconds: Some(seconds(window)),
            suppressed,
            shared,
            trace_ids: traces.to_vec(),
            ..Self::default()
        }
    }

    pub(crate) fn number(count: usize) -> Option<u64> {
        u64::try_from(count).ok()
    }

    pub(crate) fn tool(at: &Occurrence) -> Vec<String> {
        at.text(Text::Tool).map(str::to_owned).into_iter().collect()
    }
}

/// Of microseconds.
#[allow(clippy::cast_precision_loss)] // Windows are of minutes.
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

impl Alert {
    /// Writes it as one line of JSON, with its end. The schema is `schema/alert-1.0.json`; texts are
    /// escaped as those of events are.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn write_line(&self, to: &mut dyn io::Write) -> io::Result<()> {
        to.write_all(&line::line(self))
    }

    /// The line that [`write_line`](Self::write_line) writes, without its end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut line = line::line(self);
        line.pop();
        String::from_utf8(line).unwrap_or_default()
    }
}
