//! Requests and answers through the layer around an MCP service, whatever is in them: they pass unchanged,
//! and a refused message is one operation that says what the message says, and nothing else of it.

mod exchange;

use std::sync::{LazyLock, Mutex, PoisonError};

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use mcp_observe::Telemetry;
use mcp_observe::http::ObserveLayer;
use opentelemetry_sdk::trace::SpanData;
use serde_json::{Map, Value};

use crate::exported::{CANARY, Instance, assert_clean};
use crate::{security_event, texts};
pub(crate) use exchange::{Answer, Exchange, Request};

/// Longest strings of callers' on a span, in bytes.
const LONGEST_ATTRIBUTE: usize = 1_024;

/// As much of a body is looked at, in bytes.
pub(crate) const LONGEST_BODY: usize = 64 * 1_024;

/// The bytes that choose, and what they choose from.
const METHODS: [Method; 4] = [Method::POST, Method::GET, Method::DELETE, Method::PUT];
const STATUSES: [u16; 12] = [200, 202, 204, 400, 401, 403, 404, 406, 415, 429, 500, 503];
const TYPES: [&str; 4] = [
    "application/json",
    "text/event-stream; charset=utf-8",
    "Application/JSON;x",
    "text/plain",
];
/// In how many bytes at once a body comes.
const PIECES: [usize; 4] = [usize::MAX, 1, 7, 1_000];

/// Some of MCP's methods, which are told by their names.
const KNOWN: [&str; 6] = [
    "tools/call",
    "tools/list",
    "initialize",
    "ping",
    "resources/read",
    "notifications/initialized",
];

/// Reads the input as bytes that choose, lines of headers, the body of the request and that of the answer.
/// A request in JSON is planted with canaries.
///
/// # Panics
/// If the invariant does not hold.
pub fn hold(input: &[u8]) {
    let [choices, headers, body, answer] = texts::pieces(input);
    let choice = |at: usize| usize::from(choices.get(at).copied().unwrap_or_default());
    let message = serde_json::from_slice(body).ok().map(planted);
    let request = Request {
        method: METHODS[choice(0) % METHODS.len()].clone(),
        headers: headers_of(headers),
        body: message
            .as_ref()
            .map_or_else(|| body.to_vec(), |message| message.to_string().into_bytes()),
        piece: PIECES[choice(3) % PIECES.len()],
    };
    let status = StatusCode::from_u16(STATUSES[choice(1) % STATUSES.len()]).expect("a status");
    let mut head = HeaderMap::new();
    let content_type = HeaderValue::from_static(TYPES[choice(2) % TYPES.len()]);
    head.insert(CONTENT_TYPE, content_type);
    let answer = Answer {
        status,
        headers: head,
        body: answer.to_vec(),
        // Of 255 pieces or fewer the rest may be left unread.
        reads: match choice(4) {
            0 => usize::MAX,
            pieces => pieces,
        },
        ..Answer::default()
    };
    check(request, answer, message.as_ref());
}

fn headers_of(lines: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines.split(|byte| *byte == b'\n').take(32) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    headers
}

/// The message with a canary in each string that is the caller's own, where it is an object.
fn planted(mut message: Value) -> Value {
    if let Value::Object(members) = &mut message {
        for (key, value) in members {
            match &**key {
                "jsonrpc" | "id" => {}
                "method" if value.as_str().is_some_and(|it| KNOWN.contains(&it)) => {}
                "params" => plant_params(value),
                _ => plant(value),
            }
        }
    }
    message
}

fn plant_params(params: &mut Value) {
    let Value::Object(members) = params else {
        return plant(params);
    };
    for (key, value) in members {
        match value {
            // Trace context is handed on.
            Value::Object(meta) if key == "_meta" => {
                let own = |key: &str| !matches!(key, "traceparent" | "tracestate" | "baggage");
                meta.iter_mut()
                    .filter(|(key, _)| own(key))
                    .for_each(|(_, value)| plant(value));
            }
            _ => plant(value),
        }
    }
}

