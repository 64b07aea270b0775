//! The files as they are read back.

use mcp_observe_assets::Assets;
use serde_json::Value;

pub(crate) const RULES: [&str; 2] = ["prometheus/rules.yml", "prometheus/security-rules.yml"];
pub(crate) const HOURS: &str = "prometheus/rules.test.yml";
pub(crate) const SECURITY: &str = "prometheus/security-rules.test.yml";
pub(crate) const TESTS: [&str; 3] = [HOURS, "prometheus/rules.days.test.yml", SECURITY];

pub(crate) fn text<'a>(assets: &'a Assets, path: &str) -> &'a str {
    let file = assets.files().iter().find(|file| file.path == path);
    let file = file.unwrap_or_else(|| panic!("there is no {path}"));
    &file.contents
}

pub(crate) fn yaml(assets: &Assets, path: &str) -> Value {
    yaml_serde::from_str(text(assets, path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub(crate) fn string(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
}

/// All rules of a server, with the file that each is in.
pub(crate) fn rules(assets: &Assets) -> Vec<(&'static str, Value)> {
    let mut rules = Vec::new();
    for path in RULES {
        for group in list(&yaml(assets, path)["groups"]) {
            rules.extend(list(&group["rules"]).iter().map(|it| (path, it.clone())));
        }
    }
    rules
}

/// What is expected of alerts at some time.
pub(crate) fn checks(assets: &Assets) -> Vec<Value> {
    let mut checks = Vec::new();
    for path in TESTS {
        for case in list(&yaml(assets, path)["tests"]) {
            checks.extend_from_slice(list(&case["alert_rule_test"]));
        }
    }
    checks
}
