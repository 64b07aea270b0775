//! GenAI spans `execute_tool` of others that are open: an agent's instrumentation already traces the
//! call that a client is about to send. The conventions ask for the MCP attributes to be added to that
//! span then, and for no second one (`docs/gen-ai/mcp.md`, client span).
//!
//! A span cannot be read through the API, so those of our own providers are looked at as they start;
//! only in a process that has an observed client.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry::trace::{Span as _, SpanId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};

use crate::semconv::{self, attribute};

/// Spans that are remembered at a time; of further ones the client's is a child, as of any other.
const MAX: usize = 4_096;

static WANTED: AtomicBool = AtomicBool::new(false);
/// The names of the tools, by the spans of their executions.
static OPEN: LazyLock<Mutex<HashMap<SpanId, String>>> = LazyLock::new(Mutex::default);

fn open() -> MutexGuard<'static, HashMap<SpanId, String>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on there is a client that wants to know.
pub(crate) fn want() {
    WANTED.store(true, Ordering::Relaxed);
}

/// Whether that span is the execution of this tool, and no call has been added to it yet.
pub(crate) fn take(span: SpanId, tool: &str) -> bool {
    if !WANTED.load(Ordering::Relaxed) {
        return false;
    }
    let mut open = open();
    let is_execution = open.get(&span).is_some_and(|name| name == tool);
    if is_execution {
        open.remove(&span);
    }
    is_execution
}

/// A span processor that also watches for such spans: one more of its own would make the SDK copy
/// every span.
#[derive(Debug)]
pub(crate) struct Watching<P>(pub(crate) P);

impl<P: SpanProcessor> SpanProcessor for Watching<P> {
    fn on_start(&self, span: &mut Span, context: &Context) {
        if WANTED.load(Ordering::Relaxed)
            && let Some(data) = span.exported_data()
            && let Some(tool) = executed(&data)
        {
            let mut open = open();
            if open.len() < MAX {
                open.insert(span.span_context().span_id(), tool);
            }
        }
        self.0.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if WANTED.load(Ordering::Relaxed) && executed(&span).is_some() {
            open().remove(&span.span_context.span_id());
        }
        self.0.on_end(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

/// The tool that the span is the execution of. Not those of our own attributed tools: a tool that
/// calls another server's is something else than that call.
fn executed(span: &SpanData) -> Option<String> {
    if span.instrumentation_scope.name() == env!("CARGO_PKG_NAME") {
        return None;
    }
    let value = |key: &str| {
        let is_it = |attribute: &&KeyValue| attribute.key.as_str() == key;
        let found = span.attributes.iter().find(is_it)?;
        Some(found.value.as_str())
    };
    let operation = value(attribute::GEN_AI_OPERATION_NAME)?;
    let tool = value(attribute::GEN_AI_TOOL_NAME)?;
    (operation == semconv::EXECUTE_TOOL).then(|| tool.into_owned())
}
