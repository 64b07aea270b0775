//! A span as one would write it by hand on the OpenTelemetry API.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{
    Span as _, SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::SdkTracer;

/// A span going on.
pub(crate) struct OpenSpan {
    pub(crate) context: Context,
    started: SystemTime,
    recording: bool,
}

impl OpenSpan {
    /// Starts one. `late` is what only a span that records should pay for.
    pub(crate) fn start(
        tracer: &SdkTracer,
        name: impl Into<Cow<'static, str>>,
        attributes: Vec<KeyValue>,
        parent: &Context,
        late: impl FnOnce() -> Option<KeyValue>,
    ) -> Self {
        let started = SystemTime::now();
        let builder = SpanBuilder::from_name(name)
            .with_kind(SpanKind::Server)
            .with_start_time(started)
            .with_attributes(attributes);
        let mut span = tracer.build_with_context(builder, parent);
        let recording = span.is_recording();
        let context = if recording {
            if let Some(attribute) = late() {
                span.set_attribute(attribute);
            }
            parent.with_span(span)
        } else {
            // Children inherit the decision from the span context alone.
            parent.with_remote_span_context(span.span_context().clone())
        };
        Self {
            context,
            started,
            recording,
        }
    }

    /// Ends it.
    pub(crate) fn end(&self, elapsed: Duration, error: Option<&'static str>) {
        if !self.recording {
            return;
        }
        let span = self.context.span();
        if let Some(class) = error {
            span.set_attribute(KeyValue::new("error.type", class));
            span.set_status(Status::error(""));
        }
        span.end_with_timestamp(self.started + elapsed);
    }
}
