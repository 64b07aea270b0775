//! Requests that are not let in: one event each, whatever they ask for and however they are answered.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use http::Method;
use mcp_observe_tests::security::{Event, Lines};
use mcp_observe_tests::web::Web;
use mcp_observe_tests::wire::request;
use mcp_observe_tests::{Capture, names};
use opentelemetry::Context;
use opentelemetry::trace::{
    FutureExt as _, SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use serde_json::{Value, json};

use crate::over_http::{guard, serve};
use crate::tools::VERSION;

const ACCEPT: (&str, &str) = ("accept", "application/json, text/event-stream");
const CONTENT: (&str, &str) = ("content-type", "application/json");

async fn guarded() -> (Lines, Capture, Web) {
    let lines = Lines::default();
    let capture = lines.capture(|log| log, |builder| builder);
    let web = serve(&capture, true, |router: Router| {
        router.layer(from_fn(guard))
    })
    .await;
    (lines, capture, web)
}

fn event(status: &str, more: &Value) -> Value {
    let mut event = json!({
        "event.category": "mcp.auth",
        "network.client.ip": "127.0.0.1",
        "http.status": status.parse::<u16>().expect("a status"),
        "status": "error",
        "error.kind": status,
    });
    for (key, value) in more.as_object().expect("an object") {
        event[key] = value.clone();
    }
    event
}

#[tokio::test]
async fn each_is_one_event() {
    let (lines, capture, web) = guarded().await;
    // The layer learns that there is an `Observed` inside.
    web.initialize(VERSION).await;
    let call = request(1, "tools/call", &json!({ "name": "add" })).to_string();
    let list = request(1, "tools/list", &json!({})).to_string();
    let of_call = json!({ "mcp.method.name": "tools/call", "mcp.tool.name": "_OTHER" });
    let mut count = 0;
    for status in ["401", "403", "429"] {
        for body_kind in ["json", "none"] {
            for (method, body, more, is_operation) in [
                (Method::POST, call.clone(), of_call.clone(), true),
                (
                    Method::POST,
                    list.clone(),
                    json!({ "mcp.method.name": "tools/list" }),
                    true,
                ),
                // Neither its body was read, nor does a header tell what it is.
                (Method::POST, list.clone(), json!({}), true),
                // These are no messages.
                (Method::GET, String::new(), json!({}), false),
                (Method::DELETE, String::new(), json!({}), false),
            ] {
                let headers = [
                    ACCEPT,
                    CONTENT,
                    ("refuse", status),
                    ("body", body_kind),
                    // The guard does not read the body.
                    ("mcp-method", more["mcp.method.name"].as_str().unwrap_or("")),
                ];
                let is_named = more["mcp.method.name"].is_string();
                let headers = &headers[..if is_named { 5 } else { 4 }];
                let spans = capture.spans().len();
                let answer = web.send(method.clone(), headers, body).await;
                assert_eq!(answer.status.to_string(), status);
                count += 1;
                let events = lines.events(&capture.telemetry);
                assert_eq!(events.len(), count, "{method} {status}: {events:#?}");
                let mut expected = event(status, &more);
                if body_kind == "json" && method == Method::POST {
                    // The code is not one of the protocol's.
                    expected["error.kind"] = json!("_OTHER");
                }
                events[count - 1].assert_is(&expected);
                let spans = capture.spans().len() - spans;
                assert_eq!(spans, usize::from(is_operation), "{method} {status}");
            }
        }
    }
}

#[tokio::test]
async fn other_statuses_are_none() {
    let (lines, capture, web) = guarded().await;
    for (count, status) in (1..).zip(["400", "404", "418", "503"]) {
        let headers = [("refuse", status), ("mcp-method", "tools/list")];
        for method in [Method::GET, Method::DELETE] {
            web.send(method, &headers, "").await;
        }
        web.send(Method::POST, &headers, "{}").await;
        let events = lines.events(&capture.telemetry);
        assert_eq!(events.len(), count, "{events:#?}");
        assert_eq!(events[count - 1].get("event.category"), Some("mcp.request"));
        assert_eq!(
            events[count - 1]
                .http_status()
                .map(|it| it.to_string())
                .as_deref(),
            Some(status)
        );
    }
}

/// Whoever was not let in is not in any session, but says that it is.
#[tokio::test]
async fn the_session_is_the_claimed_one() {
    let (lines, capture, web) = guarded().await;
    let session = web.initialize(VERSION).await.expect("a session");
    let long = "x".repeat(129);
    let claims = [
        (&*session, Some(&*session)),
        ("made-up", Some("made-up")),
        (&long[1..], Some(&long[1..])),
        // What cannot be one.
        (&*long, None),
        ("a b", None),
    ];
    let mut count = 0;
    for method in [Method::POST, Method::GET, Method::DELETE] {
        for (claimed, expected) in claims {
            let headers = [("refuse", "401"), ("mcp-session-id", claimed)];
            web.send(method.clone(), &headers, "").await;
            count += 1;
            let events = lines.events(&capture.telemetry);
            assert_eq!(events.len(), count);
            let found = events[count - 1].get("mcp.session.id");
            assert_eq!(found, expected, "{method}");
        }
    }
    // No span has an id that is only claimed.
    assert!(!format!("{:?}", capture.spans()).contains("made-up"));
}

#[tokio::test]
async fn the_guard_tells_who_it_is() {
    let (lines, capture, web) = guarded().await;
    for method in [Method::POST, Method::GET, Method::DELETE] {
        let headers = [("refuse", "403"), ("authorization", "alice")];
        web.send(method, &headers, "").await;
    }
    let events = lines.events(&capture.telemetry);
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|it| it.get("usr.id") == Some("alice")));
}

