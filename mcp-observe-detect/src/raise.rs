//! The way of an alert out.

use crate::alert::{Alert, AlertKey, Evidence};
use crate::occurrence::{Occurrence, Text};
use crate::rule::{Rule, Severity};
use crate::stats::Stats;
use crate::timestamp::Timestamp;

/// Where alerts go, and are counted.
pub(crate) struct Raise<'a> {
    pub(crate) stats: &'a mut Stats,
    pub(crate) to: &'a mut dyn FnMut(&Alert),
}

impl Raise<'_> {
    pub(crate) fn alert(
        &mut self,
        rule: Rule,
        severity: Severity,
        at: &Occurrence,
        key: AlertKey,
        evidence: Evidence,
    ) {
        self.alert_at(rule, severity, at.time, key, evidence);
    }

    pub(crate) fn alert_at(
        &mut self,
        rule: Rule,
        severity: Severity,
        time: Timestamp,
        key: AlertKey,
        evidence: Evidence,
    ) {
        self.stats.count_alert(rule);
        (self.to)(&Alert {
            rule,
            severity,
            time,
            key,
            evidence,
        });
    }
}

impl AlertKey {
    /// The user, else the address, else nothing.
    pub(crate) fn actor(at: &Occurrence) -> Self {
        let user = owned(at, Text::User);
        let client_ip = if user.is_none() {
            owned(at, Text::Address)
        } else {
            None
        };
        Self {
            user,
            client_ip,
            ..Self::default()
        }
    }

    pub(crate) fn peer(at: &Occurrence) -> Self {
        Self {
            client_ip: owned(at, Text::Address),
            ..Self::default()
        }
    }

    pub(crate) fn session(at: &Occurrence) -> Self {
        Self {
            session: owned(at, Text::Session),
            ..Self::default()
        }
    }

    pub(crate) fn tool(at: &Occurrence) -> Self {
        Self::default().and_tool(at)
    }

    pub(crate) fn and_tool(self, at: &Occurrence) -> Self {
        Self {
            tool: owned(at, Text::Tool),
            ..self
        }
    }
}

fn owned(at: &Occurrence, which: Text) -> Option<String> {
    at.text(which).map(str::to_owned)
}
