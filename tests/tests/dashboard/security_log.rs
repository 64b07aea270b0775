//! Queries for log lines name the fields of the security log, as its JSON Schema has them.

use std::collections::BTreeSet;
use std::fs;

use regex::Regex;
use serde_json::Value;

use crate::links;
use crate::panels::{list, panels};
use crate::servers;

/// The fields' names as Loki has them, with the values of those that are closed.
fn fields() -> impl Fn(&str) -> Option<Value> {
    let schema = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../mcp-observe/schema/security-event-1.0.json"
    );
    let schema = fs::read_to_string(schema).expect("the schema");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    move |name| {
        let properties = schema["properties"].as_object().expect("keys");
        let found = properties
            .iter()
            .find(|(key, _)| key.replace('.', "_") == name);
        found.map(|(_, property)| property.clone())
    }
}

fn queries() -> Vec<String> {
    let mut queries = vec![];
    for server in servers::all() {
        let panels = panels(&server.dashboard);
        let targets = panels.iter().flat_map(|it| list(&it["targets"]));
        let links = links::all(&server.dashboard);
        let of_links = links.iter().flat_map(links::Link::queries);
        for asked in targets.cloned().chain(of_links) {
            if asked["datasource"]["type"] == "loki" {
                queries.push(asked["expr"].as_str().expect("a query").to_owned());
            }
        }
    }
    queries
}

#[test]
fn fields_and_values_are_of_events() {
    let filter = Regex::new(r#"\| (\w+)(?:=|!=|=~)"([^"]*)""#).expect("a regex");
    let template = Regex::new(r"\{\{\.(\w+)\}\}").expect("a regex");
    let by = Regex::new(r"by \(([^)]*)\)").expect("a regex");
    let field = fields();
    let mut seen = BTreeSet::new();

    for query in queries() {
        for found in filter.captures_iter(&query) {
            let property = field(&found[1]).unwrap_or_else(|| panic!("{}: {query}", &found[1]));
            if let Some(values) = property["enum"].as_array() {
                let value = &found[2];
                let is_one = value.is_empty() || values.contains(&value.into());
                assert!(is_one, "{} is never {value}: {query}", &found[1]);
            }
            seen.insert(found[1].to_owned());
        }
        let labels = by.captures_iter(&query);
        let labels = labels.flat_map(|it| it[1].split(", ").map(str::to_owned).collect::<Vec<_>>());
        let labels: Vec<_> = labels.collect();
        let templates = template.captures_iter(&query).map(|it| it[1].to_owned());
        for name in templates.chain(labels) {
            // Loki's own reading of a line's level.
            if name != "detected_level" {
                assert!(field(&name).is_some(), "{name}: {query}");
                seen.insert(name);
            }
        }
    }
    for important in [
        "event_category",
        "status",
        "usr_id",
        "mcp_tool_name",
        "error_kind",
    ] {
        assert!(seen.contains(important), "{important}");
    }
}
