//! Which trace a refused message belongs to: as with any other message.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use http::Method;
use mcp_observe::http::ObserveLayer;
use mcp_observe::rmcp::Observed;
use mcp_observe::{TelemetryBuilder, Trust};
use mcp_observe_tests::Capture;
use mcp_observe_tests::over_http::{
    IN_HEADER, IN_META, assert_links, assert_parent, assert_root, traceparent,
};
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::web::Web;
use mcp_observe_tests::wire::request;
use opentelemetry::trace::{
    FutureExt, SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState,
};
use opentelemetry_sdk::trace::SpanData;
use serde_json::{Value, json};

use crate::Kind;
use crate::cases::{ACCEPT, CONTENT};

const AROUND: (&str, &str) = ("11111111111111111111111111111111", "2222222222222222");

/// Where a message's context can be.
#[derive(Debug, Clone, Copy)]
struct Sent {
    meta: bool,
    header: bool,
    around: bool,
}

/// The span of a message for a session that is unknown.
async fn refused(
    sent: Sent,
    settings: impl FnOnce(TelemetryBuilder) -> TelemetryBuilder,
) -> SpanData {
    let capture = Capture::with(settings);
    let telemetry = capture.telemetry.clone();
    let layer = ObserveLayer::new().telemetry(&telemetry);
    let around = move |router: Router| {
        let router = router.route_layer(layer);
        if !sent.around {
            return router;
        }
        router.layer(from_fn(|request: Request, next: Next| {
            let context = opentelemetry::Context::new().with_remote_span_context(around());
            next.run(request).with_context(context)
        }))
    };
    let make = move || {
        let observed = Observed::builder(Everything::default());
        observed.telemetry(&telemetry).build()
    };
    let web = Web::serve_as(make, Kind::Sessions.config(), around).await;
    let (in_meta, in_header) = (traceparent(IN_META), traceparent(IN_HEADER));
    let meta = if sent.meta {
        json!({ "traceparent": in_meta, "other": { "traceparent": [] } })
    } else {
        Value::Null
    };
    let mut headers = vec![ACCEPT, CONTENT, ("mcp-session-id", "made-up")];
    if sent.header {
        headers.push(("traceparent", &in_header));
    }
    let call = request(1, "tools/call", &json!({ "name": "echo", "_meta": meta }));
    let answer = web.send(Method::POST, &headers, call.to_string()).await;
    assert_eq!(answer.status, 404, "{answer:?}");
    capture.span("tools/call")
}

fn around() -> SpanContext {
    SpanContext::new(
        TraceId::from_hex(AROUND.0).expect("valid"),
        SpanId::from_hex(AROUND.1).expect("valid"),
        TraceFlags::SAMPLED,
        false,
        TraceState::NONE,
    )
}

#[tokio::test]
async fn meta_is_the_parent_and_what_is_around_is_linked() {
    for (meta, header, around, parent, links) in [
        (true, false, false, Some(IN_META), &[][..]),
        (false, true, false, Some(IN_HEADER), &[]),
        (true, true, false, Some(IN_META), &[IN_HEADER]),
        (true, false, true, Some(IN_META), &[AROUND]),
        // Whoever made the span around has read the header.
        (true, true, true, Some(IN_META), &[AROUND]),
        (false, true, true, Some(AROUND), &[]),
        (false, false, false, None, &[]),
    ] {
        let sent = Sent {
            meta,
            header,
            around,
        };
        let span = refused(sent, |builder| builder).await;
        match parent {
            Some(parent) => assert_parent(&span, parent),
            None => assert_root(&span),
        }
        assert_links(&span, links);
    }
}

#[tokio::test]
async fn a_caller_who_is_not_trusted_is_linked_or_ignored() {
    let sent = Sent {
        meta: true,
        header: true,
        around: false,
    };
    let span = refused(sent, |builder| builder.trust_http(Trust::Link)).await;
    assert_root(&span);
    assert_links(&span, &[IN_META, IN_HEADER]);
    let span = refused(sent, |builder| builder.trust_http(Trust::Ignore)).await;
    assert_root(&span);
    assert_links(&span, &[]);
}