/// Puts a canary in front of each string.
pub(crate) fn plant(value: &mut Value) {
    match value {
        Value::String(text) => text.insert_str(0, CANARY),
        Value::Array(values) => values.iter_mut().for_each(plant),
        Value::Object(members) => members.values_mut().for_each(plant),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn check(request: Request, answer: Answer, message: Option<&Value>) {
    static LAYER: LazyLock<Mutex<(ObserveLayer, Instance)>> = LazyLock::new(|| {
        let instance = Instance::logged(|it| it);
        let layer = ObserveLayer::new().telemetry(&instance.telemetry);
        exchange::observed(&layer, &instance.telemetry);
        // That was a call, which is nobody's business.
        drop((instance.spans(), instance.lines()));
        Mutex::new((layer, instance))
    });
    let layer = LAYER.lock().unwrap_or_else(PoisonError::into_inner);
    let (layer, instance) = &*layer;
    let (is_post, is_error) = (
        request.method == Method::POST,
        answer.status.as_u16() >= 400,
    );
    let headers = request.headers.clone();
    let whole = answer.reads == usize::MAX && request.body.len() <= LONGEST_BODY;
    Exchange::through(layer, request, answer).assert_unchanged();

    let (spans, lines) = (instance.spans(), instance.lines());
    for line in &lines {
        let _as_the_schema_says = security_event::event(line);
    }
    assert!(lines.len() <= 1, "one request, one event: {lines:?}");
    assert!(spans.len() <= 1, "one message, one span: {spans:?}");
    let scraped = instance.telemetry.prometheus_text();
    assert_clean(&format!("{spans:?}\n{lines:?}\n{scraped}"));
    for attribute in spans.iter().flat_map(|span| &span.attributes) {
        let length = attribute.value.as_str().len();
        assert!(length <= LONGEST_ATTRIBUTE, "{attribute:?}");
    }
    if let Some(Value::Object(message)) = message.filter(|_| whole && is_post && is_error) {
        assert_told(spans.first(), message, &headers);
    }
    assert!(is_post || spans.is_empty(), "no message: {spans:?}");
}

/// Asserts the operation of a refused message of which all was read; an answer is none.
#[track_caller]
fn assert_told(span: Option<&SpanData>, message: &Map<String, Value>, headers: &HeaderMap) {
    let in_body = message.get("method").and_then(Value::as_str);
    let is_answer = message.contains_key("result") || message.contains_key("error");
    let Some(span) = span else {
        // Its caller may have said that its trace is not sampled.
        let has_parent = message.contains_key("params") || headers.contains_key("traceparent");
        assert!(
            in_body.is_none() && is_answer || has_parent,
            "no span of {message:?}"
        );
        return;
    };
    assert!(in_body.is_some() || !is_answer, "{span:?} of an answer");
    let attribute = |key| {
        let mut all = span.attributes.iter();
        all.find(|it| it.key.as_str() == key)
            .map(|it| it.value.as_str().into_owned())
    };
    let named = in_body.or_else(|| headers.get("mcp-method")?.to_str().ok());
    let told = attribute("mcp.method.name").expect("every message has one");
    match named {
        Some(known) if KNOWN.contains(&known) => assert_eq!(told, known),
        Some(named) => assert!(told == "_OTHER" || told == named, "{told} of {named}"),
        None => assert_eq!(told, "_OTHER"),
    }
    let id = match message.get("id") {
        Some(Value::String(id)) => Some(id.clone()),
        Some(Value::Number(id)) => id.as_i64().map(|id| id.to_string()),
        _ => None,
    };
    match (attribute("jsonrpc.request.id"), id) {
        (Some(told), Some(id)) => assert!(id.starts_with(&told), "{told} of {id}"),
        (told, id) => assert_eq!(told, id),
    }
}

/// A message with this body, which the transport refuses as none.
pub(crate) fn refused(telemetry: &Telemetry, body: Vec<u8>) {
    let request = Request {
        body,
        ..Request::default()
    };
    let error = r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"no"}}"#;
    let json = (CONTENT_TYPE, HeaderValue::from_static(TYPES[0]));
    let answer = Answer {
        status: StatusCode::BAD_REQUEST,
        headers: HeaderMap::from_iter([json]),
        body: error.into(),
        ..Answer::default()
    };
    let layer = ObserveLayer::new().telemetry(telemetry);
    Exchange::through(&layer, request, answer).assert_unchanged();
}
