//! Datadog: the API's own model knows everything in the payloads, and their queries ask for what events
//! have.

use mcp_observe_tests::runtimes::Python;
use regex::Regex;
use serde_json::Value;

use crate::assets::{files, stem, text};
use crate::events::assert_field;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/detection_rules/datadog.py");

#[test]
fn the_apis_model_knows_every_key_and_value() {
    let python = Python::for_detection_rules(env!("CARGO_TARGET_TMPDIR"));
    let output = python
        .script(SCRIPT)
        .args(files("datadog", "json"))
        .output()
        .expect("it starts");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
}

#[test]
fn attributes_are_keys_of_events() {
    // Groups, templates and terms of queries: `@mcp.tool.name`, `@status:error`, `@http.status:(401 OR 403)`.
    let attribute =
        Regex::new(r"@([a-z_.]+[a-z])(?::(\([^)]*\)|[^\s)]+))?").expect("an expression");
    for file in files("datadog", "json") {
        let text = text(&file);
        let of = stem(&file);
        let mut any = false;
        let payload: Value = serde_json::from_str(&text).expect("JSON");
        for text in texts(&payload) {
            for found in attribute.captures_iter(text) {
                any = true;
                let field = &found[1];
                assert_field(field, None, of);
                let values = found.get(2).map_or("", |it| it.as_str());
                for value in values.trim_matches(['(', ')']).split(" OR ") {
                    match value {
                        "" | "*" => {}
                        value => {
                            let value = value
                                .parse()
                                .map_or_else(|_| value.into(), |it: u16| it.into());
                            assert_field(field, Some(&value), of);
                        }
                    }
                }
            }
        }
        assert!(any, "{of} asks for nothing");
    }
}

/// All texts in a document.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(values) => values.values().flat_map(texts).collect(),
        _ => vec![],
    }
}

#[test]
fn conditions_are_of_queries_and_steps_that_are_there() {
    let name = Regex::new("[a-z]+").expect("an expression");
    for file in files("datadog", "json") {
        let payload: Value = serde_json::from_str(&text(&file)).expect("JSON");
        let names = |of: &Value| -> Vec<String> {
            let named = of.as_array().into_iter().flatten().enumerate();
            named
                .map(|(index, it)| match it["name"].as_str() {
                    // What has no name is `a`, `b` and so on.
                    None | Some("") => {
                        char::from(b'a' + u8::try_from(index).expect("few")).to_string()
                    }
                    Some(name) => name.to_owned(),
                })
                .collect()
        };
        let queries = names(&payload["queries"]);
        let sequence = &payload["options"]["sequenceDetectionOptions"];
        let steps = names(&sequence["steps"]);
        let assert_known = |condition: &Value, known: &[String]| {
            let condition = condition.as_str().expect("a condition");
            for name in name.find_iter(condition) {
                let known = known.iter().any(|it| it == name.as_str());
                assert!(known, "{}: {condition}", file.display());
            }
        };
        for step in sequence["steps"].as_array().into_iter().flatten() {
            assert_known(&step["condition"], &queries);
        }
        for transition in sequence["stepTransitions"].as_array().into_iter().flatten() {
            assert_known(&transition["parent"], &steps);
            assert_known(&transition["child"], &steps);
        }
        for case in payload["cases"].as_array().expect("cases") {
            assert_known(
                &case["condition"],
                if steps.is_empty() { &queries } else { &steps },
            );
        }
    }
}
