//! The alerts that go with detection: what of its rules metrics can see. Callers are in no metric, on
//! purpose; these say that something is going on with a server or a tool, the security log says who it is.

mod detection;
mod enumeration;
mod errors;
mod log;
mod rate;
mod refusals;

use super::recording;
use super::server::Server;
use super::written::Group;

/// All of them, in groups.
pub(super) fn groups(server: &Server<'_>) -> Vec<Group> {
    let mut alerts = vec![
        rate::alert(server),
        enumeration::alert(server),
        errors::alert(server),
    ];
    alerts.extend(refusals::alerts(server));
    alerts.push(detection::alert(server));
    alerts.extend(log::alerts(server));
    vec![
        Group {
            name: "mcp-security-recordings",
            recordings: vec![recording::calls(server, "5m")],
            alerts: Vec::new(),
        },
        Group {
            name: "mcp-security",
            recordings: Vec::new(),
            alerts,
        },
    ]
}
