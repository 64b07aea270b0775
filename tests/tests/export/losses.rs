//! What is lost on the way is counted, and told once.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use mcp_observe_tests::series;

use super::ENDPOINT;
use super::process::Exporting;
use super::receiver::receiver;

/// The series `name` that has this `error_type`.
fn count(text: &str, name: &str, error_type: Option<&str>) -> f64 {
    series(text)
        .into_iter()
        .find(|it| {
            let class = it.labels.iter().find(|(key, _)| key == "error_type");
            it.name == name && class.map(|(_, value)| value.as_str()) == error_type
        })
        .unwrap_or_else(|| panic!("{name} {error_type:?} is not in {text}"))
        .value
}

/// Spans that find no room, and exports that fail: on `/metrics`, and one line in the log.
#[tokio::test(flavor = "multi_thread")]
async fn losses_are_counted_and_told_once() {
    let (arrived, first) = tokio::sync::oneshot::channel();
    let arrived = Arc::new(Mutex::new(Some(arrived)));
    // Spans are never answered; metrics and logs are refused at once.
    let router = Router::new()
        .route(
            "/v1/traces",
            axum::routing::post(move || async move {
                if let Some(arrived) = arrived.lock().expect("not poisoned").take() {
                    let _ = arrived.send(());
                }
                std::future::pending::<()>().await;
            }),
        )
        .fallback(|| async { StatusCode::BAD_REQUEST });
    let endpoint = receiver(router).await;
    let begun = Instant::now();
    let exporting = tokio::task::spawn_blocking(move || {
        let variables = [
            (ENDPOINT, endpoint.as_str()),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "10"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "5"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "300"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "20"),
        ];
        Exporting::start(200, &variables)
    });
    let exporting = exporting.await.expect("it starts");
    first.await.expect("a batch is sent");
    let ended = tokio::task::spawn_blocking(|| exporting.end())
        .await
        .expect("it ends");
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "the timeout is the variable's"
    );

    let dropped = count(
        &ended.metrics,
        "otel_sdk_processor_span_processed_total",
        Some("queue_full"),
    );
    // Of 200, 10 are queued and a batch is with the exporter; how many batches have been given up by
    // now is the machine's business.
    assert!((100.0..=190.0).contains(&dropped), "{dropped} were dropped");
    let told = ended.stderr.matches("telemetry is lost").count();
    assert_eq!(told, 1, "once in a minute: {}", ended.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn log_records_that_find_no_room_are_counted_too() {
    let (arrived, first) = tokio::sync::oneshot::channel();
    let arrived = Arc::new(Mutex::new(Some(arrived)));
    let router = Router::new()
        .route(
            "/v1/logs",
            axum::routing::post(move || async move {
                if let Some(arrived) = arrived.lock().expect("not poisoned").take() {
                    let _ = arrived.send(());
                }
                std::future::pending::<()>().await;
            }),
        )
        .fallback(|| async { StatusCode::OK });
    let endpoint = receiver(router).await;
    let exporting = tokio::task::spawn_blocking(move || {
        let variables = [
            (ENDPOINT, endpoint.as_str()),
            ("OTEL_BLRP_MAX_QUEUE_SIZE", "10"),
            ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "5"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "300"),
        ];
        Exporting::start(200, &variables)
    });
    let exporting = exporting.await.expect("it starts");
    let dropped = "otel_sdk_processor_log_processed_total";
    first.await.expect("a batch is sent");
    let ended = tokio::task::spawn_blocking(|| exporting.end())
        .await
        .expect("it ends");
    let dropped = count(&ended.metrics, dropped, Some("queue_full"));
    // Each call has a record; see above.
    assert!((100.0..=200.0).contains(&dropped), "{dropped} were dropped");
    assert!(
        ended
            .stderr
            .contains("log records dropped as the queue was full"),
        "{}",
        ended.stderr
    );
}

/// Whoever hands a meter provider over has the counts there.
#[tokio::test(flavor = "multi_thread")]
async fn losses_are_counted_with_a_meter_provider_of_ones_own() {
    let endpoint = receiver(Router::new().fallback(|| async { StatusCode::OK })).await;
    let exporting = tokio::task::spawn_blocking(move || {
        Exporting::with(&["1", "own-meter"], &[(ENDPOINT, endpoint.as_str())])
            .metrics
            .clone()
    });
    let names = exporting.await.expect("it starts");
    for name in [
        "mcp.tool.calls",
        "otel.sdk.exporter.span.exported",
        "otel.sdk.processor.span.processed",
        "otel.sdk.processor.log.processed",
    ] {
        assert!(names.lines().any(|it| it == name), "{name}: {names}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_counted() {
    let router = Router::new().fallback(|| async { StatusCode::BAD_REQUEST });
    let endpoint = receiver(router).await;
    let exporting = tokio::task::spawn_blocking(move || {
        let variables = [
            (ENDPOINT, endpoint.as_str()),
            ("OTEL_BSP_SCHEDULE_DELAY", "20"),
        ];
        Exporting::start(5, &variables)
    });
    let exporting = exporting.await.expect("it starts");
    let failed = "otel_sdk_exporter_span_exported_total";
    assert!(
        count(&exporting.metrics, failed, Some("_OTHER")) >= 0.0,
        "there from the start"
    );
    assert!(count(&exporting.metrics, failed, None) == 0.0);
    let ended = tokio::task::spawn_blocking(|| exporting.end())
        .await
        .expect("it ends");
    assert!(
        ended.stderr.contains("could not be exported and are lost"),
        "{}",
        ended.stderr
    );
}
