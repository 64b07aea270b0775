//! Whatever callers send, and whatever is plugged into telemetry does: the server answers, and there is
//! one operation.

use http::Method;
use mcp_observe_tests::over_http::{IN_META, assert_parent, traceparent};
use mcp_observe_tests::wire::{modern_meta, request};
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use serde_json::json;

use crate::cases::{ACCEPT, CONTENT};
use crate::{DURATION, Kind, serve};

#[tokio::test]
async fn a_message_that_ends_anywhere_is_read_so_far() {
    let capture = Capture::new();
    let web = serve(Kind::Sessions, &capture).await;
    let meta = json!({ "nested": [{ "a": null }, 1.5], "traceparent": traceparent(IN_META) });
    let message = json!({ "a": { "method": "ping" }, "id": "seven", "method": "tools/list",
        "params": { "_meta": meta, "z": [[]] } });
    let message = message.to_string();
    let after = |part: &str| message.find(part).expect("it is in there") + part.len();
    let (id, method) = (after(r#""seven""#), after(r#""tools/list""#));
    let parent = after(&format!("{}\"", traceparent(IN_META)));
    for end in 0..=message.len() {
        let body = message[..end].to_owned();
        let answer = web.send(Method::POST, &[ACCEPT, CONTENT], body).await;
        assert_eq!(answer.status, 415, "{answer:?}");
        let spans = capture.spans();
        assert_eq!(spans.len(), end + 1);
        let span = &spans[end];
        let known = end >= method;
        assert_eq!(
            span.name,
            if known { "tools/list" } else { "_OTHER" },
            "{end}"
        );
        let read = attribute(span, "jsonrpc.request.id");
        assert_eq!(read.as_deref(), (end >= id).then_some("seven"), "{end}");
        if end >= parent {
            assert_parent(span, IN_META);
        }
    }
}

#[tokio::test]
async fn messages_of_all_shapes_are_one_operation_each() {
    let capture = Capture::new();
    let web = serve(Kind::Sessions, &capture).await;
    // Deeper than `serde_json` follows.
    let deep = format!("{}{}", "[".repeat(150), "]".repeat(150));
    let bodies = [
        "null".to_owned(),
        "\"tools/list\"".to_owned(),
        "1e999".to_owned(),
        "\u{0}\u{feff}{}".to_owned(),
        deep.clone(),
        format!(r#"{{"method":{deep},"id":{deep},"params":{deep}}}"#),
        r#"{"method":7,"id":-0.5,"params":"x"}"#.to_owned(),
        r#"{"method":null,"id":null,"params":{"_meta":[]}}"#.to_owned(),
        r#"{"id":99999999999999999999,"params":{"_meta":{"traceparent":{}}}}"#.to_owned(),
        r#"{"method":"\ud800","id":"x"}"#.to_owned(),
        r#"{"method":"a","method":"tools/list","id":1,"id":2}"#.to_owned(),
    ];
    for (before, body) in bodies.iter().enumerate() {
        let answer = web
            .send(Method::POST, &[ACCEPT, CONTENT], body.clone())
            .await;
        assert_eq!(answer.status, 415, "{body} {answer:?}");
        assert_eq!(capture.spans().len(), before + 1, "{body}");
    }
}

/// Panics, without the noise of the hook, whatever it is asked.
#[derive(Debug)]
struct Panicking;

fn resume() -> ! {
    std::panic::resume_unwind(Box::new(()))
}

impl TextMapPropagator for Panicking {
    fn inject_context(&self, _: &Context, _: &mut dyn Injector) {
        resume()
    }

    fn extract_with_context(&self, _: &Context, _: &dyn Extractor) -> Context {
        resume()
    }

    fn fields(&self) -> FieldIter<'_> {
        resume()
    }
}

#[tokio::test]
async fn a_propagator_that_panics_does_not_reach_the_server() {
    let capture = Capture::with(|builder| builder.propagator(Panicking));
    let web = serve(Kind::Json, &capture).await;
    let meta = json!({ "_meta": modern_meta(&json!({ "tracestate": "a=b" })) });
    let message = request(1, "tools/list", &meta).to_string();
    let headers = [ACCEPT, CONTENT, ("traceparent", "x"), ("tracestate", "a=b")];
    let modern = [
        ("mcp-protocol-version", "2026-07-28"),
        ("mcp-method", "tools/list"),
    ];
    let handled = [&headers[..], &modern].concat();
    let answer = web.send(Method::POST, &handled, message.clone()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = web.send(Method::POST, &headers, message).await;
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(capture.sum(DURATION, &[]).to_bits(), 2_f64.to_bits());
}
