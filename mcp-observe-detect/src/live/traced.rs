//! An alert as an event of `tracing`.

use crate::Alert;

/// Tells whoever collects the process's events. Of whom it is, quoted: callers choose what is in it.
pub(super) fn tell(alert: &Alert) {
    let key = &alert.key;
    tracing::warn!(
        target: "mcp_observe_detect",
        rule = alert.rule.id(),
        severity = alert.severity.as_str(),
        usr.id = key.user.as_ref().map(tracing::field::debug),
        mcp.session.id = key.session.as_ref().map(tracing::field::debug),
        network.client.ip = key.client_ip.as_ref().map(tracing::field::debug),
        mcp.tool.name = key.tool.as_ref().map(tracing::field::debug),
        "{}",
        alert.rule.title(),
    );
}
