//! What is recorded of a value is exactly what its declarations allow.
//!
//! The expectation does not come from the derive: it is the value as serde writes it, of which a
//! list of allowed paths leaves what may be seen. Whatever may not be holds a canary.

mod allowed;
mod family;

use mcp_observe::__private::{record_fields, recorded, recorded_arguments};
use mcp_observe::Record;
use proptest::prelude::*;
use rmcp::handler::server::wrapper::{Json, Parameters};
use rmcp::model::{CallToolResult, ContentBlock};
use serde::Serialize;
use serde_json::{Value, json};

use allowed::{Allowed, hashes_blanked};
use family::{CANARY, Order};

const PLENTY: usize = 1 << 20;

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

proptest! {
    #[test]
    fn exactly_what_is_declared_is_recorded(order in Order::any()) {
        let text = recorded(&order, PLENTY);
        let whole = serde_json::to_value(&order).unwrap();
        prop_assert_eq!(hashes_blanked(parsed(&text)), Allowed(family::ALLOWED).of(&whole));
        prop_assert!(!text.contains(CANARY), "{}", text);
    }

    #[test]
    fn no_budget_lets_anything_else_out(order in Order::any(), max_bytes in 64..2000_usize) {
        let text = recorded(&order, max_bytes);
        prop_assert!(text.len() <= max_bytes);
        prop_assert!(parsed(&text).is_object());
        prop_assert!(!text.contains(CANARY), "{}", text);
    }

    #[test]
    fn arguments_of_rmcp_are_the_fields(order in Order::any()) {
        let (expected, parameters) = (recorded(&order, 4096), Parameters(order));
        let text = recorded_arguments(|object| record_fields!(object, &parameters));
        if expected.len() < 4000 {
            prop_assert_eq!(text, expected);
        }
    }
}

#[test]
fn parameters_that_say_nothing_are_not_recorded() {
    #[derive(Serialize)]
    struct Silent {
        a: &'static str,
    }
    let parameters = Parameters(Silent { a: CANARY });
    let text = recorded_arguments(|object| {
        record_fields!(object, &parameters);
        object.member("b", &1);
    });
    assert_eq!(text, r#"{"b":1}"#);
}

#[test]
fn results_of_rmcp_are_recorded() {
    assert_eq!(recorded(&Json([1, 2]), PLENTY), r#"{"result":[1,2]}"#);
    let result = CallToolResult::success(vec![ContentBlock::text("sunny")]);
    assert_eq!(
        parsed(&recorded(&result, PLENTY)),
        serde_json::to_value(&result).unwrap()
    );
}

/// Where the two directions of serde differ, the caller's counts.
#[test]
fn names_are_those_of_deserialisation() {
    #[derive(Record, Serialize)]
    #[serde(
        rename(serialize = "x", deserialize = "Y"),
        rename_all(serialize = "camelCase", deserialize = "SCREAMING-KEBAB-CASE")
    )]
    #[serde(tag = "type")]
    struct Names {
        #[record]
        first_name: u8,
        #[record]
        #[serde(rename(serialize = "c", deserialize = "d"), alias = "e")]
        last_name: u8,
        #[record]
        #[serde(rename(serialize = "only"))]
        middle_name: u8,
        #[serde(skip_deserializing)]
        computed: u8,
        #[record]
        #[serde(skip_serializing)]
        sent: u8,
    }
    let names = Names {
        first_name: 1,
        last_name: 2,
        middle_name: 3,
        computed: 4,
        sent: 5,
    };
    assert_eq!(names.computed, 4);
    assert_eq!(
        parsed(&recorded(&names, PLENTY)),
        json!({"type": "Y", "FIRST-NAME": 1, "d": 2, "MIDDLE-NAME": 3, "SENT": 5})
    );
}

/// The name of a unit variant that is flattened is a member, as serde reads it.
#[test]
fn flattened_enums() {
    #[derive(Record, Serialize)]
    enum Unit {
        First,
        Second(#[record] u8),
    }
    #[derive(Record, Serialize)]
    struct Outer {
        #[record]
        #[serde(flatten)]
        inner: Unit,
        #[record]
        #[serde(flatten)]
        optional: Option<Box<Unit>>,
    }
    for (inner, optional) in [
        (Unit::First, None),
        (Unit::Second(2), Some(Box::new(Unit::First))),
    ] {
        let outer = Outer { inner, optional };
        assert_eq!(
            parsed(&recorded(&outer, PLENTY)),
            serde_json::to_value(&outer).unwrap()
        );
    }
}

/// A short value is not given away by its last characters.
#[test]
fn last_characters_are_kept_of_long_values_only() {
    #[derive(Record)]
    struct Numbers<T> {
        #[redact(keep_last = 4)]
        number: T,
    }
    let of = |number: &str| parsed(&recorded(&Numbers { number }, PLENTY))["number"].clone();
    assert_eq!(of(""), "[redacted]");
    assert_eq!(of("1234567"), "[redacted]");
    assert_eq!(of("12345678"), "[redacted]5678");
    assert_eq!(of("äöüßäöü\""), "[redacted]äöü\"");
    let number = 1_234_567_890_u64;
    let text = recorded(&Numbers { number }, PLENTY);
    assert_eq!(text, r#"{"number":"[redacted]7890"}"#);
}

#[test]
fn hashes_tell_equal_values_and_nothing_else() {
    #[derive(Record)]
    struct Hashes<'a> {
        #[redact(hash)]
        text: &'a str,
        #[redact(hash)]
        owned: Option<String>,
        #[redact(hash)]
        list: Vec<u8>,
        #[redact(hash)]
        none: Option<u8>,
    }
    let of = |text: &str| {
        let owned = Some(text.to_owned());
        let (list, none) = (text.as_bytes().to_vec(), None);
        parsed(&recorded(
            &Hashes {
                text,
                owned,
                list,
                none,
            },
            PLENTY,
        ))
    };
    let (a, b) = (of("a"), of("b"));
    assert_eq!(a["text"], a["owned"]);
    assert_ne!(a["text"], b["text"]);
    assert_ne!(a["list"], b["list"]);
    assert_eq!(a["none"], Value::Null);
    assert_eq!(a["text"].as_str().unwrap().len(), "[hash:]".len() + 32);
}
