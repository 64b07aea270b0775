//! Blocks of data: each is read, and is of the form that it is for.

use std::collections::BTreeSet;

use mcp_observe_detect::{Config, Event};
use mcp_observe_tests::pages::{Page, pages};
use rsigma_parser::parse_sigma_yaml;
use serde_json::Value;
use toml::Table;

/// Every block of a language, with the page that it is on.
fn blocks(language: &str) -> Vec<(String, String)> {
    let of_page = |page: Page| {
        let blocks = page.blocks_in(language);
        let name = page.name;
        blocks.into_iter().map(move |block| (name.clone(), block))
    };
    let blocks: Vec<_> = pages().into_iter().flat_map(of_page).collect();
    assert!(!blocks.is_empty(), "no {language}");
    blocks
}

fn schema(name: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&Page::read(name).text).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

/// TOML is the dependency, with features that there are, or settings of the detection.
#[test]
fn toml() {
    let manifest: Table = toml::from_str(&Page::read("mcp-observe/Cargo.toml").text).expect("TOML");
    let known: BTreeSet<_> = manifest["features"]
        .as_table()
        .expect("it has")
        .keys()
        .collect();
    for (page, block) in blocks("toml") {
        let table: Table =
            toml::from_str(&block).unwrap_or_else(|error| panic!("{page}: {error}\n{block}"));
        let dependencies = table.get("dependencies").and_then(toml::Value::as_table);
        let dependencies = dependencies.unwrap_or(&table);
        if let Some(dependency) = dependencies.get("mcp-observe") {
            let version = dependency.get("version").unwrap_or(dependency);
            let version = version.as_str().expect("a version");
            assert!(
                env!("CARGO_PKG_VERSION").starts_with(version),
                "{page}: {version}"
            );
            let features = dependency.get("features");
            let features = features.and_then(toml::Value::as_array);
            for feature in features.into_iter().flatten() {
                let feature = feature.as_str().expect("a name").to_owned();
                assert!(known.contains(&feature), "{page}: no feature is {feature}");
            }
        } else if let Err(error) = Config::from_toml(&block) {
            panic!("{page}: neither a dependency nor settings of the detection: {error}\n{block}");
        }
    }
}

/// Lines of JSON: security events and alerts are of their schemas.
#[test]
fn json() {
    let event = schema("mcp-observe/schema/security-event-1.0.json");
    let alert = schema("mcp-observe-detect/schema/alert-1.0.json");
    let mut seen = (0, 0);
    for (page, block) in blocks("json") {
        for line in block.lines() {
            let value: Value = serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("{page}: {error}: {line}"));
            match value["event.category"].as_str() {
                None => {}
                Some("mcp.alert") => {
                    let mut value = value.clone();
                    // A rule of the reader's own has an id of its own.
                    if value["rule.id"] == "moved-session" {
                        value["rule.id"] = "read-then-send".into();
                    }
                    assert!(alert.is_valid(&value), "{page}: no alert: {line}");
                    seen.0 += 1;
                }
                Some(_) => {
                    assert!(event.is_valid(&value), "{page}: no security event: {line}");
                    assert!(Event::parse(line.as_bytes()).is_ok(), "{page}: {line}");
                    seen.1 += 1;
                }
            }
        }
    }
    assert!(seen.0 >= 2 && seen.1 >= 3, "{seen:?}");
}

/// YAML, of one document or of several; those of Sigma's are read by an engine of it.
#[test]
fn yaml() {
    let mut seen = 0;
    for (page, block) in blocks("yaml") {
        for document in block.split("\n---\n") {
            let document: Value = yaml_serde::from_str(document)
                .unwrap_or_else(|error| panic!("{page}: {error}\n{block}"));
            assert!(document.is_object(), "{page}: {document}");
            seen += usize::from(!document["correlation"].is_null());
        }
        if block.contains("\nlogsource:") {
            let read = parse_sigma_yaml(&block).unwrap_or_else(|error| panic!("{page}: {error}"));
            assert!(read.errors.is_empty(), "{page}: {:?}", read.errors);
            assert!(!read.rules.is_empty(), "{page}: {block}");
        }
    }
    assert!(seen > 0, "no correlation was looked at");
}
