//! Colours, each with one meaning in all panels.

use super::grafana::{Override, Threshold};

pub(super) const GOOD: &str = "green";
pub(super) const WORRYING: &str = "orange";
pub(super) const BAD: &str = "red";
/// Neither good nor bad.
pub(super) const NEUTRAL: &str = "blue";
/// What the caller took back.
pub(super) const CANCELLED: &str = "#8e8e8e";

/// Series that are named by `status`.
pub(super) fn by_status() -> [Override; 3] {
    [
        Override::name("success").color(GOOD),
        Override::name("error").color(BAD),
        Override::name("cancelled").color(CANCELLED),
    ]
}

/// Series that are named by how many calls were as fast.
pub(super) fn by_quantile() -> [Override; 3] {
    [
        Override::name("p50").color("light-blue"),
        Override::name("p95").color(NEUTRAL),
        Override::name("p99").color("dark-purple"),
    ]
}

/// Good, and worrying and bad from these values.
pub(super) fn rising(worrying: f64, bad: f64) -> Vec<Threshold> {
    vec![
        Threshold::base(GOOD),
        Threshold::from(worrying, WORRYING),
        Threshold::from(bad, BAD),
    ]
}
