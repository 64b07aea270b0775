//! Starting and ending spans, straight on the OpenTelemetry API.

use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, SystemTime};

use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::{
    Span, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt, Tracer as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::SdkTracer;

use crate::context::Parentage;

/// The SDK's own tracer is kept by its type: through the API's object-safe one, each span costs
/// another allocation.
pub(crate) enum Tracer {
    Sdk(SdkTracer),
    Foreign(BoxedTracer),
}

impl fmt::Debug for Tracer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sdk(_) => "Tracer::Sdk",
            Self::Foreign(_) => "Tracer::Foreign",
        })
    }
}

/// A span that was started. Clones are the same span.
#[derive(Debug, Clone)]
pub(crate) struct OpenSpan {
    context: Context,
    recording: bool,
    started: SystemTime,
    /// Someone else started it, and will end it.
    is_foreign: bool,
}

/// Whether a span's work failed. The description is empty unless the tool wants the texts of its
/// errors recorded: they are free text, and may quote what the caller sent.
#[derive(Debug)]
pub(crate) enum Ended {
    Well,
    Failed(Option<Box<str>>),
}

impl Ended {
    pub(crate) fn new(failed: bool, description: Option<Box<str>>) -> Self {
        if failed {
            Self::Failed(description)
        } else {
            Self::Well
        }
    }
}

/// What a span is called, and what samplers see of it.
pub(crate) struct Description {
    pub(crate) name: Cow<'static, str>,
    pub(crate) kind: SpanKind,
    pub(crate) attributes: Vec<KeyValue>,
}

impl Tracer {
    /// Starts a span, now unless `since` says when, below the parent that `parentage` gives. `late` adds
    /// attributes that are costly to make; it is called only if the span records.
    ///
    /// None if a carrier, propagator, sampler or span processor panics.
    #[inline]
    pub(crate) fn start(
        &self,
        since: Option<SystemTime>,
        parentage: impl FnOnce() -> Parentage,
        describe: impl FnOnce() -> Description,
        late: impl FnOnce(&mut dyn FnMut(KeyValue)),
    ) -> Option<OpenSpan> {
        // Put there from inside: what is returned through `contained` is copied once more.
        let mut open = None;
        contained(|| {
            let parentage = parentage();
            let started = since.unwrap_or_else(SystemTime::now);
            let Description {
                name,
                kind,
                attributes,
            } = describe();
            let mut builder = SpanBuilder::from_name(name)
                .with_kind(kind)
                .with_start_time(started)
                .with_attributes(attributes);
            builder.links = parentage.links;
            let parent = &parentage.parent;
            let (context, recording) = match self {
                Self::Sdk(tracer) => {
                    activate(tracer.build_with_context(builder, parent), parent, late)
                }
                Self::Foreign(tracer) => {
                    activate(tracer.build_with_context(builder, parent), parent, late)
                }
            };
            open = Some(OpenSpan {
                context,
                recording,
                started,
                is_foreign: false,
            });
        });
        open
    }
}

/// Calls code that others plug into telemetry. Should it panic, the panic hook tells, and the work
/// that is observed goes on.
#[inline]
pub(crate) fn contained<R>(call: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(call)).ok()
}

/// The context with the span, and whether the span records. A span that does not is replaced by its
/// span context: children inherit the decision all the same, and it is one allocation less.
#[inline]
fn activate<S: Span + Send + Sync + 'static>(
    mut span: S,
    parent: &Context,
    late: impl FnOnce(&mut dyn FnMut(KeyValue)),
) -> (Context, bool) {
    if span.is_recording() {
        late(&mut |attribute| span.set_attribute(attribute));
        (parent.with_span(span), true)
    } else if span.span_context().is_valid() {
        let span_context = span.span_context().clone();
        (parent.with_remote_span_context(span_context), false)
    } else {
        // Telemetry is suppressed here, or the provider was shut down.
        (parent.clone(), false)
    }
}

impl OpenSpan {
    /// The current span of `context`, which is another instrumentation's. None if it does not record.
    pub(crate) fn foreign(context: Context) -> Option<Self> {
        context.span().is_recording().then(|| Self {
            context,
            recording: true,
            started: SystemTime::now(),
            is_foreign: true,
        })
    }

    /// The context to be current while the span's work is done.
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    pub(crate) fn span_context(&self) -> SpanContext {
        self.context.span().span_context().clone()
    }

    /// Whether anything that is set is kept.
    pub(crate) fn is_recording(&self) -> bool {
        self.recording
    }

    /// Sets an attribute that is costly to make; see [`Self::is_recording`].
    pub(crate) fn set_attribute(&self, attribute: KeyValue) {
        contained(|| self.context.span().set_attribute(attribute));
    }

    pub(crate) fn update_name(&self, name: &'static str) {
        if self.recording {
            self.context.span().update_name(name);
        }
    }

    /// Ends the span, `elapsed` after its start on the monotonic clock, so that it lasts exactly as
    /// long as the duration that is recorded.
    #[inline]
    pub(crate) fn end(
        &self,
        elapsed: Duration,
        ended: Ended,
        attributes: impl FnOnce(&mut dyn FnMut(KeyValue)),
    ) {
        if !self.recording {
            return;
        }
        contained(|| {
            let span = self.context.span();
            attributes(&mut |attribute| span.set_attribute(attribute));
            if self.is_foreign {
                return;
            }
            if let Ended::Failed(description) = ended {
                span.set_status(Status::error(
                    description.map_or_else(String::new, String::from),
                ));
            }
            span.end_with_timestamp(self.started + elapsed);
        });
    }
}
