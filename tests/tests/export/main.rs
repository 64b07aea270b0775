//! What the standard variables do, seen by a real receiver: a process is started with them, and ends.

mod losses;
mod process;
mod receiver;
mod tls;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use mock_collector::{MockCollector, MockServer, Protocol, ServerHandle};
use process::{Ended, Exporting};
use receiver::receiver;
use serde_json::Value;

async fn run(calls: usize, variables: &[(&str, &str)]) -> (Vec<Value>, Ended) {
    let variables: Vec<(String, String)> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    tokio::task::spawn_blocking(move || {
        let variables: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let exporting = Exporting::start(calls, &variables);
        let seen = exporting.seen.clone();
        (seen, exporting.end())
    })
    .await
    .expect("it runs")
}

async fn collector(protocol: Protocol) -> (ServerHandle, String) {
    let collector = MockServer::builder()
        .protocol(protocol)
        .start()
        .await
        .expect("a port is free");
    let endpoint = format!("http://{}", collector.addr());
    (collector, endpoint)
}

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";

#[tokio::test(flavor = "multi_thread")]
async fn all_signals_arrive_by_http_and_by_grpc() {
    for (protocol, name) in [
        (Protocol::HttpBinary, "http/protobuf"),
        (Protocol::Grpc, "grpc"),
    ] {
        let (collector, endpoint) = collector(protocol).await;
        let (_, ended) = run(3, &[(ENDPOINT, &endpoint), (PROTOCOL, name)]).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        collector
            .with_collector(|collected| {
                collected
                    .expect_span_with_name("tools/call export_me")
                    .assert_count(3);
                collected
                    .expect_span_with_name("tools/call export_me")
                    .with_resource_attributes([
                        ("service.name", "named by the code"),
                        ("team", "set by the code"),
                    ])
                    .assert_count(3);
                collected
                    .expect_metric_with_name("mcp.tool.calls")
                    .assert_at_least(1);
                // Logs carry the tool, and through their context the trace; rmcp's are capped.
                collected
                    .expect_log_with_body("the tool runs")
                    .with_attributes([("gen_ai.tool.name", "export_me")])
                    .assert_count(3);
                collected
                    .expect_log_with_body("a whole request")
                    .assert_not_exists();
                let spans: Vec<_> = collected
                    .spans()
                    .iter()
                    .map(|it| it.span().span_id.clone())
                    .collect();
                for log in collected.logs() {
                    assert!(spans.contains(&log.log_record().span_id), "it is of a span");
                }
            })
            .await;
    }
}

