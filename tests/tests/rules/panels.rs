//! The runbook sends people to panels that the dashboard has.

use mcp_observe_assets::Assets;
use regex::Regex;
use serde_json::Value;

use crate::documents::{list, string, text};
use crate::servers;

/// What the runbook sets in italics and is no panel.
const TERMS: [&str; 3] = ["Failures", "not found", "that or longer"];

fn titles(assets: &Assets) -> Vec<String> {
    fn collect(panels: &[Value], titles: &mut Vec<String>) {
        for panel in panels {
            titles.push(string(&panel["title"]).to_owned());
            collect(list(&panel["panels"]), titles);
        }
    }
    let dashboard = text(assets, "grafana/dashboards/mcp-server.json");
    let dashboard: Value = serde_json::from_str(dashboard).expect("JSON");
    let mut titles = Vec::new();
    collect(list(&dashboard["panels"]), &mut titles);
    titles
}

#[test]
fn panels_that_the_runbook_names_are_on_the_dashboard() {
    let italics = Regex::new(r"(?:^|[^*])\*([^*\n]+)\*(?:[^*]|$)").expect("an expression");
    for assets in servers::all() {
        let titles = titles(assets);
        let runbook = text(assets, "runbook.md");
        let named: Vec<_> = italics
            .captures_iter(runbook)
            .map(|found| found.get(1).expect("a group").as_str())
            .filter(|name| !TERMS.contains(name))
            .collect();
        assert!(!named.is_empty());
        for name in named {
            // Panels of tools with labels, of which there may be none.
            if name.starts_with('…') && !titles.iter().any(|it| it.contains(": p95 by ")) {
                continue;
            }
            let parts: Vec<_> = name.split('…').map(regex::escape).collect();
            let title = Regex::new(&format!("^{}$", parts.join(".+"))).expect("an expression");
            assert!(
                titles.iter().any(|it| title.is_match(it)),
                "{name}: {titles:?}"
            );
        }
    }
}
