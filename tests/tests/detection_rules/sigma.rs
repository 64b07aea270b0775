//! Sigma: pySigma finds nothing wrong with the rules, and they select what events have.

use mcp_observe_tests::runtimes::Python;
use serde_json::Value;

use crate::assets::{files, list, path, stem, string, yaml};
use crate::events::assert_field;

/// These two download the matrices of MITRE; the form of tags is checked below.
const NOT_OFFLINE: [&str; 2] = ["attacktag", "d3_fendtag"];

#[test]
fn sigma_cli_finds_nothing_wrong() {
    let python = Python::for_detection_rules(env!("CARGO_TARGET_TMPDIR"));
    let mut check = python.module("sigma.cli.main");
    check.args(["check", "--fail-on-error", "--fail-on-issues"]);
    for validator in NOT_OFFLINE {
        check.args(["--exclude", validator]);
    }
    let output = check.arg(path("sigma")).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complaint}");
}

#[test]
fn selections_and_groups_are_of_events() {
    for file in files("sigma", "yml") {
        for document in yaml(&file) {
            let of = format!("{}: {}", stem(&file), document["title"]);
            if let Some(detection) = document["detection"].as_object() {
                assert_eq!(document["logsource"]["product"], "mcp", "{of}");
                assert_eq!(document["logsource"]["service"], "mcp-observe", "{of}");
                for (_, selection) in detection.iter().filter(|(name, _)| *name != "condition") {
                    assert_selection(selection, &of);
                }
            } else {
                let correlation = &document["correlation"];
                for field in list(&correlation["group-by"]) {
                    assert_field(string(field, &of), None, &of);
                }
                if let Some(field) = correlation["condition"]["field"].as_str() {
                    assert_field(field, None, &of);
                }
            }
        }
    }
}

fn assert_selection(selection: &Value, of: &str) {
    for (key, value) in selection.as_object().expect("a map of fields") {
        let (field, modifier) = key.split_once('|').unwrap_or((key, ""));
        let values = value
            .as_array()
            .map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values {
            match modifier {
                "" => assert_field(field, Some(value), of),
                "exists" => assert!(value.is_boolean(), "{of}: {key}"),
                "hour" => assert!(
                    field == "timestamp" && value.as_u64() < Some(24),
                    "{of}: {key}"
                ),
                other => panic!("{of}: nothing of ours needs {other}"),
            }
        }
        assert_field(field, None, of);
    }
}

#[test]
fn what_alerts_is_described() {
    for file in files("sigma", "yml") {
        let documents = yaml(&file);
        let is_alert = |it: &&Value| it["level"] != "informational";
        let mut alerts = documents.iter().filter(is_alert).peekable();
        assert!(alerts.peek().is_some(), "{file:?} alerts");
        for alert in alerts {
            for key in [
                "description",
                "references",
                "falsepositives",
                "tags",
                "author",
                "date",
            ] {
                assert!(
                    !alert[key].is_null(),
                    "{file:?}: {} has no {key}",
                    alert["title"]
                );
            }
            for tag in list(&alert["tags"]) {
                let tag = string(tag, "a tag")
                    .strip_prefix("attack.")
                    .expect("a tag of ATT&CK");
                let technique = tag
                    .strip_prefix('t')
                    .is_some_and(|it| it.chars().all(|it| it.is_ascii_digit() || it == '.'));
                let tactic = tag.chars().all(|it| it.is_ascii_lowercase() || it == '-');
                assert!(technique || tactic, "{file:?}: attack.{tag}");
            }
        }
    }
}
