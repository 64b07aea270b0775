//! Exporting logs: records that carry the tool, and an exporter that counts.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry::logs::LogRecord;
use opentelemetry_otlp::LogExporter as OtlpExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogBatch, LogExporter, LogProcessor, SdkLogRecord};

use super::losses::{Losses, Signal};
use crate::semconv::attribute;
use crate::work::scope;

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

#[derive(Debug)]
pub(super) struct Counting {
    pub(super) inner: OtlpExporter,
    pub(super) losses: Arc<Losses>,
}

impl LogExporter for Counting {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        let number = batch.iter().count();
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
