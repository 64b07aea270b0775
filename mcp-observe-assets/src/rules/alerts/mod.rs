//! The alerts on how the server does, by what they look at.

mod anomaly;
mod budget;
mod cardinality;
mod errors;
mod latency;
mod load;
mod rounds;
mod silence;
mod telemetry;
mod tokens;

pub(super) use anomaly::unusual;

use super::server::Server;
use super::written::Group;

/// All of them, in groups.
pub(super) fn groups(server: &Server<'_>) -> Vec<Group> {
    let groups = [
        ("mcp-errors", errors::alerts(server)),
        ("mcp-error-budget", budget::alerts(server)),
        ("mcp-latency", latency::alerts(server)),
        ("mcp-silence", silence::alerts(server)),
        ("mcp-load", load::alerts(server)),
        ("mcp-rounds", rounds::alerts(server)),
        ("mcp-tokens", tokens::alerts(server)),
        ("mcp-telemetry", telemetry::alerts(server)),
        ("mcp-cardinality", cardinality::alerts(server)),
    ];
    groups
        .into_iter()
        .filter(|(_, alerts)| !alerts.is_empty())
        .map(|(name, alerts)| Group {
            name,
            recordings: Vec::new(),
            alerts,
        })
        .collect()
}
