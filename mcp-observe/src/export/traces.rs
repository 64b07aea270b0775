//! Exporting spans: a queue in front that knows what it drops, and an exporter that counts.

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_otlp::SpanExporter as OtlpExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor,
};

use super::losses::{Losses, Signal};

/// The SDK's own default.
const DEFAULT_QUEUE_SIZE: usize = 2_048;

/// The SDK's batch processor, which drops what its queue has no room for and tells nobody. The room
/// is therefore kept account of in front of it, so that its queue is never full.
#[derive(Debug)]
pub(super) struct Queue {
    inner: BatchSpanProcessor,
    size: usize,
    /// Spans that were queued and not yet handed to the exporter.
    waiting: Arc<AtomicUsize>,
    losses: Arc<Losses>,
}

impl Queue {
    /// Batches as the `OTEL_BSP_*` variables say.
    pub(super) fn new(exporter: OtlpExporter, losses: &Arc<Losses>) -> Self {
        let size = env::var("OTEL_BSP_MAX_QUEUE_SIZE")
            .ok()
            .and_then(|size| size.trim().parse().ok())
            .filter(|size| *size > 0)
            .unwrap_or(DEFAULT_QUEUE_SIZE);
        let waiting = Arc::new(AtomicUsize::new(0));
        let exporter = Counting {
            inner: exporter,
            waiting: Arc::clone(&waiting),
            losses: Arc::clone(losses),
        };
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(size)
            .build();
        Self {
            inner: BatchSpanProcessor::builder(exporter)
                .with_batch_config(config)
                .build(),
            size,
            waiting,
            losses: Arc::clone(losses),
        }
    }

    fn take_room(&self) -> bool {
        self.waiting
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |waiting| {
                (waiting < self.size).then_some(waiting + 1)
            })
            .is_ok()
    }
}

impl SpanProcessor for Queue {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.inner.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        // The inner one drops these, and that is no loss.
        if !span.span_context.is_sampled() {
            return;
        }
        if self.take_room() {
            self.inner.on_end(span);
        } else {
            self.losses.span_dropped();
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

#[derive(Debug)]
struct Counting {
    inner: OtlpExporter,
    waiting: Arc<AtomicUsize>,
    losses: Arc<Losses>,
}

impl SpanExporter for Counting {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let number = batch.len();
        // Handed over: what the exporter does with them is no longer the queue's room.
        self.waiting.fetch_sub(number, Ordering::Relaxed);
        let result = self.inner.export(batch).await;
        self.losses.exported(Signal::Span, number, result.is_ok());
        result
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}
