//! A message that was sent: its operation is open until the answer comes. Dropped before that, it was
//! cancelled.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt};

use super::execute_tools;
use super::rounds::Thread;
use crate::closed::Method;
#[cfg(feature = "client")]
use crate::closed::ProtocolVersion;
use crate::context::Trust;
use crate::context::carrier::Carrier;
use crate::operation::message::Message;
use crate::operation::outcome::Outcome;
use crate::operation::side::Side;
use crate::operation::target::{Target, ToolRef};
use crate::operation::{AnyMessage, Operation};
use crate::span::{OpenSpan, contained};
use crate::telemetry::Telemetry;

/// The operation of a message that was sent.
#[derive(Debug)]
pub(crate) struct Awaited {
    telemetry: Telemetry,
    operation: Operation,
    /// Where the message was sent.
    ambient: Context,
    is_open: bool,
}

/// A message that is about to be sent.
pub(crate) struct Outgoing<'a> {
    pub(crate) method: Method,
    pub(crate) target: Target,
    pub(crate) message: Message<'a>,
    /// What the user put into its `_meta`.
    pub(crate) meta: Option<&'a dyn Carrier>,
    /// The message that this one goes on with: an earlier round, or the call that became a task.
    pub(crate) follows: Option<SpanContext>,
    /// The context of the work that it is sent from.
    pub(crate) ambient: Context,
}

impl Awaited {
    /// Opens the operation below the context of the work around it, or below the one that the user
    /// wrote into the message.
    pub(crate) fn open(telemetry: &Telemetry, outgoing: Outgoing<'_>) -> Self {
        let Outgoing {
            method,
            target,
            message,
            meta,
            follows,
            ambient,
        } = outgoing;
        let message = Message {
            side: Side::Client,
            ..message
        };
        if let Target::Tool(tool) = &target
            && method == Method::TOOLS_CALL
            && let Some(span) = executing(telemetry, &ambient, tool)
        {
            return Self {
                operation: Operation::within(telemetry, target, &message, span),
                telemetry: telemetry.clone(),
                ambient,
                is_open: true,
            };
        }
        let parentage = || {
            let propagation = &telemetry.inner().propagation;
            let mut parentage = propagation.read(Trust::Parent, meta, ambient.clone());
            if let Some(earlier) = follows {
                parentage.follow(earlier);
            }
            parentage
        };
        Self {
            operation: Operation::open(
                telemetry,
                AnyMessage::new(method, target, &message),
                &message,
                parentage,
            ),
            telemetry: telemetry.clone(),
            ambient,
            is_open: true,
        }
    }

    /// Hands what the message has to carry to `set`.
    pub(crate) fn inject(&self, mut set: impl FnMut(&str, String)) {
        let context = self.carried();
        // A propagator may be the user's own.
        contained(|| self.telemetry.inner().propagation.inject(context, &mut set));
    }

    /// The context that the message carries: that of the operation, or the one around it where no
    /// traces are recorded.
    pub(crate) fn carried(&self) -> &Context {
        self.operation.context().unwrap_or(&self.ambient)
    }

    pub(crate) fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    pub(crate) fn span(&self) -> Option<&OpenSpan> {
        self.operation.span()
    }

    /// Other messages may go on with this one; they will be linked.
    pub(crate) fn may_be_followed(&self, thread: Thread<'_>) {
        if let Some(span) = self.span() {
            let rounds = &self.telemetry.inner().sent_rounds;
            rounds.interim(thread, span.span_context());
        }
    }

    /// The answer settled the protocol version.
    #[cfg(feature = "client")]
    pub(crate) fn negotiated(&mut self, version: ProtocolVersion) {
        self.operation.negotiated(&self.telemetry, version);
    }

    /// No message was needed after all: there is nothing to measure.
    #[cfg(feature = "client")]
    pub(crate) fn not_sent(&mut self) {
        self.is_open = false;
        self.operation.withdraw();
    }

    /// The answer came, or will not come; `message` is the text of its error, where it is recorded.
    pub(crate) fn close(&mut self, outcome: Outcome, message: Option<Box<str>>) {
        if self.is_open {
            self.is_open = false;
            self.operation.close(&self.telemetry, outcome, message);
        }
    }
}

/// The span of the work around, if it is an agent's for the execution of this tool.
fn executing(telemetry: &Telemetry, ambient: &Context, tool: &ToolRef) -> Option<OpenSpan> {
    telemetry.tracer()?;
    let span = ambient.span().span_context().span_id();
    let is_execution = execute_tools::take(span, &tool.name().as_str());
    is_execution
        .then(|| OpenSpan::foreign(ambient.clone()))
        .flatten()
}

impl Drop for Awaited {
    fn drop(&mut self) {
        self.close(Outcome::Cancelled, None);
    }
}
