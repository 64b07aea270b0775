//! What a transport knows of the messages that it carries.

use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry::trace::TraceId;
use rmcp::RoleClient;
use rmcp::model::{
    CancelledNotificationParam, ClientJsonRpcMessage, ClientNotification, ClientRequest, ErrorData,
    GetExtensions, GetMeta, JsonRpcMessage, JsonRpcNotification, JsonRpcRequest, RequestId as Id,
    ServerJsonRpcMessage, ServerNotification, ServerResult,
};
use rmcp::service::RequestHandle;
use serde_json::Value;

use super::layers::Layers;
use super::pending::{Pending, Request};
use super::session::Session;
use crate::closed::{Method, ProtocolVersion};
use crate::error_class::ErrorClass;
use crate::operation::message::{Message, RequestId};
use crate::operation::outcome::Outcome;
use crate::rmcp::expected::carried_by;
use crate::rmcp::peer::Options;
use crate::rmcp::peer::answer::Ending;
use crate::rmcp::peer::outgoing::About;
use crate::rmcp::peer::role::sealed::Role as _;
use crate::rmcp::sent::Sent;
use crate::sent::awaited::{Awaited, Outgoing};
use crate::telemetry::Telemetry;

const INITIALIZE: Method = Method::known("initialize");
const DISCOVER: Method = Method::known("server/discover");
const LISTEN: Method = Method::known("subscriptions/listen");

/// What an error has in its data that rmcp made itself, for a request whose connection ended.
const MADE_BY_RMCP: &str = "io.modelcontextprotocol/transportClosed";

/// The messages of one transport.
#[derive(Debug)]
pub(super) struct Exchange {
    options: Options,
    pending: Arc<Pending>,
    /// Settled by the session, or named by the last request.
    version: Option<ProtocolVersion>,
    /// While the session is being set up, the request that does so.
    startup: Option<Id>,
    session: Session,
}

/// A message that is being sent.
#[derive(Debug)]
pub(super) enum Sending {
    /// There is nothing to be told of how that ends.
    Unobserved,
    Request(Arc<Pending>, Id),
    Notification(Awaited),
}

impl Sending {
    pub(super) fn done(self, is_sent: bool) {
        match self {
            Self::Request(pending, id) if !is_sent => {
                if let Some(request) = pending.take(&id) {
                    request.end(NOT_SENT);
                }
            }
            Self::Unobserved | Self::Request(..) => {}
            Self::Notification(mut awaited) => {
                let ending = if is_sent { Ending::SUCCESS } else { NOT_SENT };
                ending.close(&mut awaited);
            }
        }
    }
}

const NOT_SENT: Ending = Ending::of(Outcome::failure(ErrorClass::TRANSPORT_ERROR));
const CLOSED: Ending = Ending::of(Outcome::failure(ErrorClass::TRANSPORT_CLOSED));
const TIMEOUT: Ending = Ending::of(Outcome::failure(ErrorClass::TIMEOUT));
const CANCELLED: Ending = Ending::of(Outcome::Cancelled);
/// Nobody will know how it ended.
const GIVEN_UP: Ending = Ending::of(Outcome::failure(ErrorClass::OTHER));

impl Exchange {
    pub(super) fn new(options: Options) -> Self {
        Self {
            options,
            pending: Arc::default(),
            version: None,
            startup: None,
            session: Session::default(),
        }
    }

    /// A message is about to be sent: opens its operation, and writes the context into it, unless
    /// that was done by whoever made it.
    pub(super) fn sending(&mut self, message: &mut ClientJsonRpcMessage) -> Sending {
        let Some(telemetry) = self.options.telemetry() else {
            return Sending::Unobserved;
        };
        match message {
            JsonRpcMessage::Request(request) => self.request(&telemetry, request),
            JsonRpcMessage::Notification(notification) => {
                self.notification(&telemetry, notification)
            }
            JsonRpcMessage::Response(_) | JsonRpcMessage::Error(_) => Sending::Unobserved,
        }
    }

