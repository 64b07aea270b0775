//! Loki: Grafana's parser reads the queries, and they ask for what events have. No Loki evaluates them.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::Stdio;

use mcp_observe_tests::runtimes::Node;
use regex::Regex;
use serde_json::Value;

use crate::assets::{list, path, string, yaml};
use crate::events::assert_field;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/detection_rules/logql.mjs");

fn rules() -> Vec<Value> {
    let documents = yaml(&path("loki/rules.yaml"));
    assert_eq!(documents.len(), 1);
    let mut rules = vec![];
    for group in list(&documents[0]["groups"]) {
        assert!(
            group["name"].is_string() && group["interval"].is_string(),
            "{group}"
        );
        rules.extend(list(&group["rules"]).iter().cloned());
    }
    assert!(!rules.is_empty());
    rules
}

fn query(rule: &Value) -> &str {
    string(&rule["expr"], "a query")
}

#[test]
fn queries_are_logql() {
    let mut parser = Node::installed(env!("CARGO_TARGET_TMPDIR"))
        .script(SCRIPT)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let queries: Vec<_> = rules().iter().map(|it| query(it).to_owned()).collect();
    let queries = serde_json::to_vec(&queries).expect("texts");
    let mut stdin = parser.stdin.take().expect("a pipe");
    stdin.write_all(&queries).expect("it reads");
    drop(stdin);
    let output = parser.wait_with_output().expect("it ends");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
}

#[test]
fn fields_and_values_are_of_events() {
    let extracted = Regex::new(r#"([a-z_]+)=`\["([^"]+)"\]`"#).expect("an expression");
    let filter = Regex::new(r#"\| ([a-z_]+) !?=~? "((?:[^"\\]|\\.)*)""#).expect("an expression");
    let contains = Regex::new(r#"\|= `"([^"]+)":(?:"([^"]+)")?`"#).expect("an expression");
    let made = Regex::new("([a-z]+)=`[^\\[]").expect("an expression");
    let by = Regex::new(r"by \(([^)]*)\)").expect("an expression");
    let template = Regex::new(r"\.([a-z_]+) ?\}|\$labels\.([a-z_]+)").expect("an expression");

    for rule in rules() {
        let of = string(&rule["alert"], "a name");
        let query = query(&rule);
        let mut labels = BTreeSet::from(["service_name".to_owned()]);
        for found in extracted.captures_iter(query) {
            assert_field(&found[2], None, of);
            assert_eq!(found[1], found[2].replace('.', "_"), "{of}");
            labels.insert(found[1].to_owned());
        }
        for found in contains.captures_iter(query) {
            let value = found.get(2).map(|it| it.as_str().into());
            assert_field(&found[1], value.as_ref(), of);
        }
        for found in filter.captures_iter(query) {
            assert!(
                labels.contains(&found[1]),
                "{of}: {} is not extracted",
                &found[1]
            );
            let field = found[1].replace('_', ".");
            let value = found[2].replace("\\\"", "\"");
            let element = value
                .strip_prefix(".*\"")
                .and_then(|it| it.strip_suffix("\".*"));
            match (field.as_str(), value.as_str()) {
                (_, "") | ("timestamp", _) => {}
                // A label is a text, whatever it was.
                ("http.status", value) => {
                    let value: u16 = value.parse().expect("a status");
                    assert_field(&field, Some(&value.into()), of);
                }
                (_, value) => assert_field(&field, Some(&element.unwrap_or(value).into()), of),
            }
        }
        labels.extend(made.captures_iter(query).map(|found| found[1].to_owned()));

        let annotations = rule["annotations"].to_string();
        let used = by
            .captures_iter(query)
            .flat_map(|it| it[1].split(", ").map(str::to_owned).collect::<Vec<_>>())
            .chain([query, &annotations].into_iter().flat_map(|text| {
                template.captures_iter(text).map(|it| {
                    it.iter()
                        .skip(1)
                        .flatten()
                        .next()
                        .expect("one")
                        .as_str()
                        .to_owned()
                })
            }));
        for label in used {
            assert!(labels.contains(&label), "{of}: {label} is no label");
        }
    }
}
