//! A message that was received and may yet be refused, and its operation if it is.

use std::fmt;
use std::net::SocketAddr;
use std::time::Instant;

use http::Request;
use opentelemetry::Context;

use super::exchange::Exchange;
use super::message;
use crate::closed::{HttpStatus, Method, ProtocolVersion, RpcCode, Transport};
use crate::message::Message;
use crate::operation::Operation;
use crate::outcome::Outcome;
use crate::span::contained;
use crate::target::Target;
use crate::telemetry::Telemetry;

const METHOD_HEADER: &str = "mcp-method";
const VERSION_HEADER: &str = "mcp-protocol-version";

/// What is known of the message, beside what of it is kept in the exchange.
pub(super) struct Received {
    pub(super) exchange: Exchange,
    telemetry: Telemetry,
    at: Instant,
    /// As the headers have it.
    method: Option<Method>,
    version: Option<ProtocolVersion>,
    transport: Transport,
    client: Option<SocketAddr>,
    /// The context in the headers.
    headers: Option<Context>,
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("exchange", &self.exchange)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// Refused or not, nobody looks at what is kept of it any more.
impl Drop for Received {
    fn drop(&mut self) {
        self.exchange.take_message();
    }
}

/// With what a message was refused.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refusal {
    /// None if it is no error by HTTP.
    pub(super) status: Option<HttpStatus>,
    /// None if it is no JSON-RPC error.
    pub(super) code: Option<RpcCode>,
}

impl Refusal {
    /// None if it is none.
    fn outcome(self) -> Option<Outcome> {
        match self {
            Self {
                code: Some(code), ..
            } => Some(Outcome::rpc(code)),
            Self { status, code: None } => status.map(Outcome::Refused),
        }
    }

    /// Whether it cannot be the answer of someone inside who has the operation already, although no
    /// handler is known that would have said so.
    fn is_the_transports(self, method: Method) -> bool {
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
    pub(super) fn now<B>(telemetry: Telemetry, exchange: Exchange, request: &Request<B>) -> Self {
        let header = |name| request.headers().get(name)?.to_str().ok();
        let propagation = &telemetry.inner().propagation;
        // Few clients send a context in headers, and where a span is around, that has read them.
        let context = || {
            let mut fields = propagation.propagator.fields();
            let is_there = fields.any(|field| request.headers().contains_key(field));
            is_there.then(|| propagation.headers(request.headers()))
        };
        let is_read = telemetry.tracer().is_some() && !exchange.has_span();
        Self {
            at: Instant::now(),
            method: header(METHOD_HEADER).map(Method::parse),
            version: header(VERSION_HEADER).map(ProtocolVersion::parse),
            transport: Transport::of_http(request.version()),
            client: super::client(request.extensions()),
            headers: is_read.then(|| contained(context).flatten()).flatten(),
            exchange,
            telemetry,
        }
    }

    /// Opens and closes the operation of the message, unless it has one, or is none.
    pub(super) fn refused(mut self, refusal: Refusal) {
        let Some(outcome) = refusal.outcome() else {
            return;
        };
        if self.exchange.is_handled() {
            return;
        }
        let kept = self.exchange.take_message();
        let seen = message::Seen::of(&kept);
        let method = seen.method.or(self.method).unwrap_or(Method::OTHER);
        if seen.is_answer() || !(self.exchange.has_observed() || refusal.is_the_transports(method))
        {
            return;
        }
        let message = Message {
            request_id: seen.request_id(),
            // What a client wants to agree on is no fact yet.
            protocol_version: seen
                .protocol_version()
                .or(self.version)
                .filter(|_| method != Method::INITIALIZE),
            transport: self.transport,
            client: self.client,
            refused_since: Some(self.at),
            ..Message::default()
        };
        let ambient = self.exchange.around().or(self.headers.take());
        let telemetry = &self.telemetry;
        // The transport does not know the server's tools.
        let operation = Operation::open(telemetry, method, Target::None, &message, || {
            telemetry.parentage(
                message.transport,
                Some(&seen.meta),
                ambient.unwrap_or_default(),
            )
        });
        operation.close(telemetry, outcome, None);
    }
}