/// The machine's root certificates are what is trusted, over both protocols; `SSL_CERT_FILE` says
/// where they are.
#[tokio::test(flavor = "multi_thread")]
async fn tls_is_spoken_with_whom_the_machine_trusts_and_nobody_else() {
    for (protocol, name, alpn) in [
        (Protocol::HttpBinary, "http/protobuf", "http/1.1"),
        (Protocol::Grpc, "grpc", "h2"),
    ] {
        let (collector, plain) = collector(protocol).await;
        let plain = plain.trim_start_matches("http://").to_owned();
        let tls = tls::in_front_of(plain, alpn).await;
        let authority = tls.authority.to_str().expect("it is text");
        let variables = [(ENDPOINT, tls.endpoint.as_str()), (PROTOCOL, name)];
        let trusting = [&variables[..], &[("SSL_CERT_FILE", authority)]].concat();

        let (_, ended) = run(1, &variables).await;
        assert_ne!(ended.code, Some(0), "{name}: nobody vouches for it");
        let spans = collector.with_collector(|it| it.spans().len()).await;
        assert_eq!(spans, 0, "{name}");

        let (_, ended) = run(1, &trusting).await;
        assert_eq!(ended.code, Some(0), "{name}: {}", ended.stderr);
        let spans = collector.with_collector(|it| it.spans().len()).await;
        assert_eq!(spans, 1, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_names_the_service_and_its_attributes() {
    let (collector, endpoint) = collector(Protocol::HttpBinary).await;
    let variables = [
        (ENDPOINT, endpoint.as_str()),
        ("OTEL_SERVICE_NAME", "named by the environment"),
        (
            "OTEL_RESOURCE_ATTRIBUTES",
            "team=blue,deployment.environment.name=test",
        ),
    ];
    run(1, &variables).await;
    collector
        .with_collector(|collected| {
            collected
                .expect_span_with_name("tools/call export_me")
                .with_resource_attributes([
                    ("service.name", "named by the environment"),
                    ("team", "blue"),
                    ("deployment.environment.name", "test"),
                ])
                .assert_count(1);
        })
        .await;
}

/// Which signals arrive where `{}` in the variables is the collector's endpoint: traces, metrics, logs.
async fn arriving(variables: &[(&str, &str)]) -> (bool, bool, bool) {
    let (collector, endpoint) = collector(Protocol::HttpBinary).await;
    let values: Vec<String> = variables
        .iter()
        .map(|(_, value)| value.replace("{}", &endpoint))
        .collect();
    let variables: Vec<(&str, &str)> = variables
        .iter()
        .zip(&values)
        .map(|((name, _), value)| (*name, value.as_str()))
        .collect();
    let (_, ended) = run(1, &variables).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    collector
        .with_collector(|it| {
            (
                it.span_count() > 0,
                it.metric_count() > 0,
                it.log_count() > 0,
            )
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_have_endpoints_and_exporters_of_their_own() {
    for (variables, expected) in [
        (vec![], (false, false, false)),
        (
            vec![("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "{}/v1/traces")],
            (true, false, false),
        ),
        (
            vec![("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "{}/v1/metrics")],
            (false, true, false),
        ),
        (
            vec![("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "{}/v1/logs")],
            (false, false, true),
        ),
        (
            vec![(ENDPOINT, "{}"), ("OTEL_TRACES_EXPORTER", "none")],
            (false, true, true),
        ),
        (
            vec![(ENDPOINT, "{}"), ("OTEL_METRICS_EXPORTER", "none")],
            (true, false, true),
        ),
        (
            vec![(ENDPOINT, "{}"), ("OTEL_LOGS_EXPORTER", "none")],
            (true, true, false),
        ),
        (
            vec![(ENDPOINT, "{}"), ("OTEL_TRACES_EXPORTER", "otlp")],
            (true, true, true),
        ),
    ] {
        assert_eq!(arriving(&variables).await, expected, "{variables:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sampler_is_the_variables() {
    let (collector, endpoint) = collector(Protocol::HttpBinary).await;
    for (sampler, argument, expected) in [
        ("always_on", "", vec![true, true]),
        ("always_off", "", vec![false, false]),
        ("traceidratio", "0", vec![false, false]),
        // The second call has a caller who samples.
        ("parentbased_traceidratio", "0", vec![false, true]),
        ("parentbased_always_off", "", vec![false, true]),
    ] {
        let variables = [
            (ENDPOINT, endpoint.as_str()),
            ("OTEL_TRACES_SAMPLER", sampler),
            ("OTEL_TRACES_SAMPLER_ARG", argument),
        ];
        let (seen, _) = run(2, &variables).await;
        let sampled: Vec<bool> = seen.iter().map(|it| it["sampled"] == true).collect();
        assert_eq!(sampled, expected, "{sampler} {argument}");
    }
    let spans = collector.with_collector(MockCollector::span_count).await;
    assert_eq!(spans, 2 + 1 + 1, "what is not sampled is not exported");
}

#[tokio::test(flavor = "multi_thread")]
async fn propagators_are_the_variables() {
    const CALLER: &str = "0af7651916cd43dd8448eb211c80319c";
    let (collector, endpoint) = collector(Protocol::HttpBinary).await;
    for (propagators, continues, baggage) in [
        ("", true, true),
        ("tracecontext,baggage", true, true),
        ("tracecontext", true, false),
        ("none", false, false),
    ] {
        let variables = [
            (ENDPOINT, endpoint.as_str()),
            ("OTEL_PROPAGATORS", propagators),
        ];
        let (seen, _) = run(2, &variables).await;
        assert_eq!(seen[1]["trace_id"] == CALLER, continues, "{propagators}");
        assert_eq!(
            seen[1]["baggage"] == "blue",
            baggage,
            "{propagators}: {}",
            seen[1]
        );
    }
    let variables = [(ENDPOINT, endpoint.as_str()), ("OTEL_PROPAGATORS", "b3")];
    let (_, ended) = run(1, &variables).await;
    assert_eq!(
        ended.code,
        Some(0),
        "a server is not stopped by it: {}",
        ended.stderr
    );
    let complaint = "OTEL_PROPAGATORS names \\\"b3\\\", which is ignored; it can be tracecontext, baggage, none";
    assert!(ended.stderr.contains(complaint), "{}", ended.stderr);
    drop(collector);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_off() {
    let (collector, endpoint) = collector(Protocol::HttpBinary).await;
    let variables = [(ENDPOINT, endpoint.as_str()), ("OTEL_SDK_DISABLED", "TRUE")];
    let (seen, ended) = run(1, &variables).await;
    assert_eq!(ended.code, Some(0));
    assert_eq!(seen[0]["trace_id"], "00000000000000000000000000000000");
    assert_eq!(ended.metrics, "");
    let counts = collector
        .with_collector(|it| (it.span_count(), it.metric_count()))
        .await;
    assert_eq!(counts, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_and_spans_are_exported_while_the_process_runs() {
    let (collector, endpoint) = collector(Protocol::HttpBinary).await;
    let exporting = tokio::task::spawn_blocking(move || {
        let variables = [
            (ENDPOINT, endpoint.as_str()),
            ("OTEL_METRIC_EXPORT_INTERVAL", "50"),
            ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ];
        Exporting::start(1, &variables)
    });
    let exporting = exporting.await.expect("it starts");
    let arrived = async {
        while !collector
            .with_collector(|it| it.span_count() > 0 && it.metric_count() > 0)
            .await
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), arrived)
        .await
        .expect("both arrive, and the process still runs");
    let ended = tokio::task::spawn_blocking(|| exporting.end())
        .await
        .expect("it ends");
    assert_eq!(ended.code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_are_the_variables() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    let router = Router::new().fallback(move |headers: HeaderMap| async move {
        record.lock().expect("not poisoned").push(headers);
    });
    let endpoint = receiver(router).await;
    let headers = ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=open%20sesame");
    run(1, &[(ENDPOINT, &endpoint), headers]).await;
    let seen = seen.lock().expect("not poisoned");
    assert!(!seen.is_empty());
    assert!(
        seen.iter()
            .all(|headers| headers["api-key"] == "open sesame")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_work_is_said_at_once() {
    let variables = [(ENDPOINT, "http://127.0.0.1:1"), (PROTOCOL, "pigeon")];
    let (_, ended) = run(1, &variables).await;
    assert_eq!(ended.code, Some(3));
    assert_eq!(
        ended.stderr.trim_end(),
        "the OTLP exporter could not be made from the `OTEL_EXPORTER_OTLP_*` variables: the protocol is \"pigeon\"; it can be `http/protobuf` or `grpc`"
    );
}
