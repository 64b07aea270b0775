//! The files of `deploy/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use yaml_serde::Value;

pub(crate) fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../deploy")
        .join(file)
}

pub(crate) fn yaml(file: &str) -> Value {
    let text = fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let value: Value =
        yaml_serde::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    merged(value)
}

/// The configuration of a Collector: what it has of all the files that it is given.
pub(crate) fn collector(file: &str) -> Value {
    let mut configuration = yaml(file);
    if file == "collector/config.yaml" {
        let masking = yaml("collector/masking.yaml");
        assert_eq!(keys(&masking), ["processors"]);
        for (id, processor) in entries(&masking["processors"]) {
            let processors = configuration["processors"].as_mapping_mut();
            let before = processors
                .expect("a mapping")
                .insert(id.into(), processor.clone());
            assert!(before.is_none(), "{id} is in both");
        }
    }
    configuration
}

/// With the keys that `<<` brings from elsewhere.
fn merged(mut value: Value) -> Value {
    value.apply_merge().expect("`<<` has mappings");
    value
}

pub(crate) fn list(value: &Value) -> &[Value] {
    let list = value.as_sequence();
    list.unwrap_or_else(|| panic!("no list: {value:?}"))
}

pub(crate) fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value:?}"))
}

pub(crate) fn entries(value: &Value) -> Vec<(&str, &Value)> {
    let mapping = value.as_mapping();
    let mapping = mapping.unwrap_or_else(|| panic!("no mapping: {value:?}"));
    mapping
        .iter()
        .map(|(key, value)| (text(key), value))
        .collect()
}

pub(crate) fn keys(value: &Value) -> Vec<&str> {
    entries(value).into_iter().map(|(key, _)| key).collect()
}

/// All texts in it.
pub(crate) fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Sequence(values) => values.iter().flat_map(texts).collect(),
        Value::Mapping(mapping) => mapping.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Runs a program in `deploy/`. Where it is not installed, says so and does not.
pub(crate) fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(path(""))
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: there is no {program}");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {said}{complaint}");
}
