//! What all rules have: cases, a paragraph in the runbook, names that fit.

use std::collections::{BTreeMap, BTreeSet};

use mcp_observe_assets::Assets;
use regex::Regex;
use serde_json::Value;

use crate::documents::{HOURS, RULES, checks, list, rules, string, text, yaml};
use crate::servers;

fn names(assets: &Assets, key: &str) -> Vec<String> {
    let rules = rules(assets);
    let named = rules.iter().filter_map(|(_, rule)| rule[key].as_str());
    named.map(str::to_owned).collect()
}

/// Whether all that is in one map is in the other.
fn has_all(map: &Value, part: &Value) -> bool {
    let part = part.as_object().expect("a map");
    part.iter().all(|(key, value)| map[key] == *value)
}

#[test]
fn every_alert_is_expected_at_one_time_and_not_at_another() {
    for assets in servers::all() {
        let checks = checks(assets);
        for (path, rule) in rules(assets) {
            let Some(alert) = rule["alert"].as_str() else {
                continue;
            };
            let of_alert = || checks.iter().filter(|it| it["alertname"] == alert);
            let fires = |check: &&Value| {
                let expected = list(&check["exp_alerts"]);
                expected
                    .iter()
                    .any(|it| has_all(&it["exp_labels"], &rule["labels"]))
            };
            assert!(of_alert().any(|it| fires(&it)), "{path}: {alert}");
            let is_quiet = |check: &Value| list(&check["exp_alerts"]).is_empty();
            assert!(of_alert().any(is_quiet), "{path}: {alert}");
        }
    }
}

#[test]
fn every_alert_leads_to_a_paragraph_of_the_runbook_and_every_paragraph_is_of_one() {
    for assets in servers::all() {
        let runbook = text(assets, "runbook.md");
        let mut paragraphs: BTreeMap<String, &str> = BTreeMap::new();
        for paragraph in runbook.split("\n## ").skip(1) {
            let (heading, body) = paragraph.split_once('\n').expect("a heading's line");
            // As Markdown's renderers make anchors.
            paragraphs.insert(heading.to_lowercase(), body);
        }
        let mut led_to = BTreeSet::new();
        for (path, rule) in rules(assets) {
            let Some(alert) = rule["alert"].as_str() else {
                continue;
            };
            let texts = &rule["annotations"];
            let (_, anchor) = string(&texts["runbook_url"])
                .split_once('#')
                .expect("an anchor");
            let paragraph = paragraphs
                .get(anchor)
                .unwrap_or_else(|| panic!("{path}: {alert} leads to {anchor}"));
            for part in ["Look first", "Usual causes", "To stop it", "False when"] {
                let lines = paragraph.matches(&format!("\n* **{part}:** ")).count();
                assert_eq!(lines, 1, "{alert}: {part}");
            }
            led_to.insert(anchor.to_owned());

            assert!(!string(&texts["summary"]).is_empty(), "{alert}");
            let description = string(&texts["description"]);
            assert!(description.contains("Look first "), "{alert}");
            let severity = string(&rule["labels"]["severity"]);
            let known = ["info", "warning", "critical"];
            assert!(known.contains(&severity), "{alert}: {severity}");
        }
        assert_eq!(led_to, paragraphs.into_keys().collect());
    }
}

#[test]
fn expressions_are_those_of_the_rules() {
    for assets in servers::all() {
        let written: Vec<_> = rules(assets)
            .into_iter()
            .map(|(path, rule)| {
                let place = rule["record"].as_str().or(rule["alert"].as_str());
                let place = place.expect("a name").to_owned();
                (path, place, string(&rule["expr"]).to_owned())
            })
            .collect();
        let told: Vec<_> = assets
            .expressions()
            .iter()
            .filter(|expression| RULES.contains(&expression.path))
            .map(|it| (it.path, it.place.clone(), it.promql.clone()))
            .collect();
        assert_eq!(written, told);
        assert!(told.len() > 30);
    }
}

