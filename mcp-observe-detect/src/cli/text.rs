//! An alert as a line that a person can read.

use std::io::{self, Write};

use mcp_observe_detect::Alert;

/// Writes the line. What callers have chosen is quoted as Rust's `Debug` quotes it, which leaves nothing
/// to a terminal.
pub(super) fn write_line(alert: &Alert, to: &mut impl Write) -> io::Result<()> {
    let (key, evidence) = (&alert.key, &alert.evidence);
    write!(to, "{} {} {}", alert.time, alert.severity, alert.rule)?;
    let key = [
        ("usr.id", &key.user),
        ("mcp.session.id", &key.session),
        ("network.client.ip", &key.client_ip),
        ("mcp.tool.name", &key.tool),
    ];
    for (name, value) in key {
        if let Some(value) = value {
            write!(to, " {name}={value:?}")?;
        }
    }
    write!(to, ": {}", alert.rule.title())?;
    if let Some(by) = evidence.by {
        write!(to, ", by {by}")?;
    }
    if let Some(count) = evidence.count {
        write!(to, ", {count}")?;
    }
    if let Some(calls) = evidence.calls {
        write!(to, " of {calls} calls")?;
    }
    if let Some(seconds) = evidence.window_seconds {
        write!(to, " in {seconds} s")?;
    }
    if let Some(threshold) = evidence.threshold {
        write!(to, ", threshold {threshold}")?;
    }
    if let (Some(mean), Some(sigma)) = (evidence.baseline_mean, evidence.baseline_sigma) {
        write!(to, ", baseline {mean:.1} ± {sigma:.1}")?;
    }
    if let Some(since) = evidence.since {
        write!(to, ", since {since}")?;
    }
    if evidence.shared {
        write!(to, ", shared with other actors")?;
    }
    if evidence.suppressed > 0 {
        write!(to, ", {} more since the last alert", evidence.suppressed)?;
    }
    if !evidence.tools.is_empty() {
        write!(to, ", tools {:?}", evidence.tools)?;
    }
    if !evidence.trace_ids.is_empty() {
        write!(to, ", traces {:?}", evidence.trace_ids)?;
    }
    writeln!(to)
}
