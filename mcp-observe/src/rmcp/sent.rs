//! What goes with a message through rmcp: in its extensions, which are never on the wire.

use std::sync::{Arc, OnceLock};

#[cfg(feature = "client-http")]
use crate::operation::message::session_id;
use crate::sent::awaited::Awaited;
use crate::span::OpenSpan;

/// The message is an operation of whoever sent it: nobody further down opens another one.
#[derive(Debug, Clone)]
pub(super) struct Sent(Option<Arc<Journey>>);

#[derive(Debug)]
struct Journey {
    #[cfg_attr(
        not(feature = "client-http"),
        expect(dead_code, reason = "an HTTP client tells of sessions")
    )]
    span: Option<OpenSpan>,
    /// Whether it went in a session, once that is known.
    in_session: OnceLock<bool>,
}

impl Sent {
    /// Of a message with this operation.
    pub(super) fn of(awaited: &Awaited) -> Self {
        Self::with(awaited.span())
    }

    /// Of one with this span; what it cannot keep, it need not be told.
    pub(super) fn with(span: Option<&OpenSpan>) -> Self {
        let span = span.filter(|span| cfg!(feature = "client-http") && span.is_recording());
        Self(span.map(|span| Journey::new(Some(span))))
    }

    /// Of one that asks to open a session.
    pub(super) fn opening(span: Option<&OpenSpan>) -> Self {
        Self(Some(Journey::new(span)))
    }

    /// Whether the message went in a session of the transport's; none where the transport does not
    /// tell.
    pub(super) fn in_session(&self) -> Option<bool> {
        self.0.as_ref()?.in_session.get().copied()
    }

    /// It went in this session, or in none. That is told once: a message that is sent again, in a
    /// session that took the place of an expired one, keeps the first.
    #[cfg(feature = "client-http")]
    pub(super) fn tell_session(&self, id: Option<&str>) {
        let Some(journey) = &self.0 else {
            return;
        };
        if journey.in_session.set(id.is_some()).is_ok()
            && let (Some(span), Some(id)) = (&journey.span, id)
            && span.is_recording()
        {
            span.set_attribute(session_id(id));
        }
    }
}

impl Journey {
    fn new(span: Option<&OpenSpan>) -> Arc<Self> {
        Arc::new(Self {
            span: span.cloned(),
            in_session: OnceLock::new(),
        })
    }
}
