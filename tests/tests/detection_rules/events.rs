//! What events have, as their JSON Schema says.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::assets::text;

static PROPERTIES: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let schema = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../mcp-observe/schema/security-event-1.0.json"
    );
    let schema: Value = serde_json::from_str(&text(Path::new(schema))).expect("JSON");
    let properties = schema["properties"].as_object();
    properties.expect("the keys of events").clone()
});

/// Asserts that events have this key, and that it can have this value.
pub(crate) fn assert_field(field: &str, value: Option<&Value>, of: &str) {
    let Some(property) = PROPERTIES.get(field) else {
        panic!("{of}: events have no {field}");
    };
    let Some(value) = value else { return };
    // The elements of an array are what is compared.
    let schema = property.get("items").unwrap_or(property);
    let values = schema
        .get("enum")
        .cloned()
        .or_else(|| schema.get("const").map(|only| json!([only])));
    if let Some(values) = values {
        let values = values.as_array().expect("an enum's values").clone();
        assert!(values.contains(value), "{of}: {field} is never {value}");
    }
    let expected = schema["type"].as_str().unwrap_or("string");
    let right = match expected {
        "integer" | "number" => value.is_number(),
        "string" => value.is_string(),
        other => panic!("{field} is of type {other}"),
    };
    assert!(right, "{of}: {field} is a {expected}, and not {value}");
}
