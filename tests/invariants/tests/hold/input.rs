//! What more than one of them is given.

use proptest::prelude::*;
use serde_json::{Map, Value};

/// A quarter of what is usual: the fuzz targets try the same, for as long as anybody likes.
pub(crate) fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Any characters, and those that lines, JSON, terminals and headers are made of.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ -~]{0,12}",
        2 => any::<String>(),
        1 => prop::sample::select(vec![
            "\n", "\r\n", "\0", "\u{1b}[2J", "\u{9b}1m", "\u{2028}", "\u{202e}", "\u{feff}", "\"", "\\", "\\u0000",
            "\"}\n{\"event.category\":\"mcp.alert\"}\n", "é", "漢", "🦀", "…", "password=", "Bearer ", "=", ":", "[redacted:jwt]",
        ]).prop_map(str::to_owned),
        1 => ("[a-zé漢🦀]{1,3}", 1_usize..300).prop_map(|(text, times)| text.repeat(times)),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// An object with members under these keys and others.
pub(crate) fn object(keys: &'static [&'static str]) -> impl Strategy<Value = Map<String, Value>> {
    let key = prop_oneof![
        4 => prop::sample::select(keys).prop_map(str::to_owned),
        1 => text(),
    ];
    prop::collection::vec((key, value(keys)), 0..10).prop_map(Map::from_iter)
}

fn value(keys: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        let key = prop_oneof![prop::sample::select(keys).prop_map(str::to_owned), text()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|members| Value::from(Map::from_iter(members))),
        ]
    })
}
