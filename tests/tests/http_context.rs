//! Which trace a message over HTTP belongs to: the caller's context in `_meta`, the one in HTTP
//! headers, and the span around the server.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use mcp_observe::Trust;
use mcp_observe::http::ObserveLayer;
use mcp_observe_tests::Capture;
use mcp_observe_tests::over_http::{
    IN_HEADER, IN_META, Mode, Setup, assert_links, assert_parent, assert_root, traceparent,
};
use opentelemetry::trace::{
    FutureExt, SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState,
};
use serde_json::json;

#[tokio::test]
async fn what_the_caller_sends_is_parent_or_link() {
    let both = [("traceparent", traceparent(IN_HEADER))];
    let header = both.each_ref().map(|(name, value)| (*name, &**value));
    let meta = || json!({ "traceparent": traceparent(IN_META) });
    for mode in [Mode::Sessions, Mode::Stateless, Mode::Modern] {
        let setup = Setup::new(mode).await;
        let span = setup.call(1, meta(), &[]).await;
        assert_parent(&span, IN_META);
        assert_links(&span, &[]);
        let span = setup.call(2, json!({}), &header).await;
        assert_parent(&span, IN_HEADER);
        assert_links(&span, &[]);
        let span = setup.call(3, meta(), &header).await;
        assert_parent(&span, IN_META);
        assert_links(&span, &[IN_HEADER]);
        // A malformed one counts as none.
        let span = setup
            .call(4, json!({ "traceparent": ["x"] }), &header)
            .await;
        assert_parent(&span, IN_HEADER);
        // Two headers: no telling which is meant.
        let span = setup.call(5, json!({}), &[header[0], header[0]]).await;
        assert_root(&span);
        assert_links(&span, &[]);
        let span = setup.call(6, meta(), &[header[0], header[0]]).await;
        assert_parent(&span, IN_META);
        assert_links(&span, &[]);
    }
}

#[tokio::test]
async fn the_span_around_is_linked_and_parent_only_without_the_callers() {
    const AROUND: (&str, &str) = ("11111111111111111111111111111111", "2222222222222222");
    let around = |router: Router| {
        let within = from_fn(|request: Request, next: Next| {
            let span = SpanContext::new(
                TraceId::from_hex(AROUND.0).expect("valid"),
                SpanId::from_hex(AROUND.1).expect("valid"),
                TraceFlags::SAMPLED,
                false,
                TraceState::NONE,
            );
            let context = opentelemetry::Context::new().with_remote_span_context(span);
            next.run(request).with_context(context)
        });
        router.layer(ObserveLayer::new()).layer(within)
    };
    let header = [("traceparent", &*traceparent(IN_HEADER))];
    let meta = || json!({ "traceparent": traceparent(IN_META) });
    for mode in [Mode::Sessions, Mode::Stateless, Mode::Modern] {
        let setup = Setup::with(mode, Capture::new(), around).await;
        // Whoever made the span around has read the header.
        let span = setup.call(1, meta(), &header).await;
        assert_parent(&span, IN_META);
        assert_links(&span, &[AROUND]);
        let span = setup.call(2, json!({}), &header).await;
        assert_parent(&span, AROUND);
        assert_links(&span, &[]);

        let linked = Capture::with(|builder| builder.trust(Trust::Link));
        let setup = Setup::with(mode, linked, around).await;
        let span = setup.call(1, meta(), &[]).await;
        assert_root(&span);
        assert_links(&span, &[IN_META, AROUND]);

        let ignoring = Capture::with(|builder| builder.trust(Trust::Ignore));
        let setup = Setup::with(mode, ignoring, around).await;
        let span = setup.call(1, meta(), &[]).await;
        assert_parent(&span, AROUND);
        assert_links(&span, &[]);
    }
}

#[tokio::test]
async fn a_caller_who_is_not_trusted_is_linked_or_ignored() {
    let header = [("traceparent", &*traceparent(IN_HEADER))];
    let meta = || json!({ "traceparent": traceparent(IN_META) });
    for mode in [Mode::Sessions, Mode::Modern] {
        let linked = Capture::with(|builder| builder.trust_http(Trust::Link));
        let setup = Setup::with(mode, linked, |router| router).await;
        for (id, meta, headers, links) in [
            (1, meta(), &[][..], &[IN_META][..]),
            (2, json!({}), &header, &[IN_HEADER]),
            (3, meta(), &header, &[IN_META, IN_HEADER]),
        ] {
            let span = setup.call(id, meta, headers).await;
            assert_root(&span);
            assert_links(&span, links);
        }
        let ignored = Capture::with(|builder| builder.trust_http(Trust::Ignore));
        let setup = Setup::with(mode, ignored, |router| router).await;
        for (id, meta, headers) in [
            (1, meta(), &[][..]),
            (2, json!({}), &header),
            (3, meta(), &header),
        ] {
            let span = setup.call(id, meta, headers).await;
            assert_root(&span);
            assert_links(&span, &[]);
        }
        // The policy of pipes is not that of HTTP.
        let pipes = Capture::with(|builder| builder.trust_pipe(Trust::Ignore));
        let setup = Setup::with(mode, pipes, |router| router).await;
        assert_parent(&setup.call(1, meta(), &[]).await, IN_META);
    }
}

#[tokio::test]
async fn calls_without_any_context_are_traces_of_their_own() {
    for mode in [Mode::Sessions, Mode::Stateless, Mode::Modern] {
        let setup = Setup::new(mode).await;
        let mut traces = std::collections::HashSet::new();
        for id in 1..=4 {
            let span = setup.call(id, json!({}), &[]).await;
            assert_root(&span);
            assert_links(&span, &[]);
            assert!(
                traces.insert(span.span_context.trace_id()),
                "{mode:?}: one trace for all"
            );
        }
    }
}
