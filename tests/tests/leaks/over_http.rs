//! Secrets that come over HTTP: in headers and in the query, with sessions and without.

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use mcp_observe::Telemetry;
use mcp_observe::http::ObserveLayer;
use mcp_observe::rmcp::Observed;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::web::Web;
use mcp_observe_tests::wire::{initialize, request};
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::trace::{
    FutureExt as _, SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, KeyValue};
use serde_json::{Value, json};

use super::canary::{canary, hostile};
use super::requests::{initializing, meta, tool_calls};
use super::tools::Tools;

const VERSION: &str = "2025-11-25";

pub(crate) async fn all(telemetry: &Telemetry) {
    for (has_sessions, has_layer) in [(true, false), (false, true), (false, false)] {
        server_of_tools(telemetry, has_sessions, has_layer).await;
    }
    refused(telemetry).await;
}

/// Headers that every request has.
fn headers() -> Vec<(&'static str, String)> {
    let all = canary("header-baggage");
    vec![
        (
            "authorization",
            format!("Bearer {}", canary("header-authorization")),
        ),
        ("cookie", format!("session={}", canary("header-cookie"))),
        ("user-agent", canary("header-user-agent")),
        (
            "referer",
            format!("http://example.com/{}", canary("header-referer")),
        ),
        ("forwarded", format!("for={}", canary("header-forwarded"))),
        ("x-forwarded-for", canary("header-x-forwarded-for")),
        ("x-own", canary("header-own")),
        (
            &*Box::leak(canary("header-name").into_boxed_str()),
            "1".to_owned(),
        ),
        ("traceparent", canary("header-traceparent")),
        ("tracestate", format!("a={}", canary("header-tracestate"))),
        ("baggage", format!("tenant={all},other={all},{all}")),
        ("last-event-id", canary("header-last-event-id")),
    ]
}

fn borrowed<'a>(headers: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    headers
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect()
}

async fn server_of_tools(telemetry: &Telemetry, has_sessions: bool, has_layer: bool) {
    let layer = ObserveLayer::new().telemetry(telemetry);
    let telemetry = telemetry.clone();
    let make = move || {
        let observed = Observed::builder(Tools::new()).telemetry(&telemetry);
        observed.catch_panics(true).build()
    };
    let mut web = Web::serve(make, has_sessions, |router| {
        if has_layer {
            // In a span of an HTTP server that takes all the baggage that it is sent.
            let around = from_fn(|request: Request, next: Next| {
                let baggage = [KeyValue::new("tenant", canary("around-baggage"))];
                let context = Context::new().with_remote_span_context(around());
                next.run(request)
                    .with_context(context.with_baggage(baggage))
            });
            router.layer(layer).layer(around)
        } else {
            router
        }
    })
    .await;
    let session = web.initialize(VERSION).await;
    web.url = format!("{}?token={}", web.url, canary("query"));
    let mut headers = headers();
    if !has_sessions {
        // One that no server gave out.
        headers.push(("mcp-session-id", canary("session-id")));
    }
    let mut headers = borrowed(&headers);
    if let Some(session) = &session {
        headers.push(("mcp-session-id", session));
    }
    let metas = meta("http-meta");
    for (id, (tool, arguments)) in (1_u32..).zip(tool_calls()) {
        let meta = &metas[id as usize % (metas.len() - 1)];
        let params = json!({ "name": tool, "arguments": arguments, "_meta": meta });
        web.post(&headers, &request(id, "tools/call", &params))
            .await;
        // Since 2026-07-28 there are no sessions, and calls may take several rounds.
        let mut params = json!({ "name": tool, "arguments": arguments });
        if tool == "interim" {
            params["requestState"] = json!(canary("state-client"));
        }
        let modern: Vec<_> = headers
            .iter()
            .filter(|(name, _)| *name != "mcp-session-id")
            .copied()
            .collect();
        web.modern(1_000 + id, "tools/call", params, meta, &modern)
            .await;
    }
    if let Some(session) = &session {
        web.delete(session).await;
    }
}

fn around() -> SpanContext {
    let (trace, span) = (TraceId::from(1), SpanId::from(1));
    let state = TraceState::default();
    SpanContext::new(trace, span, TraceFlags::SAMPLED, false, state)
}

/// What rmcp refuses before a handler sees it, or answers without one.
async fn refused(telemetry: &Telemetry) {
    let layer = ObserveLayer::new().telemetry(telemetry);
    let telemetry = telemetry.clone();
    let make = move || {
        let observed = Observed::builder(Everything::default()).telemetry(&telemetry);
        observed.build()
    };
    let web = Web::serve(make, true, |router| router.layer(layer)).await;
    let own = headers();
    let headers = borrowed(&own);
    let secret = canary("refused-header");
    let call = request(1, "tools/call", &json!({ "name": "echo" }));
    let hostile = |place: &str| Value::from(hostile(place));
    for (name, value) in [
        ("mcp-session-id", &*secret),
        ("mcp-protocol-version", &secret),
        ("content-type", &secret),
        ("accept", &secret),
        ("origin", &secret),
        ("host", &secret),
        ("mcp-method", &secret),
    ] {
        let with = [&headers[..], &[(name, value)]].concat();
        web.post(&with, &call).await;
        web.post(&with, &initialize(VERSION)).await;
    }
    for message in [
        initializing(&canary("http-initialize-version"), "http-initialize"),
        hostile("http-body"),
        json!({ hostile("http-body-key").as_str().expect("text"): hostile("http-body-value") }),
        json!([hostile("http-body-batch")]),
        json!({ "jsonrpc": "2.0", "id": 1, "result": hostile("http-body-result") }),
    ] {
        web.post(&headers, &message).await;
    }
    // A session that goes on with something else than it should.
    let answer = web
        .post(&headers, &initializing(VERSION, "http-half"))
        .await;
    let session = answer.session.expect("a session");
    let with = [&headers[..], &[("mcp-session-id", &*session)]].concat();
    let params = json!({ "name": "echo", "arguments": { "a": hostile("http-half-argument") } });
    web.post(&with, &request(1, "tools/call", &params)).await;
    // Headers that contradict the body.
    let params = json!({ "name": canary("http-tool-name"), "arguments": {} });
    let with = [
        &headers[..],
        &[("mcp-name", &*secret), ("mcp-method", &secret)],
    ]
    .concat();
    web.modern(2, "tools/call", params.clone(), &json!({}), &with)
        .await;
    web.modern(3, "tools/call", params, &json!({}), &headers)
        .await;
    let method = canary("http-method-name");
    let params = json!({ "a": hostile("http-method-argument") });
    web.modern(4, &method, params, &json!({}), &headers).await;
}
