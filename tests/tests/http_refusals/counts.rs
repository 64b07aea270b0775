//! As many operations as messages, whatever becomes of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::Method;
use mcp_observe_tests::wire::{eventually, modern_meta, request};
use mcp_observe_tests::{Capture, attribute};
use serde_json::{Value, json};

use crate::cases::{ACCEPT, CONTENT};
use crate::{DURATION, Kind, LEGACY, serve};

/// A way to send a message, and what becomes of it: an error's class, a code or a status, or nothing.
#[derive(Debug, Clone, Copy)]
struct Way {
    method: &'static str,
    tool: Option<&'static str>,
    headers: &'static [(&'static str, &'static str)],
    modern: bool,
    fate: &'static str,
}

const MODERN: (&str, &str) = ("mcp-protocol-version", "2026-07-28");
const CALL: (&str, &str) = ("mcp-method", "tools/call");

const fn legacy(method: &'static str, tool: Option<&'static str>, fate: &'static str) -> Way {
    let headers = &[];
    Way {
        method,
        tool,
        headers,
        modern: false,
        fate,
    }
}

const fn modern(
    tool: &'static str,
    headers: &'static [(&'static str, &'static str)],
    fate: &'static str,
) -> Way {
    Way {
        method: "tools/call",
        tool: Some(tool),
        headers,
        modern: true,
        fate,
    }
}

const WAYS: [Way; 17] = [
    legacy("tools/list", None, ""),
    legacy("tools/call", Some("echo"), ""),
    legacy("tools/call", Some("fail"), "tool_error"),
    legacy("tools/call", Some("reject"), "-32602"),
    legacy("tools/call", Some("break"), "-32603"),
    legacy("tools/call", Some("no such tool"), "-32602"),
    legacy("tools/call", None, "-32601"),
    legacy("no/such", None, "-32601"),
    legacy("subscriptions/listen", None, "-32601"),
    Way {
        headers: &[("mcp-session-id", "made-up")],
        ..legacy("tools/list", None, "404")
    },
    Way {
        headers: &[("content-type", "text/plain")],
        ..legacy("tools/call", Some("echo"), "415")
    },
    modern("echo", &[MODERN, CALL, ("mcp-name", "echo")], ""),
    modern("break", &[MODERN, CALL, ("mcp-name", "break")], "-32603"),
    modern("none", &[MODERN, CALL, ("mcp-name", "none")], "-32602"),
    modern("echo", &[MODERN, CALL, ("mcp-name", "fail")], "-32020"),
    modern("echo", &[CALL, ("mcp-name", "echo")], "-32020"),
    Way {
        method: "ping",
        tool: None,
        ..modern("", &[MODERN, ("mcp-method", "ping")], "-32601")
    },
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_message_is_one_operation() {
    const ROUNDS: usize = 8;
    let capture = Capture::new();
    let web = Arc::new(serve(Kind::Sessions, &capture).await);
    let session: Arc<str> = web.initialize(LEGACY).await.expect("a session").into();
    eventually("both messages are seen", || capture.spans().len() == 2).await;
    let mut sending = Vec::new();
    let mut fates = BTreeMap::new();
    for id in 0..ROUNDS * WAYS.len() {
        // Neighbours are of different kinds.
        let way = WAYS[id * 7 % WAYS.len()];
        *fates.entry(way.fate.to_owned()).or_insert(0) += 1;
        let (web, session) = (Arc::clone(&web), Arc::clone(&session));
        sending.push(tokio::spawn(async move {
            let mut params = json!({});
            if let Some(tool) = way.tool {
                params["name"] = tool.into();
            }
            if way.modern {
                params["_meta"] = modern_meta(&Value::Null);
            }
            let mut headers = vec![ACCEPT];
            headers.extend(way.headers);
            let has = |name| way.headers.iter().any(|(it, _)| *it == name);
            if !has("content-type") {
                headers.push(CONTENT);
            }
            if !way.modern && !has("mcp-session-id") {
                headers.push(("mcp-session-id", &session));
            }
            let message = request(format!("id-{id}"), way.method, &params);
            web.send(Method::POST, &headers, message.to_string()).await;
        }));
    }
    for sent in sending {
        sent.await.expect("it is answered");
    }
    let messages = 2 + ROUNDS * WAYS.len();
    eventually("all are seen", || capture.spans().len() >= messages).await;

    let spans = capture.spans();
    assert_eq!(spans.len(), messages);
    let mut exported = BTreeMap::new();
    for span in spans.iter().skip(2) {
        let keys = [
            "error.type",
            "rpc.response.status_code",
            "http.response.status_code",
        ];
        let fate = keys.iter().find_map(|key| attribute(span, key));
        *exported.entry(fate.unwrap_or_default()).or_insert(0) += 1;
    }
    assert_eq!(exported, fates);
    let mut ids: Vec<_> = spans
        .iter()
        .filter_map(|span| attribute(span, "jsonrpc.request.id"))
        .collect();
    ids.sort();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "no message twice");
    #[expect(clippy::cast_precision_loss, reason = "few")]
    let samples = messages as f64;
    assert_eq!(capture.sum(DURATION, &[]).to_bits(), samples.to_bits());
}

/// A client that goes away was not refused: if it got through, its call is cancelled, and else there
/// was nothing.
#[tokio::test]
async fn a_client_that_goes_away_is_not_refused() {
    let capture = Capture::new();
    let web = serve(Kind::Stateless, &capture).await;
    let params = json!({ "name": "hang" });
    let hang = web.modern(1, "tools/call", params, &Value::Null, &[]);
    tokio::select! {
        answer = hang => panic!("it is not answered: {answer:?}"),
        () = eventually("it is called", || capture.sum("mcp_tool_active", &[]) > 0.0) => {}
    }
    let is_cancelled = |span: &_| attribute(span, "error.type").as_deref() == Some("cancelled");
    eventually("it is cancelled", || {
        capture.spans().iter().any(is_cancelled)
    })
    .await;
    let answer = web
        .modern(2, "tools/list", json!({}), &Value::Null, &[])
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(capture.spans().len(), 2);
}

/// rmcp leaves the client of a handler that panicked without an answer.
#[tokio::test]
async fn a_handler_that_panics_is_not_refused() {
    let capture = Capture::new();
    let web = serve(Kind::Stateless, &capture).await;
    let params = json!({ "name": "panic" });
    let panic = web.modern(1, "tools/call", params, &Value::Null, &[]);
    tokio::select! {
        answer = panic => panic!("it is not answered: {answer:?}"),
        () = eventually("it panicked", || !capture.spans().is_empty()) => {}
    }
    let answer = web
        .modern(2, "tools/list", json!({}), &Value::Null, &[])
        .await;
    assert_eq!(answer.status, 200);
    let span = &capture.spans()[0];
    assert_eq!(attribute(span, "error.type").as_deref(), Some("panic"));
    assert_eq!(capture.spans().len(), 2);
}
