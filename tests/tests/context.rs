//! The caller's context: what in `_meta` becomes the parent, what a link, and what nothing.

use mcp_observe::{Carrier, Trust, mcp_tool};
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use opentelemetry::{Context, baggage::BaggageExt};
use opentelemetry_sdk::trace::SpanData;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";

fn traceparent(flags: &str) -> String {
    format!("00-{TRACE}-{SPAN}-{flags}")
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

/// A tool of that name is called, with the given `_meta`, and its span returned.
macro_rules! call {
    ($name:ident, $meta:expr) => {{
        #[mcp_tool]
        fn $name(#[meta] meta: &Map<String, Value>) -> usize {
            meta.len()
        }
        let capture = Capture::installed();
        let before = capture
            .spans_named(concat!("tools/call ", stringify!($name)))
            .len();
        $name(&object($meta));
        let mut spans = capture.spans_named(concat!("tools/call ", stringify!($name)));
        assert_eq!(spans.len(), before + 1, "one more span");
        spans.pop().expect("it is there")
    }};
}

fn is_child_of_the_caller(span: &SpanData) -> bool {
    span.span_context.trace_id().to_string() == TRACE
        && span.parent_span_id.to_string() == SPAN
        && span.parent_span_is_remote
}

fn is_root(span: &SpanData) -> bool {
    span.parent_span_id == SpanId::INVALID && span.span_context.trace_id().to_string() != TRACE
}

fn local(trace: u128, span: u64) -> SpanContext {
    SpanContext::new(
        TraceId::from(trace),
        SpanId::from(span),
        TraceFlags::SAMPLED,
        false,
        TraceState::NONE,
    )
}

#[test]
fn the_callers_span_is_the_parent() {
    let span = call!(
        parented,
        json!({"traceparent": traceparent("01"), "tracestate": "vendor=1"})
    );
    assert!(is_child_of_the_caller(&span));
    assert_eq!(span.span_context.trace_state().header(), "vendor=1");
    assert!(span.links.is_empty());
}

/// Bit 2 of the flags says that the trace id is random; Python's SDK sets it.
#[test]
fn unknown_flags_are_accepted() {
    assert!(is_child_of_the_caller(&call!(
        flags,
        json!({"traceparent": traceparent("03")})
    )));
}

#[test]
fn the_callers_decision_not_to_sample_is_obeyed() {
    #[mcp_tool]
    fn unsampled(#[meta] _meta: &Map<String, Value>) -> SpanContext {
        Context::current().span().span_context().clone()
    }
    let capture = Capture::installed();
    let inside = unsampled(&object(json!({"traceparent": traceparent("00")})));
    assert!(capture.spans_named("tools/call unsampled").is_empty());
    assert_eq!(
        inside.trace_id().to_string(),
        TRACE,
        "its trace goes on all the same"
    );
    assert!(!inside.is_sampled());
    let calls = capture.metric("mcp_tool_calls_total", &[("tool_name", "unsampled")]);
    assert_eq!(calls, Some(1.0), "metrics are not sampled");
}

#[test]
fn an_ambient_span_becomes_a_link() {
    let ambient = local(7, 9);
    let _guard = Context::new()
        .with_remote_span_context(ambient.clone())
        .attach();
    let span = call!(linked, json!({"traceparent": traceparent("01")}));
    assert!(is_child_of_the_caller(&span));
    let links: Vec<_> = span
        .links
        .iter()
        .map(|link| link.span_context.clone())
        .collect();
    assert_eq!(links, [ambient]);
}

#[test]
fn without_a_callers_context_the_ambient_span_is_the_parent() {
    let _guard = Context::new()
        .with_remote_span_context(local(7, 9))
        .attach();
    for meta in [json!({}), json!({"traceparent": "nonsense"})] {
        let span = call!(ambient, meta);
        assert_eq!(span.parent_span_id, SpanId::from(9));
        assert_eq!(span.span_context.trace_id(), TraceId::from(7));
        assert!(span.links.is_empty());
    }
}

#[test]
fn what_is_malformed_starts_a_fresh_trace() {
    let huge = "a".repeat(10_000_000);
    let oversized = format!("01-{TRACE}-{SPAN}-01-{}", "f".repeat(300));
    for value in [
        json!(null),
        json!(1),
        json!(true),
        json!([traceparent("01")]),
        json!({"traceparent": traceparent("01")}),
        json!(""),
        json!("00"),
        json!("00-00000000000000000000000000000000-b7ad6b7169203331-01"),
        json!("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"),
        json!(format!("ff-{TRACE}-{SPAN}-01")),
        json!(format!("00-{}-{SPAN}-01", TRACE.to_uppercase())),
        json!(format!("{},{}", traceparent("01"), traceparent("01"))),
        json!(oversized),
        json!(huge),
        json!("\u{0}\u{202e}\n"),
    ] {
        assert!(
            is_root(&call!(malformed, json!({"traceparent": value}))),
            "{value:.60}"
        );
    }
}

#[test]
fn a_bad_tracestate_costs_only_itself() {
    let huge = format!("vendor={}", "a".repeat(1_000));
    for value in [json!(huge), json!(7), json!("no state")] {
        let meta = json!({"traceparent": traceparent("01"), "tracestate": value});
        let span = call!(bad_state, meta);
        assert!(is_child_of_the_caller(&span));
        assert_eq!(span.span_context.trace_state().header(), "");
    }
}

#[test]
fn a_repeated_key_is_what_json_makes_of_it() {
    let text = format!(
        r#"{{"traceparent": "00-11111111111111111111111111111111-2222222222222222-01", "traceparent": "{}"}}"#,
        traceparent("01")
    );
    let span = call!(repeated, serde_json::from_str(&text).expect("it is JSON"));
    assert!(is_child_of_the_caller(&span));
}

#[tokio::test]
async fn maps_of_strings_and_own_types_carry_it_too() {
    use std::collections::{BTreeMap, HashMap};

    struct Own;

    impl Carrier for Own {
        fn get(&self, key: &str) -> Option<&str> {
            let value = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
            (key == "traceparent").then_some(value)
        }
    }

    #[mcp_tool]
    async fn from_hash_map(#[meta] _meta: HashMap<String, String>) {}
    #[mcp_tool]
    async fn from_btree_map(#[meta] _meta: Option<&BTreeMap<String, String>>) {}
    #[mcp_tool]
    async fn from_own(a: u8, #[meta] _meta: Own) -> u8 {
        a
    }
    #[mcp_tool]
    fn from_value(#[meta] _meta: &Value) {}

    let capture = Capture::installed();
    let entry = ("traceparent".to_owned(), traceparent("01"));
    from_hash_map(HashMap::from([entry.clone()])).await;
    from_btree_map(Some(&BTreeMap::from([entry]))).await;
    from_own(1, Own).await;
    from_value(&json!({"traceparent": traceparent("01")}));
    for tool in ["from_hash_map", "from_btree_map", "from_own", "from_value"] {
        assert!(
            is_child_of_the_caller(&capture.span(&format!("tools/call {tool}"))),
            "{tool}"
        );
    }
}

/// The span of a tool is current in its body on every poll, whichever thread that is on, and not
/// after it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_span_is_current_in_the_body_and_only_there() {
    #[mcp_tool]
    async fn current(#[meta] _meta: Map<String, Value>) -> Vec<SpanContext> {
        let mut seen = Vec::new();
        for _ in 0..20 {
            seen.push(Context::current().span().span_context().clone());
            tokio::task::yield_now().await;
        }
        seen
    }
    let capture = Capture::installed();
    let meta = object(json!({"traceparent": traceparent("01")}));
    let seen = tokio::spawn(current(meta)).await.expect("it returns");
    assert!(!Context::current().has_active_span());
    let span = capture.span("tools/call current");
    assert!(seen.iter().all(|context| *context == span.span_context));
}

/// A tool that another tool's body calls is part of that call, and no message.
#[tokio::test]
async fn a_tool_called_by_a_tool_is_an_internal_child() {
    #[mcp_tool]
    fn callee(fail: bool) -> Result<(), String> {
        if fail { Err("no".to_owned()) } else { Ok(()) }
    }
    #[mcp_tool]
    async fn caller() -> Result<(), String> {
        callee(false)?;
        tokio::task::yield_now().await;
        callee(true)
    }
    let capture = Capture::installed();
    caller().await.expect_err("it fails");
    let outer = capture.span("tools/call caller");
    let inner = capture.spans_named("execute_tool callee");
    assert_eq!(inner.len(), 2);
    for span in &inner {
        assert_eq!(span.span_kind, opentelemetry::trace::SpanKind::Internal);
        assert_eq!(span.parent_span_id, outer.span_context.span_id());
    }
    assert_eq!(attribute(&inner[0], "error.type"), None);
    assert_eq!(
        attribute(&inner[1], "error.type").as_deref(),
        Some("tool_error")
    );
    let calls = capture.metric("mcp_tool_calls_total", &[("tool_name", "callee")]);
    assert_eq!(calls, Some(0.0));
}

/// Baggage that the code around has set is its own, and stays.
#[test]
fn baggage_of_the_code_around_is_kept() {
    #[mcp_tool]
    fn own_baggage(#[meta] _meta: &Map<String, Value>) -> Option<String> {
        Context::current()
            .baggage()
            .get("own")
            .map(ToString::to_string)
    }
    Capture::installed();
    let own = Context::new().with_baggage([opentelemetry::KeyValue::new("own", "1")]);
    let _guard = own.attach();
    for meta in [
        json!({}),
        json!({"traceparent": traceparent("01")}),
        json!({"traceparent": traceparent("03"), "baggage": "own=2,theirs=3"}),
    ] {
        assert_eq!(own_baggage(&object(meta)).as_deref(), Some("1"));
    }
}

/// What an instance other than the default reads is seen through `Observed`; see `http.rs`. Here:
/// the policies' effect on the sampler, which is the point of them.
#[test]
fn baggage_is_dropped_unless_it_is_allowed() {
    #[mcp_tool]
    fn baggage(#[meta] _meta: &Map<String, Value>) -> usize {
        Context::current().baggage().len()
    }
    Capture::installed();
    let meta = json!({"traceparent": traceparent("01"), "baggage": "user=1,tenant=2"});
    assert_eq!(baggage(&object(meta)), 0);
    assert_eq!(Trust::default(), Trust::Parent);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is in `_meta`, the call returns what it returns.
    #[test]
    fn nothing_in_meta_harms_the_call(
        parent in ".{0,80}",
        state in ".{0,600}",
        number in any::<i64>(),
    ) {
        let span = call!(hostile, json!({
            "traceparent": parent, "tracestate": state, "baggage": state, "n": number,
        }));
        prop_assert!(is_root(&span));
    }
}
