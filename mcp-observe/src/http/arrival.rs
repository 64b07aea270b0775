//! An HTTP request as it came in, and the event of one that was not let in.

use std::fmt;
use std::net::SocketAddr;
use std::time::Instant;

use http::response::Parts;
use http::{Extensions, HeaderMap, HeaderName, Request};

use super::exchange::Exchange;
use crate::closed::{HttpStatus, Method, Transport};
use crate::operation::outcome::Outcome;
use crate::security::{Caller, Category, Event, SpanRef, UnknownHash};
use crate::semconv::OTHER;
use crate::telemetry::Telemetry;

static SESSION_HEADER: HeaderName = HeaderName::from_static("mcp-session-id");

/// Longest session id that is kept, in bytes. What is longer is left out: cut, it would be that of
/// another session.
const MAX_SESSION: usize = 128;

/// What is known of a request, whatever it asks for.
pub(super) struct Arrival {
    pub(super) telemetry: Telemetry,
    pub(super) exchange: Exchange,
    pub(super) at: Instant,
    pub(super) client: Option<SocketAddr>,
    /// The session that it says it belongs to, for the security log alone.
    pub(super) session: Option<Box<str>>,
}

impl fmt::Debug for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arrival")
            .field("exchange", &self.exchange)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Arrival {
    pub(super) fn now<B>(telemetry: Telemetry, exchange: Exchange, request: &Request<B>) -> Self {
        let has_log = telemetry.security_log().is_some();
        let session = has_log.then(|| claimed_session(request.headers()));
        Self {
            at: Instant::now(),
            client: super::client(request.extensions()),
            session: session.flatten().map(Into::into),
            exchange,
            telemetry,
        }
    }

    /// Who was refused, as far as the extensions of the answer tell, or whoever authenticated the
    /// request before.
    pub(super) fn subject(&self, answer: &Extensions) -> Option<String> {
        let log = self.telemetry.security_log()?;
        let caller = Caller::refused(answer, self.client);
        log.subject_of(&caller).or_else(|| {
            let subject = self.exchange.subject()?;
            Some(subject.as_str().to_owned())
        })
    }

    /// A request that is no message was answered.
    pub(super) fn answered(&self, head: &Parts) {
        let status = HttpStatus::refusing(head.status.as_u16());
        if let Some(status) = status.filter(|it| it.shuts_out()) {
            let subject = self.subject(&head.extensions);
            self.shut_out(status, Outcome::Refused(status), None, subject.as_deref());
        }
    }

    /// Records the event of a request that has no operation to tell of it, if it was not let in.
    /// `method` is that of the message in it, and the hash of its name if it is unknown.
    pub(super) fn shut_out(
        &self,
        status: HttpStatus,
        outcome: Outcome,
        method: Option<(Method, Option<UnknownHash>)>,
        subject: Option<&str>,
    ) {
        let Some(log) = self.telemetry.security_log() else {
            return;
        };
        if !status.shuts_out() {
            return;
        }
        log.heard(Transport::Http);
        let method_name = method.map(|(method, _)| method);
        let traces = self.telemetry.tracer().is_some();
        log.record(&Event {
            method: method_name,
            tool: (method_name == Some(Method::TOOLS_CALL)).then_some(OTHER),
            unknown: method.and_then(|(_, unknown)| unknown),
            subject,
            session: self.session.as_deref(),
            client_ip: self.client.map(|client| client.ip()),
            duration: self.at.elapsed(),
            error: outcome.class(),
            trace: SpanRef::of(self.exchange.span()).filter(|_| traces),
            ..Event::new(Category::Auth, status.as_u16(), outcome.status())
        });
    }
}

/// The session id in a header, if it could be one: visible ASCII by the protocol's rule, and not too
/// long.
fn claimed_session(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get(&SESSION_HEADER)?.to_str().ok()?;
    let is_visible = id.bytes().all(|byte| byte.is_ascii_graphic());
    (is_visible && !id.is_empty() && id.len() <= MAX_SESSION).then_some(id)
}
