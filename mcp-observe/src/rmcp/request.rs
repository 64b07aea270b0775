//! Opening the operation of a message that rmcp hands to a handler, and carrying it out.

use std::sync::Arc;

use rmcp::model::{CallToolResponse, ErrorCode};
use rmcp::service::{NotificationContext, RequestContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use tokio_util::sync::CancellationToken;

use super::carried_out::CarriedOut;
use super::carrier::InFlight;
use super::ending;
use super::message::{Initialized, meta_of, of_notification, of_request};
use super::observed::{Incoming, Observed};
use crate::call::classify::ToolResult;
use crate::closed::{Method, ProtocolVersion, Transport};
use crate::operation::Operation;
use crate::operation::message::Message;
use crate::operation::outcome::{Outcome, ResultType};
use crate::operation::target::Target;
use crate::sent::rounds::{Follows, Thread};
use crate::telemetry::Telemetry;
use crate::work::Work;
use crate::work::handling::Handling;

const META_CLIENT_CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
const TASKS_EXTENSION: &str = "io.modelcontextprotocol/tasks";

/// What a request is about.
pub(super) struct Request<'a> {
    pub(super) method: Method,
    pub(super) target: Target,
    pub(super) resource_uri: Option<&'a str>,
    /// The name of the tool or method that it asks for, where the server may not know it.
    pub(super) asked_for: Option<&'a str>,
    /// What it goes on with.
    pub(super) follows: Option<Thread<'a>>,
    /// The request itself settles the protocol version, so the one it was sent with is no fact yet.
    pub(super) settles_version: bool,
}

impl Request<'_> {
    pub(super) fn of(method: Method) -> Self {
        Self {
            method,
            target: Target::None,
            resource_uri: None,
            asked_for: None,
            follows: None,
            settles_version: false,
        }
    }
}

/// An operation that was opened for a message.
pub(super) struct Opened {
    pub(super) work: Work<Operation>,
    pub(super) handling: Arc<Handling>,
    pub(super) transport: Transport,
    /// It belongs to a session that has an id.
    pub(super) has_session: bool,
    pub(super) protocol_version: Option<ProtocolVersion>,
    /// Where it was asked for.
    pub(super) initialized: Option<Initialized>,
    /// Of a request: whether the peer does not wait for its answer any more.
    pub(super) cancelled: Option<CancellationToken>,
}

/// A request whose handler has returned.
pub(super) struct Ending<'a> {
    pub(super) operation: &'a mut Operation,
    pub(super) handling: &'a Handling,
    pub(super) transport: Transport,
    /// The peer gets the result: it has not cancelled the request.
    pub(super) is_answered: bool,
}

impl Ending<'_> {
    /// Messages may go on with this one, if the client is given this answer.
    pub(super) fn remember(&self, thread: Thread<'_>, answer: Outcome) {
        if self.is_answered && matches!(answer, Outcome::Success(_)) {
            let span = self.handling.span_context();
            self.handling.telemetry.may_be_followed(thread, span);
        }
    }
}

impl<H: ServerHandler> Observed<H> {
    /// Opens the operation of a request; none if nothing is installed.
    pub(super) fn open_request(
        &self,
        about: &Request<'_>,
        context: &mut RequestContext<RoleServer>,
    ) -> Option<Opened> {
        let telemetry = self.telemetry_of(&context.extensions)?;
        Some(self.open_request_of(&telemetry, about, context))
    }

    pub(super) fn open_request_of(
        &self,
        telemetry: &Telemetry,
        about: &Request<'_>,
        context: &mut RequestContext<RoleServer>,
    ) -> Opened {
        let opened = self.opened(telemetry, about, of_request(context), context);
        context.extensions.insert(InFlight {
            handling: Arc::clone(&opened.handling),
            has_session: opened.has_session,
        });
        opened
    }

