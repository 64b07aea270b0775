//! What the redaction processor does with attributes, as its sources have it.

use regex::Regex;
use serde_json::{Value, json};

use super::{collector_text, re2};
use crate::deploy::{collector, list, text};

const MASK: &str = "****";

/// The processor as it is configured.
#[derive(Debug)]
pub(crate) struct Redaction {
    ignored_keys: Vec<String>,
    blocked_keys: Vec<Regex>,
    blocked_values: Vec<Regex>,
}

impl Redaction {
    pub(crate) fn configured() -> Self {
        let configuration = &collector("collector/config.yaml")["processors"]["redaction/names"];
        assert_eq!(configuration["allow_all_keys"].as_bool(), Some(true));
        assert_eq!(configuration["redact_all_types"].as_bool(), Some(true));
        let texts = |key: &str| {
            let texts = list(&configuration[key]).iter().map(text);
            texts.map(collector_text).collect::<Vec<_>>()
        };
        let patterns = |key: &str| texts(key).iter().map(|it| re2(it)).collect();
        Self {
            ignored_keys: texts("ignored_keys"),
            blocked_keys: patterns("blocked_key_patterns"),
            blocked_values: patterns("blocked_values"),
        }
    }

    pub(crate) fn process(&self, attributes: &mut Value) {
        for (key, value) in attributes.as_object_mut().expect("a map") {
            if self.ignored_keys.contains(key) {
                continue;
            }
            if self.blocked_keys.iter().any(|it| it.is_match(key)) {
                *value = json!(MASK);
                continue;
            }
            // What is no text is looked at as the JSON that it is.
            let before = match &*value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let masked = self.blocked_values.iter().fold(before.clone(), |text, it| {
                it.replace_all(&text, MASK).into_owned()
            });
            if masked != before {
                *value = json!(masked);
            }
        }
    }
}