/// The names of series in an expression, with their selectors.
fn selectors(expression: &str) -> Vec<(String, String)> {
    let selector = Regex::new(r#"([a-z_][a-zA-Z0-9_:]*)?\{((?:"(?:[^"\\]|\\.)*"|[^"}])*)\}"#)
        .expect("a regex");
    selector
        .captures_iter(expression)
        .map(|found| {
            let name = found.get(1).map_or("", |it| it.as_str());
            (name.to_owned(), found[2].to_owned())
        })
        .collect()
}

#[test]
fn every_series_is_of_the_server() {
    let metric = Regex::new(r"(?:mcp_|otel_sdk_)[a-z0-9_]+").expect("a regex");
    for (assets, job) in
        servers::all()
            .iter()
            .zip(["weather-demo", "one", "team.a/odd", "spending"])
    {
        for expression in assets.expressions() {
            if !RULES.contains(&expression.path) {
                continue;
            }
            let selectors = selectors(&expression.promql);
            assert!(!selectors.is_empty(), "{}", expression.place);
            for (name, matchers) in &selectors {
                let its = format!("job=\"{job}\"");
                assert!(matchers.contains(&its), "{}: {name}", expression.place);
            }
            // None is named without a selector.
            let named: Vec<_> = selectors
                .iter()
                .flat_map(|(name, matchers)| [name.as_str(), matchers])
                .collect();
            let named = named.join(" ");
            let in_selectors = metric.find_iter(&named).count();
            let in_all = metric.find_iter(&expression.promql).count();
            assert_eq!(in_selectors, in_all, "{}", expression.promql);
        }
    }
}

#[test]
fn what_is_recorded_is_recorded_in_the_file_that_names_it() {
    let recorded = Regex::new(r"[a-z_]+:[a-z0-9_]+:[a-z0-9_]+").expect("a regex");
    for assets in servers::all() {
        let mut known: BTreeSet<(&str, String)> = BTreeSet::new();
        for (path, rule) in rules(assets) {
            if let Some(record) = rule["record"].as_str() {
                assert!(recorded.is_match(record), "{record}");
                assert!(known.insert((path, record.to_owned())), "{record} twice");
            }
        }
        let mut named = 0;
        for (path, rule) in rules(assets) {
            for found in recorded.find_iter(string(&rule["expr"])) {
                let found = (path, found.as_str().to_owned());
                assert!(known.contains(&found), "{found:?}");
                named += 1;
            }
        }
        assert!(named > 10);
    }
}

#[test]
fn texts_of_any_kind_are_read_back_as_they_were() {
    let spending = &servers::all()[3];
    let tests = yaml(spending, HOURS);
    let all: Vec<_> = list(&tests["tests"])
        .iter()
        .flat_map(|case| list(&case["input_series"]))
        .map(|input| string(&input["series"]))
        .collect();
    let quoted = r#"quoted="say \"hi\"\\ # : {{ $value }}""#;
    assert!(all.iter().any(|series| series.contains(quoted)));

    let odd = &servers::all()[2];
    let slow = rules(odd)
        .into_iter()
        .find(|(_, rule)| rule["labels"]["threshold"] == "0.001s")
        .expect("the rule for the tool with these buckets");
    let expression = string(&slow.1["expr"]);
    assert!(
        expression.contains(r#"tool_name=~"a/b\\.c""#),
        "{expression}"
    );
}

#[test]
fn token_spend_is_watched_where_a_tool_declares_tokens() {
    let watched = |assets| names(assets, "alert").contains(&"McpTokenSpike".to_owned());
    let all: Vec<_> = servers::all().iter().map(watched).collect();
    assert_eq!(all, [true, false, false, true]);
    let recorded = "job_tool:mcp_tool_tokens:increase1h".to_owned();
    let records = |assets| names(assets, "record").contains(&recorded);
    let all: Vec<_> = servers::all().iter().map(records).collect();
    assert_eq!(all, [true, false, false, true]);
}

#[test]
fn files_do_not_depend_on_the_order_of_the_tools() {
    let mut tools = servers::tools("servers::odd");
    let build = |tools| {
        let assets = Assets::builder("odd").tools(tools).build();
        assets.expect("tools").files().to_vec()
    };
    let files = build(tools.clone());
    tools.reverse();
    assert_eq!(build(tools), files);
}
