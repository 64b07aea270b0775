//! The metrics as they are scraped: names, units, labels, zeros from the start, and where.

#![expect(
    dead_code,
    reason = "what is shown of a tool that is never called is the point"
)]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use mcp_observe::http::{MetricsListener, metrics_route};
use mcp_observe::security::Tags;
use mcp_observe::{mcp_tool, tools};
use mcp_observe_tests::{Capture, Series, series};
use opentelemetry_sdk::metrics::InMemoryMetricExporter;
use opentelemetry_sdk::metrics::PeriodicReader;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, MetricData, ResourceMetrics, ScopeMetrics,
};

#[mcp_tool(tags(sensitive, source))]
fn never_called() {}

#[mcp_tool(name = "with/own.buckets", buckets = [0.25, 1, 2.5])]
fn own_buckets() {}

/// An error counter that first appears at 1 is invisible to `rate()`.
#[test]
fn every_series_of_every_tool_is_there_at_zero() {
    let capture = Capture::new();
    for tool in ["never_called", "with/own.buckets"] {
        let name = ("tool_name", tool);
        let zero = |metric: &str, labels: &[(&str, &str)]| {
            let value = capture.metric(metric, &[&[name], labels].concat());
            assert_eq!(value, Some(0.0), "{metric} {labels:?}");
        };
        zero("mcp_tool_calls_total", &[]);
        zero("mcp_tool_active", &[]);
        for class in [
            "tool_error",
            "invalid_arguments",
            "panic",
            "timeout",
            "-32602",
            "-32603",
            "_OTHER",
        ] {
            zero("mcp_tool_errors_total", &[("error_type", class)]);
        }
        for status in ["success", "error", "cancelled"] {
            let status = ("status", status);
            zero("mcp_tool_invocation_duration_seconds_count", &[status]);
            zero("mcp_tool_invocation_duration_seconds_sum", &[status]);
            zero(
                "mcp_tool_invocation_duration_seconds_bucket",
                &[status, ("le", "+Inf")],
            );
        }
    }
    for kind in ["tool", "method"] {
        assert_eq!(
            capture.metric("mcp_unknown_total", &[("kind", kind)]),
            Some(0.0)
        );
    }
    let cancelled = [("tool_name", "never_called"), ("error_type", "cancelled")];
    assert_eq!(
        capture.metric("mcp_tool_errors_total", &cancelled),
        None,
        "it is no error"
    );
}

#[test]
fn buckets_are_those_of_the_table_or_the_tools_own() {
    let text = Capture::new().telemetry.prometheus_text();
    let bounds = |tool: &str| -> Vec<String> {
        let of_tool = |it: &Series| {
            it.name == "mcp_tool_invocation_duration_seconds_bucket"
                && it
                    .labels
                    .contains(&("tool_name".to_owned(), tool.to_owned()))
                && it
                    .labels
                    .contains(&("status".to_owned(), "success".to_owned()))
        };
        let le = |it: Series| it.labels.into_iter().find(|(key, _)| key == "le");
        series(&text)
            .into_iter()
            .filter(of_tool)
            .filter_map(le)
            .map(|(_, bound)| bound)
            .collect()
    };
    assert_eq!(
        bounds("never_called"),
        ["0.01", "0.05", "0.1", "0.5", "1", "5", "+Inf"]
    );
    assert_eq!(bounds("with/own.buckets"), ["0.25", "1", "2.5", "+Inf"]);
}

