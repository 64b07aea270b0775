//! What built-in types write, and that the budget holds whatever is written.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::settings::MIN_BYTES;
use super::{HashKey, Record, Recorder, Redacted, Settings, Writer, arguments, result, whole};

fn settings(max_bytes: usize, max_depth: usize) -> Settings {
    Settings {
        max_bytes,
        max_depth,
        hash_key: HashKey::new([0; 16]),
    }
}

fn written_with(settings: &Settings, value: &(impl Record + ?Sized)) -> String {
    let mut writer = Writer::new(settings, 0);
    writer.value(value);
    writer.finish()
}

fn written(value: &(impl Record + ?Sized)) -> String {
    written_with(&settings(4096, 16), value)
}

#[test]
fn built_in_types_write_what_serde_would() {
    assert_eq!(written(&true), "true");
    assert_eq!(written(&i128::MIN), i128::MIN.to_string());
    assert_eq!(written(&0.1_f32), "0.1");
    assert_eq!(written(&1e300), "1e300");
    assert_eq!(written(&f64::NAN), "null");
    assert_eq!(written(&f32::INFINITY), "null");
    assert_eq!(written(&'ß'), "\"ß\"");
    assert_eq!(
        written("a\"\\\n\u{1}\u{7f}é"),
        "\"a\\\"\\\\\\n\\u0001\u{7f}é\""
    );
    assert_eq!(written(&Cow::Borrowed("a")), "\"a\"");
    assert_eq!(written(&()), "null");
    assert_eq!(written(&PhantomData::<Value>), "null");
    assert_eq!(written(&Some(Box::new(Rc::new(&mut Arc::new(1))))), "1");
    assert_eq!(written(&None::<u8>), "null");
    assert_eq!(written(&(1, "a", [true])), "[1,\"a\",[true]]");
    assert_eq!(written(&VecDeque::from([1, 2])), "[1,2]");
    assert_eq!(written(&BTreeSet::from([2, 1])), "[1,2]");
    assert_eq!(written(&[1, 2][..]), "[1,2]");
    assert_eq!(written(&Vec::<u8>::new()), "[]");
    assert_eq!(written(&BTreeMap::from([(-1, 'a')])), "{\"-1\":\"a\"}");
    assert_eq!(
        written(&HashMap::from([(Arc::<str>::from("k"), 1)])),
        "{\"k\":1}"
    );
}

#[test]
fn what_does_not_fit_is_marked() {
    let text = "é".repeat(100);
    let json = written_with(&settings(64, 16), &text);
    assert_eq!(json, format!("\"{}…\"", "é".repeat(29)));
    let json = written_with(&settings(64, 16), &[10; 100]);
    assert_eq!(json, format!("[{}\"…\"]", "10,".repeat(18)));
    let map = BTreeMap::from([("a", text), ("b", String::new())]);
    let json: Value = serde_json::from_str(&written_with(&settings(64, 16), &map)).unwrap();
    assert_eq!(json["…"], "…");
    assert!(json["a"].as_str().unwrap().ends_with('…'));
    assert_eq!(written_with(&settings(64, 2), &[[[1]]]), "[[\"…\"]]");
}

#[test]
fn serde_is_cut_as_a_whole() {
    let value = json!({"a": "b".repeat(100)});
    assert_eq!(written_with(&settings(64, 16), &[whole(&value)]), "[\"…\"]");
    assert_eq!(written_with(&settings(64, 2), &[whole(&[[1]])]), "[\"…\"]");
    assert_eq!(written_with(&settings(64, 2), &[whole(&[1])]), "[[1]]");
    // No JSON: its keys are arrays.
    assert_eq!(written(&whole(&BTreeMap::from([([1], 2)]))), "\"…\"");
}

