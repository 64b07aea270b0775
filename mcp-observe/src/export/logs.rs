//! Exporting logs: records that carry the tool, a queue that knows what it drops, and an exporter that counts.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry::logs::LogRecord;
use opentelemetry_otlp::LogExporter as OtlpExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{
    BatchConfigBuilder, BatchLogProcessor, LogBatch, LogExporter, LogProcessor, SdkLogRecord,
    SdkLoggerProvider,
};

use super::losses::{Losses, Signal};
use super::room::Room;
use crate::semconv::attribute;
use crate::work::scope;

/// Where log records go, and what room is left there.
#[derive(Debug, Clone)]
pub(crate) struct Loggers {
    pub(crate) provider: SdkLoggerProvider,
    pub(crate) room: Room,
}

/// Names the tool on every record that is written in a tool's body. Trace and span are put there by
/// the SDK.
#[derive(Debug)]
pub(super) struct NameTool;

impl LogProcessor for NameTool {
    fn emit(&self, record: &mut SdkLogRecord, _: &InstrumentationScope) {
        if let Some(tool) = scope::tool() {
            record.add_attribute(attribute::GEN_AI_TOOL_NAME, tool);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// The SDK's batch processor, and the room that it has.
#[derive(Debug)]
pub(super) struct Queue {
    inner: BatchLogProcessor,
    room: Room,
    losses: Arc<Losses>,
}

impl Queue {
    /// Batches as the `OTEL_BLRP_*` variables say.
    pub(super) fn new(exporter: OtlpExporter, losses: &Arc<Losses>) -> Self {
        let room = Room::of("OTEL_BLRP_MAX_QUEUE_SIZE");
        let exporter = Counting {
            inner: exporter,
            room: room.clone(),
            losses: Arc::clone(losses),
        };
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(room.size())
            .build();
        Self {
            inner: BatchLogProcessor::builder(exporter)
                .with_batch_config(config)
                .build(),
            room,
            losses: Arc::clone(losses),
        }
    }

    pub(super) fn room(&self) -> Room {
        self.room.clone()
    }
}

impl LogProcessor for Queue {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        if self.room.take() {
            self.inner.emit(record, scope);
        } else {
            self.losses.dropped(Signal::Log);
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

impl LogExporter for Counting {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let number = batch.iter().count();
        self.room.give_back(number);
        let result = self.inner.export(batch).await;
        self.losses.exported(Signal::Log, number, result.is_ok());
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}
