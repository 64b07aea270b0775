//! Each backend has the rules that `mcp-observe-detect` has, under their ids and with their severities.

use std::collections::BTreeMap;

use mcp_observe_detect::{Rule, Severity};
use serde_json::Value;

use crate::agreement::rules;
use crate::assets::{files, list, path, stem, string, text, yaml};

/// The highest severity of each rule's alerts.
type Severities = BTreeMap<String, Severity>;

fn add(to: &mut Severities, rule: &str, severity: &Value) {
    let severity = serde_json::from_value(severity.clone())
        .unwrap_or_else(|_| panic!("{rule}: {severity} is no severity"));
    let highest = to.entry(rule.to_owned()).or_insert(severity);
    *highest = severity.max(*highest);
}

fn assert_all(of: &Severities) {
    let expected = rules().map(|rule: Rule| (rule.id().to_owned(), rule.severity()));
    assert_eq!(*of, expected.collect());
}

#[test]
fn sigma() {
    let mut severities = Severities::new();
    for file in files("sigma", "yml") {
        for document in yaml(&file) {
            // Selections, and parts of correlations.
            if document["level"] != "informational" {
                add(&mut severities, stem(&file), &document["level"]);
            }
        }
    }
    assert_all(&severities);
}

#[test]
fn loki() {
    let mut severities = Severities::new();
    let documents = yaml(&path("loki/rules.yaml"));
    for group in list(&documents[0]["groups"]) {
        for rule in list(&group["rules"]) {
            let labels = &rule["labels"];
            let id = string(&labels["rule"], "an id");
            add(&mut severities, id, &labels["severity"]);
        }
    }
    assert_all(&severities);
}

#[test]
fn datadog() {
    let mut severities = Severities::new();
    for file in files("datadog", "json") {
        let payload: Value = serde_json::from_str(&text(&file)).expect("JSON");
        let mut ids = list(&payload["tags"])
            .iter()
            .filter_map(|tag| string(tag, "a tag").strip_prefix("mcp_rule:"));
        let id = ids.next().expect("a tag with the rule");
        for case in list(&payload["cases"]) {
            add(&mut severities, id, &case["status"]);
        }
    }
    assert_all(&severities);
}
