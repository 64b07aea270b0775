//! The operation: one message being handled, or awaited by whoever sent it; opened once and closed
//! exactly once with one outcome.
//! Closing writes the span's end, the durations, the counters and the security event from the same
//! values.

mod attributes;
mod event;
mod refusal;
mod series;
mod subject;

pub(crate) mod message;
pub(crate) mod outcome;
pub(crate) mod side;
pub(crate) mod target;

use std::time::{Instant, SystemTime};

use opentelemetry::{Context, KeyValue};

use crate::catalogue::Callsite;
use crate::closed::{Method, ProtocolVersion, Transport};
use crate::context::Parentage;
use crate::error_class::ErrorClass;
use crate::label::Combination;
use crate::metrics::Unknown;
use crate::security::Identity;
use crate::semconv::attribute;
use crate::span::{Description, Ended, OpenSpan};
use crate::telemetry::Telemetry;
use crate::work::handling::Handling;
use attributes::{early_attributes, span_name, status_code, tool_name};
use message::Message;
use outcome::{Outcome, Status};
use series::{endpoint_key, start_key};
use side::Side;
use subject::Identified;
pub(crate) use subject::{AnyMessage, OwnCall, Subject};
use target::{Target, ToolRef};

/// An operation that is open.
#[derive(Debug)]
pub(crate) struct Operation<S = AnyMessage> {
    subject: S,
    protocol_version: Option<ProtocolVersion>,
    transport: Transport,
    started: Instant,
    span: Option<OpenSpan>,
    /// The values of the tool's labels, once they are known; by then the call is counted.
    labels: Option<Combination>,
    /// What of a series' key is known from the start.
    key: u64,
    /// Who sent the message, if there is a security log.
    identity: Option<Box<Identity>>,
}

impl<S: Subject> Operation<S> {
    /// Opens the operation of a message about `subject`.
    #[inline]
    pub(crate) fn open(
        telemetry: &Telemetry,
        subject: S,
        message: &Message<'_>,
        parentage: impl FnOnce() -> Parentage,
    ) -> Self {
        let refused_since = message.refused.map(|refused| refused.since);
        let started = refused_since.unwrap_or_else(Instant::now);
        let Some(tracer) = telemetry.tracer() else {
            return Self::with_span(telemetry, started, subject, message, || None);
        };
        let since = refused_since.and_then(|since| SystemTime::now().checked_sub(since.elapsed()));
        let describe = || Description {
            name: span_name(subject.method(), &subject.target()),
            kind: subject.side().span_kind(),
            attributes: early_attributes(telemetry, &subject, message),
        };
        let span = tracer.start(since, parentage, describe, |set| {
            message.late_attributes(set);
        });
        Self::with_span(telemetry, started, subject, message, || span)
    }

    #[expect(
        clippy::inline_always,
        reason = "all but the tool is known of a call that the macro opens itself"
    )]
    #[inline(always)]
    fn with_span(
        telemetry: &Telemetry,
        started: Instant,
        subject: S,
        message: &Message<'_>,
        span: impl FnOnce() -> Option<OpenSpan>,
    ) -> Self {
        let identity = telemetry
            .security_log()
            .filter(|_| subject.side() == Side::Server)
            .map(|log| {
                log.heard(message.transport);
                Box::new(Identity::of(
                    log,
                    subject.method(),
                    &subject.target(),
                    *message,
                ))
            });
        if subject.side() == Side::Server {
            start_call(telemetry, &subject.target());
        }
        let (protocol_version, transport) = (message.protocol_version, message.transport);
        Self {
            key: start_key_of(telemetry, &subject, protocol_version, transport),
            subject,
            protocol_version,
            transport,
            started,
            span: span(),
            labels: None,
            identity,
        }
    }

    /// The context to be current while the operation is carried out; none without tracing.
    pub(crate) fn context(&self) -> Option<&Context> {
        self.span.as_ref().map(OpenSpan::context)
    }

    /// None without tracing.
    pub(crate) fn span(&self) -> Option<&OpenSpan> {
        self.span.as_ref()
    }

    /// The values of the tool's labels are known: counts the call.
    pub(crate) fn label(&mut self, telemetry: &Telemetry, labels: Combination) {
        if let Some(tool) = telemetry.tool_instruments(&self.subject.target())
            && tool.has_labels()
        {
            tool.called(Some(labels));
            self.labels = Some(labels);
        }
    }

    /// Closes the operation; `message` is the text of the tool's error, where the tool wants it
    /// recorded.
    #[expect(clippy::inline_always, reason = "some of its callers know the outcome")]
    #[inline(always)]
    pub(crate) fn close(&self, telemetry: &Telemetry, outcome: Outcome, message: Option<Box<str>>) {
        let elapsed = self.started.elapsed();
        if let Some(identity) = &self.identity {
            self.record_event(telemetry, identity, outcome, message.as_deref(), elapsed);
        }
        let class = outcome.error_type(self.subject.side());
        if let Some(span) = &self.span {
            span.end(elapsed, Ended::new(class.is_some(), message), |set| {
                self.closing_attributes(telemetry, outcome, class, set);
            });
        }
        let Some(metrics) = telemetry.metrics() else {
            return;
        };
        let seconds = elapsed.as_secs_f64();
        let target = self.subject.target();
        // What was sent from here is a call of another server's tool.
        let tool = match self.subject.side() {
            Side::Server => telemetry.tool_instruments(&target),
            Side::Client => None,
        };
        self.record_duration(metrics, tool, (outcome, class), seconds);
        if let Some(tool) = tool {
            if tool.is_counted_late() && self.labels.is_none() {
                tool.called(None);
            }
            tool.finished(outcome, self.labels, seconds);
        }
        if self.subject.side() == Side::Client {
            return;
        }
        if is_asked_in_vain(&target, outcome) {
            metrics.unknown(Unknown::Tool);
        } else if self.subject.method() == Method::OTHER && !self.subject.was_refused() {
            metrics.unknown(Unknown::Method);
        }
    }

    #[expect(
        clippy::inline_always,
        reason = "of most calls it is known that there are none"
    )]
    #[inline(always)]
    fn closing_attributes(
        &self,
        telemetry: &Telemetry,
        outcome: Outcome,
        class: Option<ErrorClass>,
        set: &mut dyn FnMut(KeyValue),
    ) {
        let late = self.subject.late();
        if late.tool_name
            && let Target::Tool(tool) = &*self.subject.target()
        {
            tool_name(telemetry, tool, set);
        }
        if late.protocol_version
            && let Some(version) = self.protocol_version
        {
            set(KeyValue::new(
                attribute::MCP_PROTOCOL_VERSION,
                version.as_str(),
            ));
        }
        if let Some(kind) = outcome.result_type().interim() {
            set(KeyValue::new(attribute::MCP_RESULT_TYPE, kind));
        }
        if let Some(code) = outcome.rpc_code() {
            set(status_code(code));
        }
        if let Some(status) = outcome.http_status() {
            set(KeyValue::new(
                attribute::HTTP_RESPONSE_STATUS_CODE,
                i64::from(status.as_u16()),
            ));
        }
        if let Some(class) = class {
            set(KeyValue::new(attribute::ERROR_TYPE, class.as_str()));
        }
    }
}