    fn request(
        &mut self,
        telemetry: &Telemetry,
        message: &mut JsonRpcRequest<ClientRequest>,
    ) -> Sending {
        let JsonRpcRequest { id, request, .. } = message;
        let (method, awaited) = self.own(telemetry, request, id);
        let span = awaited.as_ref().and_then(Awaited::span);
        if let Some(awaited) = &awaited {
            let meta = request.get_meta_mut();
            awaited.inject(|key, value| {
                meta.insert(key.to_owned(), Value::String(value));
            });
        }
        if method == INITIALIZE {
            let sent = Sent::opening(span);
            self.session.open(telemetry, sent.clone());
            request.extensions_mut().insert(sent);
        } else if let Some(span) = span {
            request.extensions_mut().insert(Sent::with(Some(span)));
        }
        let request = Request { method, awaited };
        if let Some(oldest) = self.pending.add(id.clone(), request) {
            oldest.end(GIVEN_UP);
        }
        Sending::Request(Arc::clone(&self.pending), id.clone())
    }

    /// The method of a request, and its operation if nobody else has one for it.
    fn own(
        &mut self,
        telemetry: &Telemetry,
        request: &mut ClientRequest,
        id: &Id,
    ) -> (Method, Option<Awaited>) {
        let about = RoleClient::about(request);
        let method = about.method;
        self.starting(method, id);
        let layers = Layers::of_request(request, about.meta);
        if let Some(named) = layers.protocol_version() {
            self.version = Some(named);
        }
        if request.extensions().get::<Sent>().is_some() {
            return (method, None);
        }
        let carried = carried_by(telemetry, &layers);
        let expected = telemetry.inner().expectations.pass(method, carried);
        if let Some(expected) = expected {
            expected.identify(id);
            request.extensions_mut().insert(expected.sent());
            return (method, None);
        }
        let awaited = match carried {
            Some(_) => None,
            None => Some(self.open(telemetry, &about, Some(id))),
        };
        (method, awaited)
    }

    fn open(&self, telemetry: &Telemetry, about: &About<'_>, id: Option<&Id>) -> Awaited {
        let endpoint = self.options.endpoint.as_ref();
        let follows = about.follows.and_then(|thread| {
            // To which trace it belongs is not known here.
            let rounds = &telemetry.inner().sent_rounds;
            rounds.previous(thread, TraceId::INVALID)?.span
        });
        let outgoing = Outgoing {
            method: about.method,
            target: about.target(telemetry),
            message: Message {
                server: endpoint,
                transport: endpoint.map(|it| it.transport).unwrap_or_default(),
                request_id: id.map(RequestId::of),
                protocol_version: self.version,
                resource_uri: about.resource_uri,
                ..Message::default()
            },
            meta: None,
            follows,
            // What is current here is rmcp's own span, which lives as long as the session.
            ambient: Context::new(),
        };
        Awaited::open(telemetry, outgoing)
    }

    /// Keeps track of how a session begins.
    fn starting(&mut self, method: Method, id: &Id) {
        if method != INITIALIZE && method != DISCOVER {
            self.startup = None;
            return;
        }
        let previous = self.startup.replace(id.clone());
        if method == INITIALIZE {
            // What is agreed on is known only at the end.
            self.version = None;
            // rmcp asks to initialise once it has waited long enough for a server to be discovered.
            let discovering = |request: &Request| request.method == DISCOVER;
            let previous = previous.and_then(|id| self.pending.take_if(&id, discovering));
            if let Some(previous) = previous {
                previous.end(TIMEOUT);
            }
        }
    }

