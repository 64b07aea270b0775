//! Prometheus: promtool finds the rules right, and that each fires when it should, and only then.

use std::process::Command;

use regex::Regex;

use crate::assets::{list, path, string, yaml};
use crate::emitted::Emitted;

/// Runs promtool in the directory of the rules. Where it is not installed, says so and does not.
fn promtool(arguments: &[&str]) {
    let output = Command::new("promtool")
        .args(arguments)
        .current_dir(path("prometheus"))
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: there is no promtool (Debian: in the package prometheus)");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complaint}");
}

#[test]
fn rules_are_well_formed() {
    promtool(&["check", "rules", "security-rules.yml"]);
}

#[test]
fn alerts_fire_when_they_should() {
    promtool(&["test", "rules", "security-rules.test.yml"]);
}

/// Each alert is expected at one time, and expected not to be at another.
#[test]
fn every_alert_is_tested_both_ways() {
    let rules = yaml(&path("prometheus/security-rules.yml"));
    let tests = yaml(&path("prometheus/security-rules.test.yml"));
    let expectations: Vec<_> = list(&tests[0]["tests"])
        .iter()
        .flat_map(|test| list(&test["alert_rule_test"]))
        .collect();
    for rule in list(&rules[0]["groups"])
        .iter()
        .flat_map(|it| list(&it["rules"]))
    {
        let Some(alert) = rule["alert"].as_str() else {
            continue;
        };
        let expected: Vec<_> = expectations
            .iter()
            .filter(|it| it["alertname"] == alert)
            .map(|it| !list(&it["exp_alerts"]).is_empty())
            .collect();
        assert!(
            expected.contains(&true) && expected.contains(&false),
            "{alert}"
        );
    }
}

#[test]
fn metrics_and_labels_are_those_that_are_emitted() {
    let emitted = Emitted::all();
    // Recorded ones have colons.
    let metric =
        Regex::new(r"(?:^|[^a-z0-9_:])(mcp_[a-z_]+)(?:\{([^}]*)\})?").expect("an expression");
    let by = Regex::new(r"by \(([^)]*)\)").expect("an expression");
    let matcher = Regex::new(r#"([a-z_]+)=~?"([^"]*)""#).expect("an expression");

    let documents = yaml(&path("prometheus/security-rules.yml"));
    for rule in list(&documents[0]["groups"])
        .iter()
        .flat_map(|it| list(&it["rules"]))
    {
        let query = string(&rule["expr"], "a query");
        let mut labels = vec!["job"];
        for found in metric.captures_iter(query) {
            let of = emitted.labels(&found[1]);
            let matchers = found.get(2).map_or("", |it| it.as_str());
            for matcher in matcher.captures_iter(matchers) {
                assert!(&matcher[1] == "job" || of.contains(&matcher[1]), "{query}");
            }
            labels.extend(of);
        }
        if query.contains("job_tool:") {
            labels.push("tool_name");
        }
        for found in by.captures_iter(query) {
            for label in found[1].split(", ") {
                assert!(labels.contains(&label), "{label}: {query}");
            }
        }
    }

    let tests = yaml(&path("prometheus/security-rules.test.yml"));
    for test in list(&tests[0]["tests"]) {
        for series in list(&test["input_series"]) {
            let series = string(&series["series"], "a series");
            let (name, matchers) = series.split_once('{').expect("labels");
            let of = emitted.labels(name);
            for matcher in matcher.captures_iter(matchers) {
                assert!(&matcher[1] == "job" || of.contains(&matcher[1]), "{series}");
            }
        }
    }
}
