//! What goes to an OTLP endpoint, and that an endpoint in trouble disturbs nothing.

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;

use crate::collector::{self, Collector, attribute};
use crate::demo::child::{Demo, FREE_PORTS};
use crate::demo::once::assert_whole_trace;

#[test]
fn the_trace_reaches_a_collector() {
    let mut collector = Collector::start();
    let flags = [&FREE_PORTS[..], &["--once"]].concat();
    let demo = Demo::run(&flags, &collector.environment());
    assert_eq!(
        (demo.code, demo.stderr.as_str()),
        (Some(0), ""),
        "{demo:#?}"
    );

    let root = collector.wait_for("agent", |span| span.name.starts_with("invoke_agent"));
    assert_eq!(root.service, "weather-demo");
    let (trace, root) = (root.span.trace_id.clone(), root.span.span_id.clone());
    for tool in ["get_weather", "query_database", "send_report"] {
        let name = format!("tools/call {tool}");
        let client = collector.wait_for("client's span", |span| {
            span.name == name && span.kind() == SpanKind::Client
        });
        assert_eq!(client.span.trace_id, trace);
        assert_eq!(client.span.parent_span_id, root);
        let attributes = client.span.attributes.clone();
        assert_eq!(attribute(&attributes, "server.address"), Some("127.0.0.1"));
        let request = attribute(&attributes, "jsonrpc.request.id");
        assert!(request.is_some(), "{attributes:#?}");
        let client = client.span.span_id.clone();
        let server = collector.wait_for("server's span", |span| {
            span.name == name && span.kind() == SpanKind::Server
        });
        assert_eq!(server.span.trace_id, trace);
        assert_eq!(server.span.parent_span_id, client);
        assert_eq!(
            attribute(&server.span.attributes, "jsonrpc.request.id"),
            request
        );
    }
}

/// As `docs/recipes` have it.
#[test]
fn the_endpoint_may_have_a_path_and_ask_for_a_header() {
    let mut collector = Collector::start();
    let [(variable, endpoint), _] = collector.environment();
    let endpoint = format!("{endpoint}/otlp");
    let header = "Authorization=Basic%20dXNlcjprZXk=";
    let environment = [
        (variable, endpoint.as_str()),
        ("OTEL_EXPORTER_OTLP_HEADERS", header),
    ];
    let flags = [&FREE_PORTS[..], &["--once"]].concat();
    let demo = Demo::run(&flags, &environment);
    assert_eq!((demo.code, demo.stderr.as_str()), (Some(0), ""));
    let requests = collector.requests();
    for (path, authorization) in &requests {
        assert_eq!(*authorization, Some("Basic dXNlcjprZXk="), "{path}");
    }
    for signal in ["traces", "metrics", "logs"] {
        let path = format!("/otlp/v1/{signal}");
        let arrived = requests.iter().any(|it| it.0 == path);
        assert!(arrived, "{path}: {requests:?}");
    }
}

#[test]
fn metrics_are_sums_unless_differences_are_asked_for() {
    let variable = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
    for (more, is_difference) in [(&[][..], false), (&[(variable, "delta")], true)] {
        let mut collector = Collector::start();
        let flags = [&FREE_PORTS[..], &["--once"]].concat();
        let demo = Demo::run(&flags, &[&collector.environment(), more].concat());
        assert_eq!((demo.code, demo.stderr.as_str()), (Some(0), ""));
        let differences = collector.differences();
        for metric in [
            "mcp.tool.calls",
            "mcp.tool.invocation.duration",
            "mcp.server.operation.duration",
        ] {
            assert_eq!(differences.get(metric), Some(&is_difference), "{metric}");
        }
        // What is scraped is not told in differences.
        assert!(demo.stdout.contains("get_weather           1"), "{demo:#?}");
    }
}

#[test]
fn nobody_at_the_endpoint() {
    let (closed, endpoint) = collector::mute();
    drop(closed);
    assert_undisturbed(&endpoint);
}

#[test]
fn an_endpoint_that_never_answers() {
    let (_listener, endpoint) = collector::mute();
    assert_undisturbed(&endpoint);
}

fn assert_undisturbed(endpoint: &str) {
    let flags = [&FREE_PORTS[..], &["--once"]].concat();
    let demo = Demo::run(&flags, &[("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)]);
    assert_eq!(demo.code, Some(0), "{demo:#?}");
    assert_whole_trace(&demo.stdout);
    assert_eq!(demo.stderr.lines().count(), 1, "{demo:#?}");
    assert!(demo.stderr.contains("lost"), "{demo:#?}");
}
