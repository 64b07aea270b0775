//! The operation: one message being handled, or awaited by whoever sent it; opened once and closed
//! exactly once with one outcome.
//! Closing writes the span's end, the durations, the counters and the security event from the same
//! values.

mod attributes;
mod event;
mod refusal;
mod series;

pub(crate) mod message;
pub(crate) mod outcome;
pub(crate) mod side;
pub(crate) mod target;

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use opentelemetry::trace::SpanBuilder;
use opentelemetry::{Context, KeyValue};

use crate::catalogue::Callsite;
use crate::closed::{Method, ProtocolVersion, Transport};
use crate::context::Parentage;
use crate::label::Combination;
use crate::metrics::Unknown;
use crate::security::Identity;
use crate::semconv::attribute;
use crate::sent::endpoint::Endpoint;
use crate::span::{Ended, OpenSpan};
use crate::telemetry::Telemetry;
use crate::work::handling::Handling;
use attributes::{early_attributes, span_name, status_code, tool_name};
use message::Message;
use outcome::Outcome;
use series::{endpoint_key, start_key};
use side::Side;
use target::{Target, ToolRef};

/// An operation that is open.
#[derive(Debug)]
pub(crate) struct Operation {
    side: Side,
    method: Method,
    target: Target,
    protocol_version: Option<ProtocolVersion>,
    transport: Transport,
    /// Where the message was sent to.
    server: Option<Arc<Endpoint>>,
    started: Instant,
    span: Option<OpenSpan>,
    /// Whether the start of a tool call was recorded, so that its end must be.
    started_call: bool,
    /// The values of the tool's labels, once they are known; by then the call is counted.
    labels: Option<Combination>,
    /// What of a series' key is known from the start.
    key: u64,
    /// Attributes that the span could not have from its start.
    late: Late,
    /// The transport refused the message.
    refused: bool,
    /// Who sent the message, if there is a security log.
    identity: Option<Box<Identity>>,
}

#[derive(Debug, Default)]
struct Late {
    tool_name: bool,
    protocol_version: bool,
}

impl Operation {
    /// Opens the operation of a message.
    pub(crate) fn open(
        telemetry: &Telemetry,
        method: Method,
        target: Target,
        message: &Message<'_>,
        parentage: impl FnOnce() -> Parentage,
    ) -> Self {
        let refused_since = message.refused.map(|refused| refused.since);
        let started = refused_since.unwrap_or_else(Instant::now);
        let span = telemetry.tracer().and_then(|tracer| {
            let build = |links| {
                let mut builder = SpanBuilder::from_name(span_name(method, &target));
                builder.span_kind = Some(message.side.span_kind());
                builder.attributes = Some(early_attributes(telemetry, method, &target, message));
                builder.links = links;
                builder.start_time =
                    refused_since.and_then(|since| SystemTime::now().checked_sub(since.elapsed()));
                builder
            };
            tracer.start(parentage, build, |set| message.late_attributes(set))
        });
        Self::with_span(telemetry, started, (method, target), message, span)
    }

    /// Opens the operation of a tool call that another instrumentation's span already stands for: that
    /// gets the attributes, as far as it does not have them.
    pub(crate) fn within(
        telemetry: &Telemetry,
        target: Target,
        message: &Message<'_>,
        span: OpenSpan,
    ) -> Self {
        let started = Instant::now();
        let method = Method::TOOLS_CALL;
        let mut attributes = early_attributes(telemetry, method, &target, message);
        attributes.retain(|it| !it.key.as_str().starts_with("gen_ai."));
        let attributes = attributes.into_iter();
        attributes.for_each(|attribute| span.set_attribute(attribute));
        message.late_attributes(&mut |attribute| span.set_attribute(attribute));
        Self::with_span(telemetry, started, (method, target), message, Some(span))
    }

