//! Events as OTLP log records.

use std::io;
use std::time::SystemTime;

use jiff::Timestamp;
use opentelemetry::logs::{AnyValue, LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry::trace::{SpanId, TraceFlags, TraceId};
use opentelemetry_sdk::logs::SdkLogger;
use serde_json::{Map, Value};

use super::Sink;
use crate::export::Loggers;
use crate::metrics::scope;
use crate::security::event::Category;
use crate::security::queue::Batch;

/// Emits a record for each line. The record is made of the line, so that it cannot tell anything else
/// than the line does; its body is the line, for what reads lines.
#[derive(Debug)]
pub(in crate::security) struct OtlpSink {
    logger: SdkLogger,
    loggers: Loggers,
}

impl OtlpSink {
    pub(in crate::security) fn new(loggers: &Loggers) -> Self {
        Self {
            logger: loggers.provider.logger_with_scope(scope(&[])),
            loggers: loggers.clone(),
        }
    }

    /// The queue of log records is the smaller one, and drops what it has no room for; this thread can wait
    /// until it was exported, while lines wait in the log's own queue, or are counted as lost there.
    fn make_room(&self) -> io::Result<()> {
        if !self.loggers.room.is_full() {
            return Ok(());
        }
        let flushed = self.loggers.provider.force_flush();
        if self.loggers.room.is_full() {
            let reason = flushed
                .err()
                .map_or_else(String::new, |error| format!(": {error}"));
            return Err(io::Error::other(format!(
                "the exporter's queue of log records stays full{reason}"
            )));
        }
        Ok(())
    }

    fn emit(&self, line: &str, is_sampled: bool) -> io::Result<()> {
        let mut keys: Map<String, Value> = serde_json::from_str(line)?;
        let mut record = self.logger.create_log_record();
        record.set_body(AnyValue::from(line.trim_end().to_owned()));
        let text = |value: &Value| value.as_str().map(str::to_owned);
        if let Some(at) = keys.remove("timestamp").as_ref().and_then(text)
            && let Ok(at) = at.parse::<Timestamp>()
            && let Ok(at) = SystemTime::try_from(at)
        {
            record.set_timestamp(at);
        }
        let trace_id = keys.remove("trace_id").as_ref().and_then(text);
        let span_id = keys.remove("span_id").as_ref().and_then(text);
        if let (Some(trace_id), Some(span_id)) = (trace_id, span_id)
            && let Ok(trace_id) = TraceId::from_hex(&trace_id)
            && let Ok(span_id) = SpanId::from_hex(&span_id)
        {
            let flags = TraceFlags::default().with_sampled(is_sampled);
            record.set_trace_context(trace_id, span_id, Some(flags));
        }
        let category = keys.get("event.category").and_then(Value::as_str);
        if let Some(category) = Category::ALL
            .into_iter()
            .find(|it| Some(it.as_str()) == category)
        {
            record.set_event_name(category.as_str());
        }
        let (severity, name) = match keys.get("status").and_then(Value::as_str) {
            Some("success") => (Severity::Info, "INFO"),
            _ => (Severity::Warn, "WARN"),
        };
        record.set_severity_number(severity);
        record.set_severity_text(name);
        for (key, value) in keys {
            if let Some(value) = any_value(value) {
                record.add_attribute(key, value);
            }
        }
        self.logger.emit(record);
        Ok(())
    }
}

fn any_value(value: Value) -> Option<AnyValue> {
    Some(match value {
        Value::String(text) => AnyValue::from(text),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => AnyValue::Int(integer),
            None => AnyValue::Double(number.as_f64()?),
        },
        Value::Array(values) => {
            AnyValue::ListAny(Box::new(values.into_iter().filter_map(any_value).collect()))
        }
        Value::Bool(_) | Value::Null | Value::Object(_) => return None,
    })
}

impl Sink for OtlpSink {
    fn write(&mut self, batch: &Batch, done: &mut usize) -> io::Result<()> {
        for (line, is_sampled) in batch.lines() {
            self.make_room()?;
            self.emit(line, is_sampled)?;
            *done += 1;
        }
        Ok(())
    }
}
