//! What the weather server talks to. Nothing of it is real but the time that it takes, and the span
//! around the database's query.

use std::time::Duration;

use opentelemetry::trace::{FutureExt, SpanKind, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue, global};
use tokio::time::sleep;

/// Mail to this domain is never taken: its relay does not answer.
const DEAD_DOMAIN: &str = "@example.net";

/// What the nearest station measures.
pub(crate) async fn temperature(city: &str) -> i32 {
    sleep(Duration::from_millis(42)).await;
    20 + i32::from(city.len() % 9 == 6) * 4
}

/// What was measured in the last days, read page by page: a page has a week.
///
/// The span is made through OpenTelemetry's own API, as a database driver would make it: it finds
/// the tool's span as its parent without being handed anything.
pub(crate) async fn archive(city: &str, days: u16) -> Vec<f64> {
    let tracer = global::tracer("weather-archive");
    let span = tracer
        .span_builder("db.query")
        .with_kind(SpanKind::Client)
        .with_attributes([
            KeyValue::new("db.system.name", "postgresql"),
            KeyValue::new("db.operation.name", "SELECT"),
            KeyValue::new("db.collection.name", "readings"),
        ])
        .start(&tracer);
    let offset = i32::from(city.len() % 9 == 6) * 4;
    async {
        sleep(Duration::from_millis(118) * u32::from(days.div_ceil(7))).await;
        (0..days)
            .map(|day| f64::from(18 + offset + i32::from(day % 4)))
            .collect()
    }
    .with_context(Context::current_with_span(span))
    .await
}

/// The mean, by a service that is not fast.
pub(crate) async fn mean(readings: &[f64]) -> f64 {
    sleep(Duration::from_millis(58)).await;
    let count = u32::try_from(readings.len()).unwrap_or(u32::MAX).max(1);
    readings.iter().sum::<f64>() / f64::from(count)
}

/// Hands a mail over to the recipient's relay.
pub(crate) async fn deliver(to: &str, text: &str) {
    let size = Duration::from_micros(u64::try_from(text.len()).unwrap_or(0).min(5_000));
    if to.ends_with(DEAD_DOMAIN) {
        std::future::pending::<()>().await;
    }
    sleep(Duration::from_millis(25) + size).await;
}
