//! Events and the other signals of the same operation: its span's ids, and the same counts.

#![expect(clippy::float_cmp, reason = "counts are whole numbers")]

use mcp_observe::{Telemetry, Trust};
use mcp_observe_tests::attribute;
use mcp_observe_tests::security::Lines;
use mcp_observe_tests::series;
use mcp_observe_tests::server::Everything;
use opentelemetry_sdk::trace::Sampler;
use serde_json::json;

use crate::tools::{Logged, Tools};

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

/// Ids are those of a span that nobody exports: in the caller's trace, or a new one.
#[tokio::test]
async fn what_is_not_sampled_has_ids() {
    let unsampled = |trust| {
        let lines = Lines::default();
        let capture = lines.capture(
            |log| log,
            |builder| builder.sampler(Sampler::AlwaysOff).trust(trust),
        );
        Logged::with(Tools::default(), lines, capture)
    };
    for trust in [Trust::Parent, Trust::Ignore] {
        let mut logged = unsampled(trust).await;
        let params = json!({
            "name": "add",
            "arguments": { "a": 1, "b": 2 },
            "_meta": { "traceparent": TRACEPARENT },
        });
        let (_, events) = logged.ask("tools/call", &params).await;
        assert!(logged.capture.spans().is_empty());
        let [trace, span] = ["trace_id", "span_id"].map(|key| events[0].get(key).expect(key));
        assert_eq!((trace.len(), span.len()), (32, 16));
        assert_eq!(
            trace == "0af7651916cd43dd8448eb211c80319c",
            trust == Trust::Parent
        );
        assert!(span != "b7ad6b7169203331" && span != "0000000000000000");
    }
}

#[tokio::test]
async fn without_tracing_there_are_none() {
    let lines = Lines::default();
    let telemetry = Telemetry::builder()
        .security_log(lines.builder())
        .build()
        .expect("an instance");
    let observed = mcp_observe::rmcp::Observed::builder(Everything::default());
    let observed = observed.telemetry(&telemetry).build();
    let mut wire =
        mcp_observe_tests::wire::Wire::initialized(observed, crate::tools::VERSION).await;
    let call = mcp_observe_tests::wire::request(1, "tools/call", &json!({ "name": "echo" }));
    wire.ask(&call).await;
    let event = lines.event(&telemetry);
    assert_eq!((event.get("trace_id"), event.get("span_id")), (None, None));
    let calls = series(&telemetry.prometheus_text())
        .into_iter()
        .filter(|it| it.name == "mcp_tool_calls_total")
        .map(|it| it.value)
        .sum::<f64>();
    assert_eq!(calls, 1.0);
}

/// Each call is one span, one sample, and one line, with the same outcome in each.
#[tokio::test]
async fn signals_agree() {
    let mut logged = Logged::serve(Everything::default()).await;
    let calls = [
        "echo", "fail", "reject", "break", "odd", "panic", "none", "echo", "fail",
    ];
    for tool in calls {
        logged.call(tool, json!({})).await;
    }
    let events = logged.events();
    let spans: Vec<_> = logged.capture.spans();
    let spans: Vec<_> = spans
        .iter()
        .filter(|span| attribute(span, "mcp.method.name").as_deref() == Some("tools/call"))
        .collect();
    assert_eq!((events.len(), spans.len()), (calls.len(), calls.len()));
    let labels = [("mcp_method_name", "tools/call")];
    let samples = logged
        .capture
        .sum("mcp_server_operation_duration_seconds_count", &labels);
    assert_eq!(samples, 9.0);
    for (event, span) in events.iter().zip(spans) {
        event.assert_of(span);
        assert_eq!(
            attribute(span, "gen_ai.tool.name").as_deref(),
            event.get("mcp.tool.name")
        );
        if let Some(class) = attribute(span, "error.type") {
            assert_eq!(event.get("error.kind"), Some(&*class));
        }
    }
    for (tool, status, count) in [
        ("echo", "success", 2.0),
        ("fail", "error", 2.0),
        ("reject", "error", 1.0),
        ("break", "error", 1.0),
        ("odd", "error", 1.0),
        ("panic", "error", 1.0),
    ] {
        let of_log = events
            .iter()
            .filter(|it| it.get("mcp.tool.name") == Some(tool) && it.get("status") == Some(status));
        let of_log: f64 = of_log.map(|_| 1.0).sum();
        let labels = [("tool_name", tool), ("status", status)];
        let of_metrics = logged
            .capture
            .sum("mcp_tool_invocation_duration_seconds_count", &labels);
        assert_eq!((of_log, of_metrics), (count, count), "{tool}");
        for event in events
            .iter()
            .filter(|it| it.get("mcp.tool.name") == Some(tool))
        {
            if let Some(kind) = event.get("error.kind") {
                let labels = [("tool_name", tool), ("error_type", kind)];
                let errors = logged.capture.sum("mcp_tool_errors_total", &labels);
                assert_eq!(errors, count, "{tool} {kind}");
            }
        }
    }
    let unknown = logged
        .capture
        .metric("mcp_unknown_total", &[("kind", "tool")]);
    let hashes = events
        .iter()
        .filter(|it| it.get("mcp.unknown.hash").is_some());
    assert_eq!((unknown, hashes.count()), (Some(1.0), 1));
}
