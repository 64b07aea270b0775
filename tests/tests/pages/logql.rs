//! Loki's fields are those of records: keys of security events, and what lines of code have.

use mcp_observe_tests::pages::Page;
use regex::Regex;
use serde_json::Value;

use crate::fields::of_pages;

/// What Loki itself makes of a record, and `mcp-observe` adds to a line of code.
const OF_RECORDS: [&str; 3] = ["service_name", "severity_text", "gen_ai_tool_name"];

fn schema() -> Value {
    let page = Page::read("mcp-observe/schema/security-event-1.0.json");
    serde_json::from_str(&page.text).expect("JSON")
}

#[test]
fn fields_are_of_records() {
    let schema = schema();
    let keys = schema["properties"].as_object().expect("keys");
    let of_line = Regex::new(r#""([a-z_.]+)\\?":"#).expect("an expression");
    for (query, read) in of_pages("logql") {
        for field in read.fields {
            if OF_RECORDS.contains(&field.name.as_str()) {
                continue;
            }
            let mut found = keys
                .iter()
                .filter(|(key, _)| key.replace('.', "_") == field.name);
            let Some((_, property)) = found.next() else {
                panic!("no record has {}: {query}", field.name);
            };
            // That it is not there can be asked of any.
            if let (Some(values), Some(value)) = (property.get("enum"), &field.equals)
                && !value.is_empty()
            {
                let values = values.as_array().expect("an enum's values");
                assert!(
                    values.contains(&value.as_str().into()),
                    "{} is never {value}: {query}",
                    field.name
                );
            }
        }
        for found in of_line.captures_iter(&query) {
            assert!(keys.contains_key(&found[1]), "{}: {query}", &found[1]);
        }
    }
}