/// A message that is refused has a span of its own.
#[tokio::test]
async fn a_message_has_the_ids_of_its_span() {
    let (lines, capture, web) = guarded().await;
    let headers = [("refuse", "401"), ("mcp-method", "tools/list")];
    web.send(Method::POST, &headers, "").await;
    assert_eq!(names(&capture.spans()), ["tools/list"]);
    let event = lines.event(&capture.telemetry);
    event.assert_of(&capture.spans()[0]);
}

const AROUND: (&str, &str) = ("11111111111111111111111111111111", "2222222222222222");

/// The span of an HTTP server's own instrumentation.
async fn within_a_span(request: Request, next: Next) -> Response {
    let span = SpanContext::new(
        TraceId::from_hex(AROUND.0).expect("valid"),
        SpanId::from_hex(AROUND.1).expect("valid"),
        TraceFlags::SAMPLED,
        false,
        TraceState::NONE,
    );
    let context = Context::new().with_remote_span_context(span);
    next.run(request).with_context(context).await
}

/// What is no message has no span of its own, but perhaps one around.
#[tokio::test]
async fn a_stream_has_those_of_the_span_around() {
    let lines = Lines::default();
    let capture = lines.capture(|log| log, |builder| builder);
    let telemetry = capture.telemetry.clone();
    let layer = mcp_observe::http::ObserveLayer::new().telemetry(&telemetry);
    let make = mcp_observe_tests::server::Everything::default;
    let web = Web::serve(make, true, |router| {
        router
            .layer(from_fn(guard))
            .layer(layer)
            .layer(from_fn(within_a_span))
    })
    .await;
    for method in [Method::GET, Method::DELETE] {
        web.send(method, &[("refuse", "401")], "").await;
    }
    let ids = |event: &Event| ["trace_id", "span_id"].map(|key| event.get(key).map(str::to_owned));
    let around = [Some(AROUND.0.to_owned()), Some(AROUND.1.to_owned())];
    let events = lines.events(&capture.telemetry);
    assert_eq!(events.len(), 2);
    assert!(events.iter().all(|it| ids(it) == around), "{events:#?}");
}

/// Without `Observed` inside, the layer cannot tell whose a JSON-RPC error is; that the caller was not
/// let in it can.
#[tokio::test]
async fn around_a_server_that_is_not_observed() {
    let lines = Lines::default();
    let capture = lines.capture(|log| log, |builder| builder);
    let layer = mcp_observe::http::ObserveLayer::new().telemetry(&capture.telemetry);
    let make = mcp_observe_tests::server::Everything::default;
    let web = Web::serve(make, true, |router| {
        router.layer(from_fn(guard)).route_layer(layer)
    })
    .await;
    let call = request(1, "tools/call", &json!({ "name": "echo" })).to_string();
    for (count, body) in (1..).zip(["json", "none"]) {
        let headers = [ACCEPT, CONTENT, ("refuse", "401"), ("body", body)];
        web.send(Method::POST, &headers, call.clone()).await;
        let events = lines.events(&capture.telemetry);
        assert_eq!(events.len(), count, "{events:#?}");
        assert_eq!(events[count - 1].get("event.category"), Some("mcp.auth"));
    }
}

/// Someone inside took the message for handled, and yet its answer lets nobody in: that is told beside
/// the call. A client's answer to the server is no message, and not let in either.
#[tokio::test]
async fn whoever_is_answered_so_was_not_let_in() {
    let lines = Lines::default();
    let capture = lines.capture(|log| log, |builder| builder);
    let replaced = async |request: Request, next: Next| {
        let mut response = next.run(request).await;
        *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
        response
    };
    let web = serve(&capture, false, |router: Router| {
        router.layer(from_fn(replaced))
    })
    .await;
    let call = json!({ "name": "add", "arguments": { "a": 1, "b": 2 } });
    web.modern(1, "tools/call", call, &json!({}), &[]).await;
    web.post(&[], &json!({ "jsonrpc": "2.0", "id": 1, "result": {} }))
        .await;
    let found: Vec<_> = lines
        .events(&capture.telemetry)
        .iter()
        .map(|it| {
            (
                it.get("event.category") == Some("mcp.auth"),
                it.http_status(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [(false, Some(200)), (true, Some(429)), (true, Some(429))]
    );
}

/// rmcp refuses hosts and origins that it does not know.
#[tokio::test]
async fn what_the_transport_forbids() {
    let (lines, capture, web) = guarded().await;
    let list = request(1, "tools/list", &json!({})).to_string();
    let headers = [ACCEPT, CONTENT, ("host", "evil.example")];
    let answer = web.send(Method::POST, &headers, list).await;
    assert_eq!(answer.status, 403);
    let event = lines.event(&capture.telemetry);
    assert_eq!(event.get("event.category"), Some("mcp.auth"));
    assert_eq!(event.http_status(), Some(403));
}

/// What the answers are made of goes through as it is.
#[tokio::test]
async fn answers_are_the_same() {
    let (_lines, _capture, web) = guarded().await;
    for method in [Method::POST, Method::GET, Method::DELETE] {
        let headers = [("refuse", "401"), ("body", "json")];
        let answer = web.send(method, &headers, "").await;
        let body = r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"no"}}"#;
        assert_eq!((answer.status, &*answer.body), (401, body));
    }
}
