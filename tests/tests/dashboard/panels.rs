//! The panels of a dashboard's JSON.

use std::slice;

use serde_json::Value;

/// The elements on the top level: rows, and the panels of those that are open.
pub(crate) fn elements(dashboard: &Value) -> &[Value] {
    list(&dashboard["panels"])
}

/// All panels, those in folded rows among them, without the rows.
pub(crate) fn panels(dashboard: &Value) -> Vec<&Value> {
    elements(dashboard)
        .iter()
        .flat_map(|element| {
            if is_row(element) {
                list(&element["panels"])
            } else {
                slice::from_ref(element)
            }
        })
        .collect()
}

/// The panel of that title.
pub(crate) fn panel<'a>(dashboard: &'a Value, title: &str) -> &'a Value {
    let found = panels(dashboard)
        .into_iter()
        .find(|panel| panel["title"] == title);
    found.unwrap_or_else(|| panic!("there is no panel {title}"))
}

pub(crate) fn is_row(element: &Value) -> bool {
    element["type"] == "row"
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub(crate) fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
}

/// All texts below a value.
pub(crate) fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(values) => values.values().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => vec![],
    }
}