impl Operation {
    /// Opens the operation of a tool call that another instrumentation's span already stands for: that
    /// gets the attributes, as far as it does not have them.
    pub(crate) fn within(
        telemetry: &Telemetry,
        target: Target,
        message: &Message<'_>,
        span: OpenSpan,
    ) -> Self {
        let started = Instant::now();
        let subject = AnyMessage::new(Method::TOOLS_CALL, target, message);
        let mut attributes = early_attributes(telemetry, &subject, message);
        attributes.retain(|it| !it.key.as_str().starts_with("gen_ai."));
        let attributes = attributes.into_iter();
        attributes.for_each(|attribute| span.set_attribute(attribute));
        message.late_attributes(&mut |attribute| span.set_attribute(attribute));
        Self::with_span(telemetry, started, subject, message, || Some(span))
    }

    /// What the function that carried it out told: which tool it was, if the server was not known to
    /// have it or has several of its name, and with which labels the call was counted.
    pub(crate) fn learn(&mut self, telemetry: &Telemetry, handling: &Handling) {
        if let Some(callsite) = handling.entered() {
            self.identify(telemetry, callsite);
        }
        self.labels = handling.labels();
    }

    fn identify(&mut self, telemetry: &Telemetry, callsite: &'static Callsite) {
        let was = self.subject.identify(callsite);
        if was == Identified::Before {
            return;
        }
        self.renew_key(telemetry);
        if was == Identified::Now {
            if let Some(span) = &self.span {
                span.update_name(callsite.server_span);
            }
            start_call(telemetry, &self.subject.target());
        }
    }

    /// This operation itself settled the protocol version.
    pub(crate) fn negotiated(&mut self, telemetry: &Telemetry, version: ProtocolVersion) {
        self.protocol_version = Some(version);
        self.subject.settles_version();
        self.renew_key(telemetry);
    }

    fn renew_key(&mut self, telemetry: &Telemetry) {
        let (version, transport) = (self.protocol_version, self.transport);
        self.key = start_key_of(telemetry, &self.subject, version, transport);
    }

    /// The message was not sent, as its answer was at hand: the span says so, and no duration is
    /// recorded.
    #[cfg(feature = "client")]
    pub(crate) fn withdraw(&self) {
        if let Some(span) = &self.span {
            span.end(self.started.elapsed(), Ended::Well, |set| {
                set(KeyValue::new(attribute::MCP_RESPONSE_CACHED, true));
            });
        }
    }
}

#[expect(
    clippy::inline_always,
    reason = "most of it is known of a call that the macro opens"
)]
#[inline(always)]
fn start_key_of(
    telemetry: &Telemetry,
    subject: &impl Subject,
    version: Option<ProtocolVersion>,
    transport: Transport,
) -> u64 {
    start_key(subject.method(), &subject.target(), version, transport)
        | endpoint_key(telemetry, subject.server())
}

/// Whether the server has no such tool, as far as can be told: one that answered well has it, although it did not
/// say so when it was asked.
fn is_asked_in_vain(target: &Target, outcome: Outcome) -> bool {
    matches!(target, Target::Tool(ToolRef::Unknown)) && outcome.status() != Status::Success
}

/// Records that a call of the tool started, if it is one with metrics.
#[expect(
    clippy::inline_always,
    reason = "it has one caller on the way of every call"
)]
#[inline(always)]
fn start_call(telemetry: &Telemetry, target: &Target) {
    if let Some(tool) = telemetry.tool_instruments(target) {
        tool.started();
        if !tool.is_counted_late() {
            tool.called(None);
        }
    }
}
