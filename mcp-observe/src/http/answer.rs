//! What a message is answered with: whether that is a refusal, and which.

use std::fmt;

use bytes::Buf;
use http::header::CONTENT_TYPE;
use http::response::Parts;
use http::{HeaderMap, StatusCode};

use super::members::{Member, Members, Scalar, read};
use super::received::{Received, Refusal};
use super::request::Head;
use crate::closed::{HttpStatus, RpcCode};

/// An answer that may turn out to be a JSON-RPC error from no handler, as far as it has been seen.
pub(super) struct Answer {
    received: Received,
    refusal: Refusal,
    form: Form,
    head: Head,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("received", &self.received)
            .field("status", &self.refusal.status)
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}

/// How JSON-RPC messages are in a body.
#[derive(Debug, Clone, Copy)]
enum Form {
    Json,
    /// Server-sent events.
    Events,
}

impl Form {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let essence = value.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case("application/json") {
            Some(Self::Json)
        } else if essence.eq_ignore_ascii_case("text/event-stream") {
            Some(Self::Events)
        } else {
            None
        }
    }
}

impl Received {
    /// The message is being answered, with this head. None if there is nothing more to see.
    pub(super) fn answered(self, head: &Parts) -> Option<Answer> {
        let exchange = &self.arrival.exchange;
        let status = HttpStatus::refusing(head.status.as_u16());
        if exchange.is_handled() && !status.is_some_and(HttpStatus::shuts_out) {
            return None;
        }
        let may_refuse = match status {
            Some(_) => true,
            // Without one inside, the handler answers so itself.
            None => head.status == StatusCode::OK && exchange.has_observed(),
        };
        let refusal = Refusal {
            status,
            code: None,
            subject: status.and_then(|_| self.arrival.subject(&head.extensions)),
        };
        match Form::of(&head.headers) {
            Some(form) if may_refuse => Some(Answer {
                received: self,
                refusal,
                form,
                head: Head::default(),
            }),
            _ => {
                self.refused(&refusal);
                None
            }
        }
    }
}

impl Answer {
    pub(super) fn see(&mut self, data: &impl Buf) {
        if !self.is_settled() {
            self.head.see(data);
        }
    }

    /// Whether it is a handler's.
    pub(super) fn is_settled(&self) -> bool {
        let shuts_out = self.refusal.status.is_some_and(HttpStatus::shuts_out);
        self.received.arrival.exchange.is_handled() && !shuts_out
    }

    /// No more of it will be seen.
    pub(super) fn close(mut self) {
        self.refusal.code = match self.form {
            Form::Json => error_code(&self.head.bytes),
            Form::Events => event_error_code(&self.head.bytes),
        };
        self.received.refused(&self.refusal);
    }
}

/// A JSON-RPC error response.
#[derive(Debug, Default)]
struct ErrorResponse {
    is_json_rpc: bool,
    code: Option<i64>,
}

impl Members for ErrorResponse {
    fn member<'de, M: Member<'de>>(&mut self, key: &str, member: M) -> Result<(), M::Error> {
        match key {
            "jsonrpc" => self.is_json_rpc = member.scalar()?.text().is_some(),
            "error" => member.object(&mut ErrorObject(&mut self.code))?,
            _ => member.skip()?,
        }
        Ok(())
    }
}

struct ErrorObject<'a>(&'a mut Option<i64>);

impl Members for ErrorObject<'_> {
    fn member<'de, M: Member<'de>>(&mut self, key: &str, member: M) -> Result<(), M::Error> {
        match (key, member) {
            ("code", member) => {
                if let Scalar::Integer(code) = member.scalar()? {
                    *self.0 = Some(code);
                }
                Ok(())
            }
            (_, member) => member.skip(),
        }
    }
}

/// The code, if the text is a JSON-RPC error.
fn error_code(json: &[u8]) -> Option<RpcCode> {
    let mut response = ErrorResponse::default();
    read(json, &mut response);
    let code = response.code.filter(|_| response.is_json_rpc)?;
    i32::try_from(code).ok().map(RpcCode)
}

/// The code of the last event that is a JSON-RPC error.
fn event_error_code(stream: &[u8]) -> Option<RpcCode> {
    let mut data = Vec::new();
    let mut last = None;
    for line in stream.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some(value) = line.strip_prefix(b"data:") {
            data.extend_from_slice(value);
        } else if line.is_empty() {
            last = error_code(&data).or(last);
            data.clear();
        }
    }
    last
}
