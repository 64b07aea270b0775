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
    let message = (object(KEYS), prop::option::of(method), object(KEYS));
    let message = message.prop_map(|(mut message, method, meta): (Map<String, Value>, _, _)| {
        message.extend(method.map(|method| ("method".to_owned(), method.into())));
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

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn everything_passes_and_what_is_told_is_of_the_message(
        choices in prop::array::uniform5(0_u8..128),
        (headers, body, answer) in (headers(), body(), answer()),
    ) {
        let choices = std::str::from_utf8(&choices).expect("ASCII");
        hold(&texts::write([choices, &headers, &body, &answer]));
    }
}