    #[expect(
        clippy::inline_always,
        reason = "all but the tool is known of a call that the macro opens itself"
    )]
    #[inline(always)]
    fn with_span(
        telemetry: &Telemetry,
        started: Instant,
        (method, target): (Method, Target),
        message: &Message<'_>,
        span: Option<OpenSpan>,
    ) -> Self {
        if message.side == Side::Server
            && let Some(log) = telemetry.security_log()
        {
            log.heard(message.transport);
        }
        let started_call = start_call(telemetry, &target);
        let identity = telemetry
            .security_log()
            .filter(|_| message.side == Side::Server)
            .map(|log| Box::new(Identity::of(log, method, &target, message)));
        let key = start_key(method, &target, message.protocol_version, message.transport);
        Self {
            key: key | endpoint_key(telemetry, message.server),
            side: message.side,
            server: message.server.cloned(),
            method,
            late: Late {
                tool_name: matches!(target, Target::Tool(ToolRef::Unknown)),
                protocol_version: false,
            },
            target,
            protocol_version: message.protocol_version,
            transport: message.transport,
            started,
            span,
            started_call,
            labels: None,
            refused: message.refused.is_some(),
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

    /// What the function that carried it out told: which tool it was, if the server was not known to
    /// have it, and with which labels the call was counted.
    pub(crate) fn learn(&mut self, telemetry: &Telemetry, handling: &Handling) {
        if let Some(callsite) = handling.entered() {
            self.identify(telemetry, callsite);
        }
        self.labels = handling.labels();
    }

    fn identify(&mut self, telemetry: &Telemetry, callsite: &'static Callsite) {
        if !matches!(self.target, Target::Tool(ToolRef::Unknown)) {
            return;
        }
        self.target = Target::Tool(ToolRef::Attributed(callsite));
        self.key = self.start_key(telemetry);
        if let Some(span) = &self.span {
            span.update_name(callsite.server_span);
        }
        self.started_call = start_call(telemetry, &self.target);
    }

    /// The values of the tool's labels are known: counts the call.
    pub(crate) fn label(&mut self, telemetry: &Telemetry, labels: Combination) {
        if let Some(tool) = telemetry.tool_instruments(&self.target)
            && tool.has_labels()
        {
            tool.called(Some(labels));
            self.labels = Some(labels);
        }
    }

    /// This operation itself settled the protocol version.
    pub(crate) fn negotiated(&mut self, telemetry: &Telemetry, version: ProtocolVersion) {
        self.protocol_version = Some(version);
        self.late.protocol_version = true;
        self.key = self.start_key(telemetry);
    }

    fn start_key(&self, telemetry: &Telemetry) -> u64 {
        start_key(
            self.method,
            &self.target,
            self.protocol_version,
            self.transport,
        ) | endpoint_key(telemetry, self.server.as_ref())
    }

    /// Closes the operation; `message` is the text of the tool's error, where the tool wants it
    /// recorded.
    #[expect(
        clippy::inline_always,
        reason = "it has one caller, which is not inlined"
    )]
    #[inline(always)]
    pub(crate) fn close(&self, telemetry: &Telemetry, outcome: Outcome, message: Option<Box<str>>) {
        let elapsed = self.started.elapsed();
        if let Some(identity) = &self.identity {
            self.record_event(telemetry, identity, outcome, message.as_deref(), elapsed);
        }
        if let Some(span) = &self.span {
            let ended = Ended::new(outcome.error_type(self.side).is_some(), message);
            span.end(elapsed, ended, |set| {
                self.closing_attributes(telemetry, outcome, set);
            });
        }
        let Some(metrics) = telemetry.metrics() else {
            return;
        };
        let seconds = elapsed.as_secs_f64();
        let tool = telemetry.tool_instruments(&self.target);
        self.record_duration(metrics, tool, outcome, seconds);
        if self.started_call
            && let Some(tool) = tool
        {
            if tool.has_labels() && self.labels.is_none() {
                tool.called(None);
            }
            tool.finished(outcome, self.labels, seconds);
        }
        if self.side == Side::Client {
            return;
        }
        if matches!(self.target, Target::Tool(ToolRef::Unknown)) {
            metrics.unknown(Unknown::Tool);
        } else if self.method == Method::OTHER && !self.refused {
            metrics.unknown(Unknown::Method);
        }
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

    fn closing_attributes(
        &self,
        telemetry: &Telemetry,
        outcome: Outcome,
        set: &mut dyn FnMut(KeyValue),
    ) {
        if let Target::Tool(tool) = &self.target
            && self.late.tool_name
        {
            tool_name(telemetry, tool, set);
        }
        if let Some(version) = self.protocol_version
            && self.late.protocol_version
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
        if let Some(class) = outcome.error_type(self.side) {
            set(KeyValue::new(attribute::ERROR_TYPE, class.as_str()));
        }
    }
}

/// Records that a call of the tool started, if it is one with metrics.
#[expect(
    clippy::inline_always,
    reason = "it has one caller on the way of every call"
)]
#[inline(always)]
fn start_call(telemetry: &Telemetry, target: &Target) -> bool {
    let tool = telemetry.tool_instruments(target);
    if let Some(tool) = tool {
        tool.started();
        if !tool.has_labels() {
            tool.called(None);
        }
    }
    tool.is_some()
}
