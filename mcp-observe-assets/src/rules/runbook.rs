//! The runbook: a paragraph for each alert, for whoever is woken by it.

use std::fmt::Write as _;

use super::alert::Alert;
use super::case::percentage;
use super::server::Server;

/// What the runbook says about an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paragraph {
    pub(super) means: &'static str,
    /// What to look at first.
    pub(super) look: &'static str,
    pub(super) causes: &'static str,
    /// How to stop it.
    pub(super) stop: &'static str,
    /// When there is nothing to be done.
    pub(super) is_false: &'static str,
}

/// The runbook as Markdown. The anchors of its headings are those that alerts link to.
pub(super) fn markdown<'a>(
    server: &Server<'_>,
    alerts: impl IntoIterator<Item = &'a Alert>,
) -> String {
    let service = server.name();
    let mut text = format!(
        "<!-- Made by mcp-observe-assets from the tools of {service}; changes here are lost. -->\n\
         # Runbook of {service}\n\n\
         Panels are those of the dashboard `MCP server {service}`. *Failures* are calls that failed by the server's fault; cancelled \
         calls, and errors that are their callers' ({faults}), are not among them. The objective is that {objective}% of all \
         other calls succeed: {budget} may fail.\n",
        faults = list(&server.settings.all_callers_faults()),
        objective = server.settings.objective_percent(),
        budget = percentage(server.settings.error_budget()),
    );
    let mut written: Vec<&str> = Vec::new();
    for alert in alerts {
        if written.contains(&alert.name) {
            continue;
        }
        written.push(alert.name);
        let Paragraph {
            means,
            look,
            causes,
            stop,
            is_false,
        } = alert.runbook;
        let _ = write!(
            text,
            "\n## {}\n\n{means}\n\n\
             * **Look first:** {look}\n\
             * **Usual causes:** {causes}\n\
             * **To stop it:** {stop}\n\
             * **False when:** {is_false}\n",
            alert.name
        );
    }
    text
}

fn list(classes: &[&str]) -> String {
    let quoted: Vec<_> = classes.iter().map(|class| format!("`{class}`")).collect();
    quoted.join(", ")
}