    /// Opens the operation of a subscription, whose context is no longer ours to add to.
    pub(super) fn open_subscription(
        &self,
        method: Method,
        context: &RequestContext<RoleServer>,
    ) -> Option<Opened> {
        let telemetry = self.telemetry_of(&context.extensions)?;
        Some(self.opened(
            &telemetry,
            &Request::of(method),
            of_request(context),
            context,
        ))
    }

    fn opened<'a>(
        &self,
        telemetry: &Telemetry,
        about: &Request<'a>,
        (mut message, initialized): (Message<'a>, Option<Initialized>),
        context: &RequestContext<RoleServer>,
    ) -> Opened {
        message.resource_uri = about.resource_uri;
        message.asked_for = about.asked_for;
        if about.settles_version {
            message.protocol_version = None;
        }
        let incoming = Incoming {
            message,
            meta: Some(&context.meta),
            extensions: &context.extensions,
            follows: about.follows.map(Follows::Handled),
            initialized,
            cancelled: Some(&context.ct),
        };
        self.open(telemetry, about.method, &about.target, &incoming)
    }

    /// Opens the operation of a notification; none if nothing is installed.
    pub(super) fn open_notification(
        &self,
        method: Method,
        context: &NotificationContext<RoleServer>,
    ) -> Option<Opened> {
        let telemetry = self.telemetry_of(&context.extensions)?;
        let incoming = Incoming {
            message: of_notification(context),
            meta: Some(meta_of(context)),
            extensions: &context.extensions,
            follows: None,
            initialized: None,
            cancelled: None,
        };
        Some(self.open(&telemetry, method, &Target::None, &incoming))
    }
}

impl<H> Observed<H> {
    /// Carries a request out and closes its operation, if it has one, with what `outcome` makes of the result.
    pub(super) fn carry_out<M, B, O>(
        &self,
        opened: Option<Opened>,
        body: M,
        outcome: O,
    ) -> CarriedOut<M, B, O>
    where
        M: FnOnce() -> B,
        CarriedOut<M, B, O>: Future,
    {
        CarriedOut::new(opened, self.options.catch_panics, body, outcome)
    }

    /// Carries a notification out. Nobody waits for an answer to it.
    pub(super) async fn carry_on(&self, mut opened: Opened, body: impl Future<Output = ()>) {
        opened.work.run(body).await;
        opened.work.close(Outcome::SUCCESS);
    }
}

/// What a client can be answered with. rmcp replaces a response that it cannot by an error, after
/// the handler has returned.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Client {
    takes_rounds: bool,
    takes_tasks: bool,
}

impl Client {
    /// Of a request that is not observed nothing is asked.
    pub(super) fn of(context: &RequestContext<RoleServer>, opened: Option<&Opened>) -> Self {
        let Some(opened) = opened else {
            return Self::default();
        };
        let declared = context.meta.get(META_CLIENT_CAPABILITIES);
        Self {
            takes_rounds: opened
                .protocol_version
                .is_some_and(ProtocolVersion::has_rounds),
            takes_tasks: match declared {
                Some(capabilities) => capabilities
                    .get("extensions")
                    .is_some_and(|all| all.get(TASKS_EXTENSION).is_some()),
                None => opened
                    .initialized
                    .or_else(|| Initialized::of(&context.peer))
                    .is_some_and(|it| it.takes_tasks),
            },
        }
    }

    /// What becomes of a tool's response.
    pub(super) fn answered(self, result: &Result<CallToolResponse, ErrorData>) -> Outcome {
        match result {
            Ok(CallToolResponse::InputRequired(_)) => self.interim(),
            Ok(CallToolResponse::Task(_)) if !self.takes_tasks => {
                ending::refused(ErrorCode::MISSING_REQUIRED_CLIENT_CAPABILITY)
            }
            Ok(response) => response.ending().0,
            Err(_) => ending::of_request(result),
        }
    }

    /// What becomes of an interim round.
    pub(super) fn interim(self) -> Outcome {
        if self.takes_rounds {
            Outcome::Success(ResultType::InputRequired)
        } else {
            ending::refused(ErrorCode::INVALID_REQUEST)
        }
    }
}
