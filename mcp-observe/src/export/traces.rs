//! Exporting spans: a queue in front that knows what it drops, and an exporter that counts.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_otlp::SpanExporter as OtlpExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor,
};

use super::losses::{Losses, Signal};
use super::room::Room;

/// The SDK's batch processor, and the room that it has.
#[derive(Debug)]
pub(super) struct Queue {
    inner: BatchSpanProcessor,
    room: Room,
    losses: Arc<Losses>,
}

impl Queue {
    /// Batches as the `OTEL_BSP_*` variables say.
    pub(super) fn new(exporter: OtlpExporter, losses: &Arc<Losses>) -> Self {
        let room = Room::of("OTEL_BSP_MAX_QUEUE_SIZE");
        let exporter = Counting {
            inner: exporter,
            room: room.clone(),
            losses: Arc::clone(losses),
        };
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(room.size())
            .build();
        Self {
            inner: BatchSpanProcessor::builder(exporter)
                .with_batch_config(config)
                .build(),
            room,
            losses: Arc::clone(losses),
        }
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
        if self.room.take() {
            self.inner.on_end(span);
        } else {
            self.losses.dropped(Signal::Span);
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
    room: Room,
    losses: Arc<Losses>,
}

impl SpanExporter for Counting {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let number = batch.len();
        self.room.give_back(number);
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
