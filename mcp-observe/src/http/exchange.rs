//! An HTTP request with its answer, as the layer around the server and whoever handles the message
//! share it. It travels in the request's extensions.

use std::fmt;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt};

use crate::security::Subject;

/// See the module.
#[derive(Clone)]
pub(crate) struct Exchange(Arc<Shared>);

struct Shared {
    /// The span that was current where the request came in. Nothing else of its context goes on:
    /// baggage in it is the caller's.
    span: SpanContext,
    is_handled: AtomicBool,
    server: Arc<Server>,
    /// The message's first bytes, once its request was read.
    message: Mutex<Vec<u8>>,
    /// Who sent it, once someone has authenticated that.
    subject: OnceLock<Subject>,
}

/// What a layer has learnt of the server inside.
#[derive(Debug, Default)]
pub(super) struct Server {
    has_observed: AtomicBool,
}

/// Who handles a message, and has opened an operation for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg(feature = "rmcp")]
pub(crate) enum Handler {
    /// All messages that reach the server's handler are seen.
    Observed,
    /// The call of a tool alone.
    Tool,
}

/// What a message says is not for logs.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("is_handled", &self.is_handled())
            .finish_non_exhaustive()
    }
}

impl Exchange {
    pub(super) fn new(span: SpanContext, server: Arc<Server>) -> Self {
        Self(Arc::new(Shared {
            span,
            is_handled: AtomicBool::new(false),
            server,
            message: Mutex::default(),
            subject: OnceLock::new(),
        }))
    }

    pub(super) fn has_span(&self) -> bool {
        self.0.span.is_valid()
    }

    /// The context around the request; none without a span.
    pub(super) fn around(&self) -> Option<Context> {
        self.has_span()
            .then(|| Context::new().with_remote_span_context(self.0.span.clone()))
    }

    /// The span that was current where the request came in; an invalid one if there was none.
    pub(super) fn span(&self) -> &SpanContext {
        &self.0.span
    }

    pub(super) fn subject(&self) -> Option<Subject> {
        self.0.subject.get().cloned()
    }

    /// Whether the message has an operation.
    pub(super) fn is_handled(&self) -> bool {
        self.0.is_handled.load(Ordering::Acquire)
    }

    /// Whether whatever the server's handler answers is known to be observed there.
    pub(super) fn has_observed(&self) -> bool {
        self.0.server.has_observed.load(Ordering::Acquire)
    }

    pub(super) fn keep(&self, message: Vec<u8>) {
        *self.message() = message;
    }

    pub(super) fn take_message(&self) -> Vec<u8> {
        mem::take(&mut *self.message())
    }

    fn message(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        self.0
            .message
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The context of the request that these are the head of, if it came through the layer, and with a
/// span around.
#[cfg(feature = "rmcp")]
pub(crate) fn context_of(parts: &http::request::Parts) -> Option<Context> {
    parts.extensions.get::<Exchange>()?.around()
}

/// The request with these extensions is this subject's, by whoever authenticated it first.
pub(crate) fn authenticated(extensions: &http::Extensions, subject: &Subject) {
    if let Some(Exchange(shared)) = extensions.get() {
        let _ = shared.subject.set(subject.clone());
    }
}

/// The message of the request that these are the head of has an operation: the layer must not count
/// it as well.
#[cfg(feature = "rmcp")]
pub(crate) fn handled(parts: &http::request::Parts, by: Handler) {
    let Some(Exchange(shared)) = parts.extensions.get() else {
        return;
    };
    shared.is_handled.store(true, Ordering::Release);
    let has_observed = &shared.server.has_observed;
    // All requests share it, and nearly all find that it is set.
    if by == Handler::Observed && !has_observed.load(Ordering::Relaxed) {
        has_observed.store(true, Ordering::Release);
    }
}
