//! A message that was received and may yet be refused, and its operation if it is.

use std::fmt;

use http::{Extensions, HeaderMap, HeaderName, Request};
use opentelemetry::Context;

use super::arrival::Arrival;
use super::message;
use crate::closed::{HttpStatus, Method, ProtocolVersion, RpcCode, Transport};
use crate::operation::message::{Message, Refused};
use crate::operation::outcome::Outcome;
use crate::operation::target::Target;
use crate::operation::{AnyMessage, Operation};
use crate::security::UnknownHash;
use crate::span::contained;

// To compare a name with text is to parse it, for each request.
static METHOD_HEADER: HeaderName = HeaderName::from_static("mcp-method");
static VERSION_HEADER: HeaderName = HeaderName::from_static("mcp-protocol-version");

/// What is known of the message, beside what of it is kept in the exchange.
pub(super) struct Received {
    pub(super) arrival: Arrival,
    /// As the headers have it.
    method: Option<Method>,
    /// Of the name of an unknown method there, for the security log.
    unknown: Option<UnknownHash>,
    version: Option<ProtocolVersion>,
    transport: Transport,
    /// The context in the headers.
    headers: Option<Context>,
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("arrival", &self.arrival)
            .finish_non_exhaustive()
    }
}

/// Refused or not, nobody looks at what is kept of it any more.
impl Drop for Received {
    fn drop(&mut self) {
        self.arrival.exchange.take_message();
    }
}

/// What the headers say of the message.
#[derive(Default)]
struct Claimed<'a> {
    method: Option<&'a str>,
    version: Option<&'a str>,
}

impl<'a> Claimed<'a> {
    /// In one pass: to look a name up is to hash it, which takes longer than to go by a dozen of them.
    fn in_headers(headers: &'a HeaderMap) -> Self {
        let mut claimed = Self::default();
        for (name, value) in headers {
            let place = if *name == METHOD_HEADER {
                &mut claimed.method
            } else if *name == VERSION_HEADER {
                &mut claimed.version
            } else {
                continue;
            };
            *place = place.or_else(|| value.to_str().ok());
        }
        claimed
    }
}

/// With what a message was refused.
#[derive(Debug, Clone, Default)]
pub(super) struct Refusal {
    /// None if it is no error by HTTP.
    pub(super) status: Option<HttpStatus>,
    /// None if it is no JSON-RPC error.
    pub(super) code: Option<RpcCode>,
    /// Who was refused, if it is an error by HTTP, and there is a security log.
    pub(super) subject: Option<String>,
}

impl Refusal {
    /// None if it is none.
    fn outcome(&self) -> Option<Outcome> {
        match self.code {
            Some(code) => Some(Outcome::rpc(code)),
            None => self.status.map(Outcome::Refused),
        }
    }

    /// Whether it cannot be the answer of someone inside who has the operation already, although no
    /// handler is known that would have said so.
    fn is_the_transports(&self, method: Method) -> bool {
        match (self.status, self.code) {
            (Some(_), Some(code)) => is_of_transport(code),
            // A tool that panics may leave this behind.
            (Some(status), None) => status.is_callers_fault() || method != Method::TOOLS_CALL,
            (None, _) => false,
        }
    }
}

/// Whether it tells that the message as such is refused: it cannot be read, is none, or its headers or
/// its protocol revision are wrong. A handler has no cause to answer so.
fn is_of_transport(code: RpcCode) -> bool {
    matches!(code.0, -32700 | -32600 | -32020 | -32022)
}

impl Received {
    pub(super) fn now<B>(arrival: Arrival, request: &Request<B>) -> Self {
        let Claimed { method, version } = Claimed::in_headers(request.headers());
        let telemetry = &arrival.telemetry;
        let propagation = &telemetry.inner().propagation;
        // Few clients send a context in headers, and where a span is around, that has read them.
        let context = || {
            propagation
                .may_be_in(request.headers())
                .then(|| propagation.headers(request.headers()))
        };
        let is_read = telemetry.tracer().is_some() && !arrival.exchange.has_span();
        let named = method;
        let method = named.map(Method::parse);
        let unknown = named.filter(|_| method == Some(Method::OTHER));
        Self {
            method,
            unknown: unknown
                .zip(telemetry.security_log())
                .map(|(name, log)| log.hash_unknown(name)),
            version: version.map(ProtocolVersion::parse),
            transport: Transport::of_http(request.version()),
            headers: is_read.then(|| contained(context).flatten()).flatten(),
            arrival,
        }
    }

    /// Opens and closes the operation of the message, unless it has one, or is none. If its caller
    /// was not let in, that is an event all the same.
    pub(super) fn refused(mut self, refusal: &Refusal) {
        let Some(outcome) = refusal.outcome() else {
            return;
        };
        let exchange = &self.arrival.exchange;
        let is_shut_out = refusal.status.is_some_and(HttpStatus::shuts_out);
        if exchange.is_handled() && !is_shut_out {
            return;
        }
        let kept = exchange.take_message();
        let seen = message::Seen::of(&kept);
        let named = seen.method.or(self.method);
        let method = named.unwrap_or(Method::OTHER);
        let is_operation = !exchange.is_handled()
            && !seen.is_answer()
            && (exchange.has_observed() || refusal.is_the_transports(method));
        let telemetry = &self.arrival.telemetry;
        let unknown = match (&seen.unknown_method, telemetry.security_log()) {
            (Some(name), Some(log)) => Some(log.hash_unknown(name)),
            _ => self.unknown.filter(|_| method == Method::OTHER),
        };
        let subject = match refusal.status {
            Some(_) => refusal.subject.clone(),
            None => self.arrival.subject(&Extensions::new()),
        };
        let subject = subject.as_deref();
        if !is_operation {
            if let Some(status) = refusal.status {
                let method = named.map(|method| (method, unknown));
                self.arrival.shut_out(status, outcome, method, subject);
            }
            return;
        }
        let refused = Refused {
            since: self.arrival.at,
            status: refusal.status,
            claimed_session: self.arrival.session.as_deref(),
            names_method: named.is_some(),
            subject,
            unknown,
        };
        let message = Message {
            request_id: seen.request_id(),
            // What a client wants to agree on is no fact yet.
            protocol_version: seen
                .protocol_version()
                .or(self.version)
                .filter(|_| method != Method::INITIALIZE),
            transport: self.transport,
            client: self.arrival.client,
            refused: Some(&refused),
            ..Message::default()
        };
        let ambient = exchange.around().or(self.headers.take());
        // The transport does not know the server's tools.
        let about = AnyMessage::new(method, Target::None, &message);
        let operation = Operation::open(telemetry, about, &message, || {
            telemetry.parentage(
                message.transport,
                Some(&seen.meta),
                ambient.unwrap_or_default(),
            )
        });
        operation.close(telemetry, outcome, None);
    }
}