    fn notification(
        &mut self,
        telemetry: &Telemetry,
        message: &mut JsonRpcNotification<ClientNotification>,
    ) -> Sending {
        let notification = &mut message.notification;
        if let ClientNotification::CancelledNotification(cancelled) = notification {
            self.cancelled(&cancelled.params);
        }
        self.startup = None;
        let layers = Layers::of_notification(notification);
        if notification.extensions().get::<Sent>().is_some()
            || carried_by(telemetry, &layers).is_some()
        {
            return Sending::Unobserved;
        }
        let about = About::of(RoleClient::notification(notification));
        let awaited = self.open(telemetry, &about, None);
        let meta = notification.get_meta_mut();
        awaited.inject(|key, value| {
            meta.insert(key.to_owned(), Value::String(value));
        });
        let sent = Sent::of(&awaited);
        notification.extensions_mut().insert(sent);
        Sending::Notification(awaited)
    }

    /// Nobody waits for this request any more.
    fn cancelled(&self, cancelled: &CancelledNotificationParam) {
        let id = cancelled.request_id.as_ref();
        let Some(request) = id.and_then(|id| self.pending.take(id)) else {
            return;
        };
        request.end(match cancelled.reason.as_deref() {
            Some(
                RequestHandle::<RoleClient>::REQUEST_TIMEOUT_REASON
                | RequestHandle::<RoleClient>::REQUEST_MAX_TOTAL_TIMEOUT_REASON,
            ) => TIMEOUT,
            _ => CANCELLED,
        });
    }

    /// A message came: closes the operation that it answers.
    pub(super) fn received(&mut self, message: &ServerJsonRpcMessage) {
        match message {
            JsonRpcMessage::Response(response) => self.answered(&response.id, &response.result),
            JsonRpcMessage::Error(error) => self.refused(error.id.as_ref(), &error.error),
            JsonRpcMessage::Notification(notification) => {
                if let ServerNotification::CancelledNotification(it) = &notification.notification
                    && let Some(id) = &it.params.request_id
                {
                    // A server may end a subscription. Other ids are those of its own requests.
                    let listening = |request: &Request| request.method == LISTEN;
                    if let Some(request) = self.pending.take_if(id, listening) {
                        request.end(CANCELLED);
                    }
                }
            }
            JsonRpcMessage::Request(_) => {}
        }
    }

    fn answered(&mut self, id: &Id, result: &ServerResult) {
        let Some(mut request) = self.pending.take(id) else {
            return;
        };
        if let (INITIALIZE, ServerResult::InitializeResult(result)) = (request.method, result) {
            let version = ProtocolVersion::parse(result.protocol_version.as_str());
            self.version = Some(version);
            if let Some(awaited) = &mut request.awaited {
                awaited.negotiated(version);
            }
            if result.protocol_version.has_initialize() {
                self.session.begin(version, self.options.endpoint.as_ref());
            }
        }
        if let Some(awaited) = &mut request.awaited {
            let ending = self.options.answered::<RoleClient>(awaited, result);
            ending.close(awaited);
        }
    }

    fn refused(&mut self, id: Option<&Id>, error: &ErrorData) {
        // A server that could not read the request cannot say which it was; while a session is set
        // up there is but one.
        let id = id.or(self.startup.as_ref());
        let Some(Request {
            awaited: Some(mut awaited),
            ..
        }) = id.and_then(|id| self.pending.take(id))
        else {
            return;
        };
        let is_made_by_rmcp = error
            .data
            .as_ref()
            .is_some_and(|data| data.get(MADE_BY_RMCP).is_some());
        if is_made_by_rmcp {
            CLOSED.close(&mut awaited);
        } else {
            self.options.refused(&awaited, error).close(&mut awaited);
        }
    }

    /// The client closes the transport, or the connection ended. Returns whether there was anything
    /// without an answer.
    pub(super) fn abandon(&mut self) -> bool {
        let unanswered = self.pending.take_all();
        let was_open = !unanswered.is_empty();
        for request in unanswered {
            request.end(CLOSED);
        }
        was_open
    }

    /// There is no connection any more.
    pub(super) fn end(&mut self, error: Option<ErrorClass>) {
        self.session.end(error);
    }
}
