//! Work that has a span and is no message of its own, and so no operation: the execution of a tool
//! that another tool's body calls, or in a task (INTERNAL, `execute_tool` and the tool's name), and the
//! work of agents and models (module `gen_ai`), all by the GenAI conventions.

use std::time::Instant;

use opentelemetry::trace::{SpanContext, SpanKind};
use opentelemetry::{Context, KeyValue};

use crate::catalogue::Callsite;
use crate::context::Parentage;
use crate::operation::outcome::Outcome;
use crate::semconv::{self, attribute};
use crate::span::{Description, Ended, OpenSpan};
use crate::telemetry::Telemetry;

/// Such work going on.
#[derive(Debug)]
pub(crate) struct Execution {
    started: Instant,
    span: Option<OpenSpan>,
    /// Or an agent's or a model's.
    is_tool: bool,
}

impl Execution {
    /// Starts that of a tool below the current context, linked to the operation that it was accepted
    /// by, if any.
    pub(crate) fn open(
        telemetry: &Telemetry,
        callsite: &'static Callsite,
        accepted_by: Option<SpanContext>,
    ) -> Self {
        let parentage = || {
            let mut parentage = Parentage::of(Context::current());
            parentage.link(accepted_by);
            parentage
        };
        Self::start(telemetry, true, parentage, || {
            let mut attributes = Vec::with_capacity(4);
            let operation = semconv::EXECUTE_TOOL;
            attributes.push(KeyValue::new(attribute::GEN_AI_OPERATION_NAME, operation));
            attributes.push(KeyValue::new(attribute::GEN_AI_TOOL_NAME, callsite.name));
            Description {
                name: callsite.internal_span.into(),
                kind: SpanKind::Internal,
                attributes,
            }
        })
    }

    /// Starts that of an agent or a model below the current context.
    pub(crate) fn gen_ai(telemetry: &Telemetry, describe: impl FnOnce() -> Description) -> Self {
        let parentage = || Parentage::of(Context::current());
        Self::start(telemetry, false, parentage, describe)
    }

    fn start(
        telemetry: &Telemetry,
        is_tool: bool,
        parentage: impl FnOnce() -> Parentage,
        describe: impl FnOnce() -> Description,
    ) -> Self {
        let started = Instant::now();
        let span = telemetry
            .tracer()
            .and_then(|tracer| tracer.start(None, parentage, describe, |_| {}));
        Self {
            started,
            span,
            is_tool,
        }
    }

    /// None without tracing.
    pub(crate) fn span(&self) -> Option<&OpenSpan> {
        self.span.as_ref()
    }

    pub(crate) fn is_tool(&self) -> bool {
        self.is_tool
    }

    /// Closes it; `message` is as in an operation.
    pub(crate) fn close(&self, outcome: Outcome, message: Option<Box<str>>) {
        let Some(span) = &self.span else { return };
        let class = outcome.class();
        let ended = Ended::new(class.is_some(), message);
        span.end(self.started.elapsed(), ended, |set| {
            if let Some(class) = class {
                set(KeyValue::new(attribute::ERROR_TYPE, class.as_str()));
            }
        });
    }
}
