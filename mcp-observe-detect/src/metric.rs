//! The metrics that [`AlertCounts::observe`](crate::AlertCounts::observe) shows (feature `otel`): their
//! names, units and labels, for what reads them, such as alerting rules and dashboards.

use crate::Rule;

/// A metric of this crate's. All are counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metric {
    /// As OpenTelemetry has it, such as `mcp.alerts`.
    pub name: &'static str,
    /// As Prometheus has it, such as `mcp_alerts_total`.
    pub prometheus_name: &'static str,
    /// The unit in UCUM's notation, such as `{alert}`.
    pub unit: &'static str,
    /// What it tells.
    pub description: &'static str,
    /// The labels that each series of it has.
    pub labels: &'static [MetricLabel],
}

/// A label of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MetricLabel {
    /// The name, which OpenTelemetry and Prometheus have alike.
    pub name: &'static str,
    /// All that it can be.
    pub values: &'static [&'static str],
}

/// `rule`: the [id](Rule::id) of the rule.
pub const RULE: MetricLabel = MetricLabel {
    name: "rule",
    values: &{
        let mut ids = [""; Rule::ALL.len()];
        let mut index = 0;
        while index < ids.len() {
            ids[index] = Rule::ALL[index].id();
            index += 1;
        }
        ids
    },
};

/// `mcp_alerts_total`: a series for each rule, at zero from the start.
pub const ALERTS: Metric = Metric {
    name: "mcp.alerts",
    prometheus_name: "mcp_alerts_total",
    unit: "{alert}",
    description: "Alerts of the detection on the security log, by rule.",
    labels: &[RULE],
};

/// `mcp_alerts_unwritten_total`.
pub const ALERTS_UNWRITTEN: Metric = Metric {
    name: "mcp.alerts.unwritten",
    prometheus_name: "mcp_alerts_unwritten_total",
    unit: "{alert}",
    description: "Alerts that a sink failed to take.",
    labels: &[],
};

/// All of them.
pub const ALL: &[Metric] = &[ALERTS, ALERTS_UNWRITTEN];
