//! What the weather server talks to. Nothing of it is real but the time that it takes, and the span
//! around the database's query.

use std::time::Duration;

use mcp_observe::{ErrorType, Usage};
use opentelemetry::trace::{FutureExt, SpanKind, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue, global};
use rmcp::model::{ContentBlock, IntoContents};
use tokio::time::sleep;

/// Mail to this domain is never taken: its relay does not answer.
const DEAD_DOMAIN: &str = "@example.net";

/// How long a text the models read, in bytes.
const WINDOW: usize = 4_000;

/// What is told to a model before each text, in tokens. It is in the models' cache.
const INSTRUCTIONS: u64 = 256;

/// What the nearest station measures. Some are further away.
pub(crate) async fn temperature(city: &str) -> i32 {
    let distance = u64::try_from(city.len() % 9).unwrap_or(0);
    sleep(Duration::from_millis(18 + 4 * distance)).await;
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

/// What a model says, and what that took.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) usage: Usage,
}

/// A model refused.
#[derive(Debug, thiserror::Error, ErrorType)]
pub(crate) enum ModelError {
    #[error("the text is longer than the {WINDOW} bytes that the model reads")]
    TooLong,
}

/// What the model that called the tool is told.
impl IntoContents for ModelError {
    fn into_contents(self) -> Vec<ContentBlock> {
        vec![ContentBlock::text(self.to_string())]
    }
}

/// Has a model say a text in fewer words: its first sentence will do.
pub(crate) async fn complete(text: &str) -> Result<Answer, ModelError> {
    if text.len() > WINDOW {
        return Err(ModelError::TooLong);
    }
    let sentence = text.split_inclusive('.').next().unwrap_or_default();
    let (input, output) = (tokens(text), tokens(sentence));
    sleep(Duration::from_millis(60 + 4 * output)).await;
    Ok(Answer {
        text: sentence.to_owned(),
        usage: Usage::new(INSTRUCTIONS + input, output).cache_read(INSTRUCTIONS),
    })
}

/// A token has some four bytes.
fn tokens(text: &str) -> u64 {
    u64::try_from(text.len().div_ceil(4)).unwrap_or(u64::MAX)
}
