//! Keeps the spans of the process until the agent's trace is complete, to be shown.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::trace::{Span as _, TraceId};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use tokio::sync::Notify;
use tokio::time::timeout;

/// A span processor that keeps spans until one trace is taken out; then it keeps nothing any more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recorder(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    recording: Mutex<Recording>,
    ended: Notify,
}

#[derive(Debug)]
enum Recording {
    On(HashMap<TraceId, Trace>),
    Over,
}

impl Default for Recording {
    fn default() -> Self {
        Self::On(HashMap::new())
    }
}

#[derive(Debug, Default)]
struct Trace {
    running: usize,
    spans: Vec<SpanData>,
}

impl Recorder {
    /// The trace's spans, once all that were started have ended; those that have, if that takes
    /// longer than `bound`.
    ///
    /// A server's span starts before its client is answered, so when the agent is done none is yet
    /// to be started.
    pub(crate) async fn trace(&self, id: TraceId, bound: Duration) -> Vec<SpanData> {
        let complete = async {
            while self.is_running(id) {
                self.0.ended.notified().await;
            }
        };
        if timeout(bound, complete).await.is_err() {
            eprintln!("demo: not all spans of the trace ended within {bound:?}");
        }
        match mem::replace(&mut *self.recording(), Recording::Over) {
            Recording::On(mut traces) => traces.remove(&id).unwrap_or_default().spans,
            Recording::Over => Vec::new(),
        }
    }

    fn is_running(&self, id: TraceId) -> bool {
        match &*self.recording() {
            Recording::On(traces) => traces.get(&id).is_some_and(|trace| trace.running > 0),
            Recording::Over => false,
        }
    }

    fn recording(&self) -> MutexGuard<'_, Recording> {
        self.0
            .recording
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl SpanProcessor for Recorder {
    fn on_start(&self, span: &mut Span, _: &Context) {
        if let Recording::On(traces) = &mut *self.recording() {
            let id = span.span_context().trace_id();
            traces.entry(id).or_default().running += 1;
        }
    }

    fn on_end(&self, span: SpanData) {
        if let Recording::On(traces) = &mut *self.recording() {
            let trace = traces.entry(span.span_context.trace_id()).or_default();
            trace.running = trace.running.saturating_sub(1);
            trace.spans.push(span);
        }
        self.0.ended.notify_one();
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}
