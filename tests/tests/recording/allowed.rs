//! The oracle: what a list of allowed paths leaves of a JSON value.

use serde_json::{Map, Value};

/// What may be seen at a path.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Seen {
    /// Everything below.
    Whole,
    /// A string, such as a unit variant's name; of anything else what other paths allow.
    Name,
    /// An object, of whose members only what other paths allow.
    Object,
    /// Nothing, but that something is there.
    Null,
    Redacted,
    Hash,
    Last(usize),
}

/// Paths with `/` between keys and indices; `*` is any of them.
pub(crate) struct Allowed(pub(crate) &'static [(&'static str, Seen)]);

const HASH: &str = "[hash]";

impl Allowed {
    pub(crate) fn of(&self, value: &Value) -> Value {
        self.at(&mut Vec::new(), value).unwrap_or(Value::Null)
    }

    fn at(&self, path: &mut Vec<String>, value: &Value) -> Option<Value> {
        let rules = || self.0.iter().filter(|(rule, _)| begins(rule, path));
        let exact = rules().find(|(rule, _)| rule.split('/').count() == path.len());
        match exact.map(|(_, seen)| *seen) {
            Some(Seen::Whole) => return Some(value.clone()),
            Some(Seen::Null) => return Some(Value::Null),
            Some(Seen::Redacted | Seen::Hash | Seen::Last(_)) if value.is_null() => {
                return Some(Value::Null);
            }
            Some(Seen::Redacted) => return Some("[redacted]".into()),
            Some(Seen::Hash) => return Some(HASH.into()),
            Some(Seen::Last(n)) => return Some(last(value, n)),
            Some(Seen::Name) if value.is_string() => return Some(value.clone()),
            Some(Seen::Name | Seen::Object) => {}
            None => {
                rules().next()?;
            }
        }
        match value {
            Value::Object(members) => {
                let mut seen = Map::new();
                for (key, member) in members {
                    path.push(key.clone());
                    seen.extend(self.at(path, member).map(|member| (key.clone(), member)));
                    path.pop();
                }
                Some(seen.into())
            }
            Value::Array(elements) => {
                let mut seen = Vec::new();
                for (index, element) in elements.iter().enumerate() {
                    path.push(index.to_string());
                    seen.push(self.at(path, element).unwrap_or_default());
                    path.pop();
                }
                Some(seen.into())
            }
            Value::Null => Some(Value::Null),
            _ => None,
        }
    }
}

/// Whether the rule is of the path, or of one below it.
fn begins(rule: &str, path: &[String]) -> bool {
    let mut steps = rule.split('/');
    path.iter()
        .all(|step| steps.next().is_some_and(|rule| rule == "*" || rule == step))
}

fn last(value: &Value, n: usize) -> Value {
    let text: Vec<char> = value.as_str().expect("a text").chars().collect();
    let kept = if text.len() < 2 * n { 0 } else { n };
    let kept: String = text[text.len() - kept..].iter().collect();
    format!("[redacted]{kept}").into()
}

/// The value with every hash as the oracle has it, which cannot compute one.
pub(crate) fn hashes_blanked(value: Value) -> Value {
    match value {
        Value::String(text) => {
            let digits = text
                .strip_prefix("[hash:")
                .and_then(|rest| rest.strip_suffix(']'));
            let is_hash =
                digits.is_some_and(|d| d.len() == 32 && d.bytes().all(|b| b.is_ascii_hexdigit()));
            if is_hash { HASH.into() } else { text.into() }
        }
        Value::Array(elements) => elements.into_iter().map(hashes_blanked).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(key, member)| (key, hashes_blanked(member)))
            .collect(),
        other => other,
    }
}
