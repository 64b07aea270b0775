//! Marks at points in time: what may explain a change in the panels.

use mcp_observe::metric::TOOL_CALLS;

use super::grafana::Annotation;
use super::palette;
use super::queries::{Queries, RATE};
use crate::catalogue::JOB;

pub(super) fn all(queries: Queries<'_>) -> Vec<Annotation> {
    let calls = queries.server(&TOOL_CALLS);
    let restarts = calls.over("resets", RATE).sum_by(&[JOB, "instance"]);
    let firing = Queries::made_by_prometheus("ALERTS", &["alertname", "alertstate", "severity"])
        .is("alertstate", "firing")
        .now()
        .count_by(&[JOB, "alertname", "severity"]);
    vec![
        Annotation::new(
            "Restarts",
            "purple",
            &restarts.scalar(">", 0),
            "the server was not started again",
        )
        .says("Restart", "{{instance}} counts from zero again"),
        Annotation::new("Alerts", palette::BAD, &firing, "no alert fires")
            .says("{{alertname}}", "severity {{severity}}"),
    ]
}