#[test]
fn labels_are_those_of_the_table_and_no_scope() {
    let text = Capture::new().telemetry.prometheus_text();
    assert!(!text.contains("otel_scope"), "{text}");
    for it in series(&text) {
        let mut labels: Vec<&str> = it.labels.iter().map(|(key, _)| key.as_str()).collect();
        labels.retain(|label| *label != "le");
        let expected: &[&str] = match it.name.as_str() {
            "mcp_tool_calls_total" | "mcp_tool_active" => &["tool_name"],
            "mcp_tool_errors_total" => &["error_type", "tool_name"],
            "mcp_unknown_total" => &["kind"],
            "mcp_rounds_total" => &["state"],
            name if name.starts_with("mcp_tool_invocation_duration_seconds_") => {
                &["status", "tool_name"]
            }
            "target_info" => continue,
            name => panic!("{name} is no metric of the table"),
        };
        assert_eq!(labels, expected, "{}", it.name);
    }
    for (name, kind) in [
        ("mcp_tool_calls_total", "counter"),
        ("mcp_tool_errors_total", "counter"),
        ("mcp_tool_active", "gauge"),
        ("mcp_tool_invocation_duration_seconds", "histogram"),
        ("mcp_unknown_total", "counter"),
        ("mcp_rounds_total", "counter"),
    ] {
        let declared = format!("# TYPE {name} {kind}\n");
        assert_eq!(text.matches(&declared).count(), 1, "{declared}");
        assert_eq!(
            text.matches(&format!("# HELP {name} ")).count(),
            1,
            "{name}"
        );
    }
}

#[test]
fn tools_are_listed_without_being_called() {
    let listed: Vec<_> = tools()
        .into_iter()
        .map(|tool| (tool.name, tool.module, tool.tags))
        .collect();
    assert_eq!(
        listed,
        [
            ("never_called", "exposition", Tags::SOURCE | Tags::SENSITIVE),
            ("with/own.buckets", "exposition", Tags::NONE),
        ]
    );
}

/// What OTLP pushes is what is scraped.
#[test]
fn instruments_are_read_by_push_as_well() {
    let exporter = InMemoryMetricExporter::default();
    let reader = PeriodicReader::builder(exporter.clone()).build();
    let capture = Capture::with(|builder| builder.metric_reader(reader));
    capture
        .telemetry
        .flush(std::time::Duration::from_secs(5))
        .expect("the exporter takes all");
    let pushed = exporter.get_finished_metrics().expect("the exporter works");
    let metrics: Vec<_> = pushed
        .iter()
        .flat_map(ResourceMetrics::scope_metrics)
        .flat_map(ScopeMetrics::metrics)
        .collect();
    let calls = metrics
        .iter()
        .find(|it| it.name() == "mcp.tool.calls")
        .expect("it is pushed");
    let AggregatedMetrics::U64(MetricData::Sum(sum)) = calls.data() else {
        panic!("{calls:?} is no counter");
    };
    assert_eq!(sum.data_points().count(), 2);
    let durations = metrics
        .iter()
        .filter(|it| it.name() == "mcp.tool.invocation.duration");
    for duration in durations {
        assert_eq!(duration.unit(), "s");
    }
}

fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("it answers");
    response
}

#[test]
fn the_listener_answers_on_loopback_until_it_is_dropped() {
    let capture = Capture::new();
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = MetricsListener::start(&capture.telemetry, any_port).expect("a port is free");
    let address = listener.address();
    let response = get(address, "/metrics");
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    let content_type = "content-type: text/plain; version=0.0.4";
    assert!(response.to_lowercase().contains(content_type), "{response}");
    assert!(response.contains("mcp_tool_calls_total{tool_name=\"never_called\"} 0"));
    assert!(get(address, "/").starts_with("HTTP/1.1 404"));

    let taken = MetricsListener::start(&capture.telemetry, address).expect_err("it is taken");
    assert_eq!(taken.kind(), std::io::ErrorKind::AddrInUse);
    drop(listener);
    assert!(
        TcpStream::connect(address).is_err(),
        "nothing listens any more"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_route_answers_on_the_users_server() {
    let capture = Capture::new();
    let router = axum::Router::new().route("/metrics", metrics_route(&capture.telemetry));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let server = tokio::spawn(async { axum::serve(listener, router).await });
    let response = tokio::task::spawn_blocking(move || get(address, "/metrics"))
        .await
        .expect("it answers");
    assert!(
        response.contains("mcp_tool_active{tool_name=\"never_called\"} 0"),
        "{response}"
    );
    server.abort();
}