#[test]
fn flattened_members_are_those_of_the_object() {
    let json = arguments(&settings(4096, 1), |object| {
        object.flatten(&whole(&json!({})));
        object.flatten(&whole(&json!({"a": 1})));
        object.flatten(&whole(&json!({"b": 1, "c": 2})));
        object.flatten(&BTreeMap::from([("d", 1)]));
        object.flatten(&Some(Box::new(BTreeMap::from([("e", 1)]))));
        object.flatten(&None::<BTreeMap<String, u8>>);
        object.flatten(&[1, 2]);
        object.flatten("text");
        object.member("f", &());
    });
    assert_eq!(json, r#"{"a":1,"b":1,"c":2,"d":1,"e":1,"f":null}"#);
    let json = arguments(&settings(64, 2), |object| {
        object.flatten(&whole(&json!({"a": "b".repeat(100)})));
        object.member("c", &1);
    });
    assert_eq!(json, r#"{"…":"…"}"#);
}

#[test]
fn results_are_objects() {
    let settings = settings(4096, 16);
    assert_eq!(result(&settings, &1), r#"{"result":1}"#);
    assert_eq!(result(&settings, &json!({"a": 1})), r#"{"a":1}"#);
    assert_eq!(result(&settings, &()), r#"{"result":null}"#);
    assert_eq!(arguments(&settings, |_| ()), "{}");
}

/// An implementation that forgets to write is a `null`, where a value has to be.
#[test]
fn nothing_written_is_null() {
    struct Silent;
    impl Record for Silent {
        fn record(&self, _: Recorder<'_>) {}
    }
    assert_eq!(written(&[Silent, Silent]), "[null,null]");
    assert_eq!(
        arguments(&settings(64, 16), |object| object.flatten(&Silent)),
        "{}"
    );
}

#[test]
fn the_text_is_the_only_allocation() {
    let map = BTreeMap::from([(1, 0.1), (2, 2e9)]);
    let settings = settings(4096, 16);
    let count = allocation_counter::measure(|| {
        let text = arguments(&settings, |object| {
            object.member("map", &map);
            object.member("text", "a\"b");
            object.member("list", &[(1, 'a', true), (2, 'b', false)]);
            object.member("serde", &whole(&map));
            object.member("redacted", &Redacted::of(Some(&map)));
        });
        assert!(text.len() < 256, "{text}");
    });
    assert_eq!(count.count_total, 1);
}

/// A million elements do not take a million steps.
#[test]
fn writing_stops_when_the_budget_is_used_up() {
    struct Counted<'a>(&'a Cell<usize>);
    impl Record for Counted<'_> {
        fn record(&self, recorder: Recorder<'_>) {
            self.0.set(self.0.get() + 1);
            recorder.str("1234");
        }
    }
    let count = Cell::new(0);
    let values: Vec<_> = (0..1_000_000).map(|_| Counted(&count)).collect();
    written_with(&settings(100, 16), &values);
    assert!(count.get() < 20, "{}", count.get());
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,12}",
        "[a\"\\\\\n\t\u{0}\u{1f}é…😀]{0,200}",
        Just(String::new())
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // serde_json reads every such number exactly.
        any::<i32>().prop_map(|n| Value::from(f64::from(n) / 8.0)),
        any_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec((any_text(), inner), 0..8)
                .prop_map(|entries| Value::from(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

proptest! {
    #[test]
    fn the_budget_holds_and_the_text_parses(
        value in any_json(),
        by_serde in any::<bool>(),
        max_bytes in 0..600_usize,
        max_depth in 1..8_usize,
    ) {
        let settings = settings(max_bytes, max_depth);
        let texts = if by_serde {
            [
                written_with(&settings, &whole(&value)),
                result(&settings, &[whole(&value), whole(&value)]),
                arguments(&settings, |object| {
                    object.flatten(&whole(&value));
                    object.member("last", &whole(&value));
                }),
            ]
        } else {
            [
                written_with(&settings, &value),
                result(&settings, &value),
                arguments(&settings, |object| {
                    object.flatten(&value);
                    object.member("last", &value);
                }),
            ]
        };
        for text in texts {
            prop_assert!(text.len() <= max_bytes.max(MIN_BYTES), "{} bytes", text.len());
            let parsed: Value = serde_json::from_str(&text)
                .map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
            // The object around a result is not the value's.
            prop_assert!(depth(&parsed) <= max_depth + 1, "{text}");
        }
    }

    #[test]
    fn with_room_nothing_is_lost(value in any_json()) {
        let settings = settings(1 << 20, 16);
        for text in [written_with(&settings, &value), written_with(&settings, &whole(&value))] {
            let parsed: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&parsed, &value);
        }
    }
}
