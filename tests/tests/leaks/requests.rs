//! What a caller says of itself, of its context, and to tools, with secrets in all of it.

use mcp_observe_tests::wire::request;
use serde_json::{Value, json};

use super::canary::{canary, hostile};
use super::sinks::trace_state;

const CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// The request to initialise, with all that a client says of itself.
pub(crate) fn initializing(version: &str, place: &str) -> Value {
    let of = |part: &str| hostile(&format!("{place}-{part}"));
    let params = json!({
        "protocolVersion": version,
        "capabilities": {
            "experimental": { of("capability"): { "a": of("capability-value") } },
            "extensions": { "io.modelcontextprotocol/tasks": {}, of("extension"): {} },
        },
        "clientInfo": {
            "name": of("client-name"),
            "version": of("client-version"),
            "title": of("client-title"),
            "websiteUrl": of("client-website"),
        },
        of("member"): of("member-value"),
        "_meta": { of("meta-key"): of("meta-value") },
    });
    request(0, "initialize", &params)
}

/// What a caller may put into `_meta`. With the last one, rmcp refuses the request.
pub(crate) fn meta(place: &str) -> Vec<Value> {
    let of = |part: &str| canary(&format!("{place}-{part}"));
    let hostile = |part: &str| hostile(&format!("{place}-{part}"));
    vec![
        json!({
            "traceparent": CALLER,
            "tracestate": trace_state(&canary("tracestate")),
            "baggage": format!("other={},{}=1", of("baggage"), of("baggage-key")),
            hostile("key"): hostile("value"),
            "io.modelcontextprotocol/clientInfo": { "name": hostile("client") },
        }),
        json!({ "traceparent": of("traceparent"), "tracestate": of("tracestate-alone") }),
        json!({ "traceparent": format!("{CALLER}-{}", of("traceparent-tail")) }),
        json!({ "traceparent": CALLER, "tracestate": hostile("tracestate-malformed") }),
        json!({ "traceparent": CALLER, "baggage": format!("tenant={}", of("baggage-allowed")) }),
        // Entries that are none.
        json!({ "traceparent": CALLER, "baggage": of("baggage-no-value") }),
        json!({ "traceparent": CALLER, "baggage": format!("a=%FF{}", of("baggage-no-text")) }),
        json!({ "traceparent": CALLER, "baggage": hostile("baggage-hostile") }),
        json!({ "traceparent": CALLER, "baggage": format!("a={}", of("baggage-long").repeat(500)) }),
        json!({ "traceparent": { hostile("traceparent-object"): hostile("traceparent-value") } }),
        json!({ "progressToken": hostile("progress-token") }),
        json!({ "io.modelcontextprotocol/protocolVersion": hostile("version") }),
    ]
}

/// The tools and the arguments that they are called with.
pub(crate) fn tool_calls() -> Vec<(&'static str, Value)> {
    let nested = |shown: &str, secret: &str| json!({ "shown": shown, "secret": hostile(secret) });
    let kept = format!("{}4321", canary("kept"));
    let shown = hostile("declared-nested");
    let choice = hostile("declared-choice");
    let hidden_key = hostile("hidden-map-key");
    let declared = json!({
        "shown": hostile("declared"),
        "undeclared": hostile("undeclared"),
        "redacted": hostile("redacted"),
        "redacted_option": hostile("redacted-option"),
        "hashed": hostile("hashed"),
        "hashed_list": [hostile("hashed-list")],
        "kept": kept,
        "nested": nested(&shown, "nested"),
        "list": [nested("", "list")],
        "map": { "key": nested("", "map") },
        "choices": [
            { "fields": nested(&choice, "choice-fields") },
            { "tuple": hostile("choice-tuple") },
            { "both": [hostile("choice-redacted"), hostile("choice-undeclared")] },
        ],
        "hidden_map": { hidden_key: [hostile("hidden-map-value")] },
        "hidden_choice": { "tuple": hostile("hidden-choice") },
        hostile("extra-name"): hostile("extra-value"),
    });
    let strict = |count: Value, unit: Value| json!({ "count": count, "unit": unit });
    let text = |text: String| json!({ "text": text });
    let mut calls = vec![
        ("declares", declared),
        // serde quotes what it cannot read.
        (
            "strict",
            strict(json!(hostile("wrong-type")), json!("celsius")),
        ),
        (
            "strict",
            strict(json!(1), json!(hostile("unknown-variant"))),
        ),
        (
            "strict",
            strict(
                json!(1),
                json!({ hostile("variant-key"): hostile("variant-value") }),
            ),
        ),
        (
            "strict",
            strict(json!([hostile("wrong-type-in-list")]), json!("celsius")),
        ),
        (
            "strict",
            json!({ "count": 1, "unit": "celsius", hostile("unknown-field"): hostile("unknown-value") }),
        ),
        (
            "strict",
            json!({ "count": 1, "unit": "celsius", "refused": hostile("refused") }),
        ),
        ("strict", json!({ hostile("missing-fields"): 1 })),
        (
            "declares",
            json!({ "shown": 1, "undeclared": hostile("incomplete") }),
        ),
        // The first two values of the label are shown; no others, nor any that are not fit.
        ("labelled", text(hostile("label-hostile"))),
        ("labelled", text(canary("label-long").repeat(9))),
        ("labelled", text(format!("{}\n", canary("label-line")))),
        ("labelled", text("red".to_owned())),
        ("labelled", text("blue".to_owned())),
        ("labelled", text(canary("label-late"))),
        ("echoes", text(hostile("echoed"))),
        ("of_string", text(hostile("failing-argument"))),
        ("panics", text(hostile("panicking-argument"))),
        ("without_attribute", text(hostile("no-attribute"))),
    ];
    for tool in [
        "in_band",
        "of_class",
        "of_source",
        "of_request",
        "blames",
        "panics_openly",
        "interim",
        "scrubbed",
        "scrubbed_class",
        "scrubbed_in_band",
        "scrubbed_request",
    ] {
        calls.push((
            tool,
            json!({ hostile("argument-of-none"): hostile("value-of-none") }),
        ));
    }
    calls
}
