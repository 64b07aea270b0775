//! The metrics that there are: their names, kinds, units, labels, and the values of those.
//!
//! The instruments are made from these definitions, so that what reads the metrics (dashboards, alerts)
//! can be made from them as well, and names nothing that is not emitted.

mod definitions;
mod instrument;
pub mod label;

pub use definitions::*;

/// A metric of this crate's.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Metric {
    /// As OpenTelemetry has it, such as `mcp.tool.calls`.
    pub name: &'static str,
    /// As Prometheus has it, such as `mcp_tool_calls_total`; a histogram's is without `_bucket`, `_sum`
    /// and `_count`.
    pub prometheus_name: &'static str,
    /// What is recorded.
    pub kind: Kind,
    /// The unit in UCUM's notation, such as `s` or `{token}`; empty for counts of no particular unit.
    /// Prometheus has that of durations in the metric's name.
    pub unit: &'static str,
    /// What it tells.
    pub description: &'static str,
    /// The labels that a series of it may have. One that does not apply is absent from a series.
    pub labels: &'static [MetricLabel],
    /// Whether it has the labels that a tool declares as well.
    pub has_declared_labels: bool,
}

/// What a metric records.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// A number that only grows.
    Counter,
    /// A number that goes up and down.
    UpDownCounter,
    /// A distribution.
    Histogram {
        /// The upper bounds of its buckets, in the metric's unit; for tools' durations those of a tool
        /// without `buckets = [..]`.
        buckets: &'static [f64],
    },
}

/// A label that the series of a metric have, besides those that a tool declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MetricLabel {
    /// As Prometheus has it, such as `error_type`.
    pub name: &'static str,
    /// As OpenTelemetry has it: `error_type` on this crate's own metrics, `error.type` on those of the
    /// conventions.
    pub attribute: &'static str,
    /// What it can be.
    pub values: Values,
}

/// The values that a label can have. All sets are bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Values {
    /// These.
    Closed(&'static [&'static str]),
    /// The tools that the server has, and `_OTHER`.
    Tools,
    /// These, and the classes of the tools' own error types: their
    /// [`Tool::error_types`](crate::Tool::error_types). An error type that the compiler does not see, or
    /// that does not list all of its classes, adds some at run time.
    ErrorTypes(&'static [&'static str]),
    /// Names that are known at run time, such as those of prompts and addresses: a bounded number of them.
    Bounded,
}
