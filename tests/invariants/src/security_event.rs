//! What a line of the security log must be.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Value};

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let schema = include_str!("../../../mcp-observe/schema/security-event-1.0.json");
    let schema = serde_json::from_str(schema).expect("the schema is JSON");
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("the schema is one")
});

/// The event of a line.
///
/// # Panics
/// If the line is not as the schema that is shipped has it.
#[must_use]
#[track_caller]
pub fn event(line: &str) -> Map<String, Value> {
    let event: Value = serde_json::from_str(line).expect("the line is JSON");
    let errors: Vec<String> = SCHEMA
        .iter_errors(&event)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?} in {line}");
    match event {
        Value::Object(event) => event,
        other => panic!("no object: {other}"),
    }
}

/// The events of all lines; the last one must be whole as well.
///
/// # Panics
/// If one is not as the schema has it.
#[must_use]
#[track_caller]
pub fn events(lines: &str) -> Vec<Map<String, Value>> {
    assert!(lines.is_empty() || lines.ends_with('\n'), "{lines}");
    lines.lines().map(event).collect()
}
