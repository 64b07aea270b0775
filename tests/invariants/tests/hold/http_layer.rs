use mcp_observe_invariants::http_layer::hold;
use mcp_observe_invariants::texts;
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::input::{cases, object, text};

const KEYS: &[&str] = &[
    "jsonrpc",
    "id",
    "method",
    "params",
    "result",
    "error",
    "_meta",
    "code",
    "name",
    "traceparent",
];

/// A message, whole, cut off, or none.
fn body() -> impl Strategy<Value = String> {
    let method = prop_oneof![
        Just("tools/call".to_owned()),
        Just("ping".to_owned()),
        text()
    ];
    let asks = method.prop_map(|method| ("method", method));
    let answers = prop_oneof![Just("result"), Just("error")].prop_map(|key| (key, String::new()));
    let kind = prop_oneof![3 => asks.prop_map(Some), 1 => answers.prop_map(Some), 1 => Just(None)];
    let message = (object(KEYS), kind, object(KEYS));
    let message = message.prop_map(|(mut message, kind, meta): (Map<String, Value>, _, _)| {
        if let Some((key, value)) = kind {
            message.retain(|key, _| !matches!(&**key, "method" | "result" | "error"));
            message.insert(key.to_owned(), value.into());
        }
        message.insert("params".to_owned(), serde_json::json!({ "_meta": meta }));
        Value::from(message).to_string()
    });
    let cut = prop_oneof![2 => Just(usize::MAX), 1 => 0..300_usize];
    let cut = (message, cut).prop_map(|(message, at)| message.chars().take(at).collect());
    prop_oneof![3 => cut, 1 => text()]
}

fn headers() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "mcp-method",
        "mcp-session-id",
        "mcp-protocol-version",
        "traceparent",
        "tracestate",
        "content-type",
        "x",
    ]);
    prop::collection::vec((name, text()), 0..5).prop_map(|lines| {
        let line = |(name, value)| format!("{name}: {value}\n");
        lines.into_iter().map(line).collect()
    })
}

fn answer() -> impl Strategy<Value = String> {
    prop_oneof![
        (-33_000_i64..-31_000)
            .prop_map(|code| format!(r#"{{"jsonrpc":"2.0","error":{{"code":{code}}}}}"#)),
        (any::<i64>(), text()).prop_map(|(code, text)| format!(
            "data: {text}\r\n\r\ndata:{{\"jsonrpc\":\"2.0\",\"error\":{{\"code\":{code}}}}}\n\n"
        )),
        body(),
    ]
}

/// The bytes that choose: mostly a message, of which all is read.
fn choices() -> impl Strategy<Value = String> {
    let method = prop_oneof![4 => Just(0), 1 => 1..4_u8];
    let reads = prop_oneof![3 => Just(0), 1 => 1..9_u8];
    (method, 0..12_u8, 0..4_u8, 0..4_u8, reads).prop_map(|(method, status, kind, piece, reads)| {
        [method, status, kind, piece, reads]
            .map(char::from)
            .iter()
            .collect()
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn everything_passes_and_what_is_told_is_of_the_message(
        choices in choices(),
        (headers, body, answer) in (headers(), body(), answer()),
    ) {
        hold(&texts::write([&choices, &headers, &body, &answer]));
    }
}
