//! What the Collector masks: the statements in its configuration, evaluated on spans and log records that
//! have the scrubber's own cases in them.

mod ottl;
mod redaction;

#[path = "../../../../mcp-observe/src/scrub/tests/cases.rs"]
mod cases;

use regex::Regex;
use serde_json::{Value, json};

use crate::deploy::{collector, list, text};
use cases::{MASKED_ALL_THE_SAME, NEGATIVES, POSITIVES};
use ottl::Statement;
use redaction::Redaction;

/// The Collector reads `$$` as `$`.
fn collector_text(text: &str) -> String {
    assert!(!text.replace("$$", "").contains('$'), "{text}");
    text.replace("$$", "$")
}

/// As Go compiles it: boundaries are those of ASCII. Nothing else is used that is read differently, which
/// the tests of the masks see to.
fn re2(pattern: &str) -> Regex {
    let pattern = pattern.replace(r"\b", r"(?-u:\b)");
    Regex::new(&pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"))
}

/// The statements of a processor for one signal.
struct Transform(Vec<Statement>);

impl Transform {
    fn configured(processor: &str, statements: &str) -> Self {
        let configuration = collector("collector/config.yaml");
        let groups = &configuration["processors"][processor][statements];
        let groups = list(groups).iter().flat_map(|group| {
            let context = text(&group["context"]).to_owned();
            let statements = list(&group["statements"]).iter();
            statements.map(move |statement| {
                let statement = Statement::read(&collector_text(text(statement)));
                // With paths of another one, the Collector would evaluate the group for that.
                for of in statement.contexts() {
                    assert_eq!(of, context);
                }
                statement
            })
        });
        Self(groups.collect())
    }

    fn process(&self, mut record: Value) -> Value {
        for statement in &self.0 {
            statement.evaluate(&mut record);
        }
        record
    }
}

/// A span with its event and its resource, with the text everywhere.
fn span(text: &str) -> Value {
    json!({
        "resource": { "attributes": { "service.name": "weather", "process.command_line": text } },
        "span": {
            "status": { "message": text },
            "attributes": { "gen_ai.tool.call.arguments": text, "http.response.status_code": 500 },
        },
        "spanevent": { "attributes": { "exception.message": text } },
    })
}

/// A log record with its resource, with the text in attributes and in the body.
fn record(text: &str, body: &Value) -> Value {
    json!({
        "resource": { "attributes": { "service.name": "weather", "process.command_line": text } },
        "log": { "body": body, "attributes": { "message": text, "line": 17 } },
    })
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(values) => values.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Texts as they are, and as JSON has them within its strings.
fn is_anywhere(secret: &str, value: &Value) -> bool {
    let quoted = json!(secret).to_string();
    let quoted = quoted.trim_matches('"');
    let mut texts = texts(value).into_iter();
    texts.any(|text| text.contains(secret) || text.contains(quoted))
}

#[test]
fn no_secret_is_left_in_a_span() {
    let transform = Transform::configured("transform/mask", "trace_statements");
    for (kind, around, secret) in POSITIVES {
        let before = span(&around.replace("{}", secret));
        let after = transform.process(before);
        assert!(!is_anywhere(secret, &after), "{kind}: {after:#}");
        for place in [
            &after["resource"]["attributes"]["process.command_line"],
            &after["span"]["status"]["message"],
            &after["span"]["attributes"]["gen_ai.tool.call.arguments"],
            &after["spanevent"]["attributes"]["exception.message"],
        ] {
            assert!(
                place.as_str().expect("a text").contains("[redacted:"),
                "{after:#}"
            );
        }
    }
}

#[test]
fn no_secret_is_left_in_a_log_record() {
    let transform = Transform::configured("transform/mask", "log_statements");
    for (kind, around, secret) in POSITIVES {
        let text = around.replace("{}", secret);
        for body in [
            json!(text),
            json!({ "a": { "message": text } }),
            json!([1, text]),
        ] {
            let after = transform.process(record(&text, &body));
            assert!(!is_anywhere(secret, &after), "{kind}: {after:#}");
            for place in [
                &after["log"]["body"],
                &after["log"]["attributes"]["message"],
            ] {
                assert!(
                    place.as_str().expect("a text").contains("[redacted:"),
                    "{after:#}"
                );
            }
        }
    }
}

#[test]
fn what_is_innocent_stays() {
    let of_spans = Transform::configured("transform/mask", "trace_statements");
    let of_logs = Transform::configured("transform/mask", "log_statements");
    let redaction = Redaction::configured();
    for text in NEGATIVES
        .iter()
        .filter(|it| !MASKED_ALL_THE_SAME.contains(it))
    {
        let before = span(text);
        assert_eq!(of_spans.process(before.clone()), before);
        let before = record(text, &json!(text));
        let mut after = of_logs.process(before.clone());
        redaction.process(&mut after["log"]["attributes"]);
        assert_eq!(after, before);
    }
}

/// What the server records of a call and logs of a caller has nothing in it that looks like a secret.
#[test]
fn what_the_server_emits_stays() {
    let attributes = json!({
        "mcp.method.name": "tools/call",
        "mcp.session.id": "550e8400-e29b-41d4-a716-446655440000",
        "mcp.protocol.version": "2026-03-26",
        "jsonrpc.request.id": "4111111111111111",
        "gen_ai.tool.name": "get_weather",
        "gen_ai.usage.input_tokens": 4_111_111_111_111_111_i64,
        "gen_ai.tool.call.arguments": r#"{"city":"Lisbon","days":3}"#,
        "mcp.tool.tags": ["sensitive", "sends"],
        "event.category": "mcp.tool_call",
        "usr.id": "jane.doe@example.com",
        "network.client.ip": "2001:db8::1",
        "http.status": 200,
        "duration_ms": 0.411_111_111_111_111_1,
        "error.kind": "invalid_arguments",
    });
    let mut expected = attributes.clone();
    // A number that could be a card's is one, in a text.
    expected["jsonrpc.request.id"] = json!("[redacted:card]");
    let transform = Transform::configured("transform/mask", "log_statements");
    let before = json!({ "resource": { "attributes": {} }, "log": { "attributes": attributes } });
    let mut after = transform.process(before);
    Redaction::configured().process(&mut after["log"]["attributes"]);
    assert_eq!(after["log"]["attributes"], expected);
}

#[test]
fn attributes_with_a_secret_name_are_masked_whatever_they_are() {
    let mut attributes = json!({
        "password": "x",
        "db.password": 17,
        "http.request.header.authorization": ["Basic eA=="],
        "http.request.header.set-cookie": "a=b",
        "x-api-key": "x",
        "app.apiKey": "x",
        "refresh_token": "x",
        "client_secret": { "of": "x" },
        "userPassphrase": "x",
        "card.cvv": 123,
    });
    Redaction::configured().process(&mut attributes);
    for (key, value) in attributes.as_object().expect("a map") {
        assert_eq!(value, "****", "{key}");
    }
}

/// Statements do not reach into lists and maps.
#[test]
fn keys_of_a_known_form_are_masked_in_lists_and_maps() {
    let key = concat!("ghp_", "16C7e42F292c6912E7710c838347Ae178B4a");
    let mut attributes =
        json!({ "list": ["kept", key], "map": { "a": { "b": key }, "c": "kept" } });
    Redaction::configured().process(&mut attributes);
    assert!(!is_anywhere(key, &attributes), "{attributes:#}");
    for (name, value) in attributes.as_object().expect("a map") {
        let value = value.as_str().expect("JSON as a text");
        assert!(value.contains("kept"), "{name}: {value}");
    }
}

/// Loki's rules read events as the lines of the file.
#[test]
fn events_of_the_security_log_become_lines() {
    let transform = Transform::configured("transform/lines", "log_statements");
    // Its body has been masked, the user's name too.
    let event = json!({ "log": {
        "attributes": { "event.category": "mcp.tool_call", "usr.id": "jane@example.com" },
        "body": r#"{"event.category":"mcp.tool_call","usr.id":"[redacted:email]"}"#,
    } });
    let line = &transform.process(event)["log"]["body"];
    let line = line.as_str().expect("a text");
    assert_eq!(
        line,
        r#"{"event.category":"mcp.tool_call","usr.id":"jane@example.com"}"#
    );
    // What the rules look for.
    let rules = std::fs::read_to_string(crate::deploy::path("loki/rules.yaml")).expect("rules");
    assert!(rules.contains(r#"|= `"event.category":"mcp.tool_call"`"#));

    let others = json!({ "log": { "body": "a line", "attributes": { "a": "b" } } });
    assert_eq!(transform.process(others.clone()), others);
}
