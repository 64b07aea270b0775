//! Requests that rmcp makes by itself out of parameters of ours. Their ids are not ours to know, and
//! rmcp may have the answer in its cache; an observed transport sees them pass, and tells.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry::Context;
use opentelemetry::trace::{SpanId, TraceContextExt};
use rmcp::model::RequestId as Id;

use super::sent::Sent;
use crate::closed::Method;
use crate::context::Trust;
use crate::context::carrier::Carrier;
use crate::operation::message::RequestId;
use crate::sent::awaited::Awaited;
use crate::span::{OpenSpan, contained};
use crate::telemetry::Telemetry;

/// Transports of the process that are observed. While there is none, nothing is expected.
static TRANSPORTS: AtomicUsize = AtomicUsize::new(0);

/// An observed transport, for as long as this lives.
#[derive(Debug)]
pub(super) struct Watching(());

impl Watching {
    pub(super) fn new() -> Self {
        TRANSPORTS.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        TRANSPORTS.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The requests of an instance that rmcp is about to make.
#[derive(Debug, Default)]
pub(crate) struct Expectations(Mutex<Vec<Arc<Request>>>);

/// A request that rmcp was asked to make.
#[derive(Debug)]
pub(super) struct Request {
    method: Method,
    /// By which it is recognised; what carries no context is, by its method alone.
    carried: Option<SpanId>,
    span: Option<OpenSpan>,
    passed: AtomicBool,
}

/// Is expected until it is dropped.
#[derive(Debug)]
pub(super) struct Expected {
    telemetry: Telemetry,
    request: Arc<Request>,
}

impl Expectations {
    /// Requests that are expected at one time. Each has a caller who waits for it; of those beyond,
    /// no transport tells anything.
    const MAX: usize = 1_024;

    /// A request passes: returns which one it is, if it is one of these.
    pub(super) fn pass(&self, method: Method, carried: Option<SpanId>) -> Option<Arc<Request>> {
        let expected = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |request: &&Arc<Request>| {
            request.method == method
                && request.carried == carried
                && !request.passed.load(Ordering::Relaxed)
        };
        let request = expected.iter().find(is_it)?;
        request.passed.store(true, Ordering::Relaxed);
        Some(Arc::clone(request))
    }
}

impl Expected {
    /// Expects a request with this `_meta`; not while no transport is observed.
    pub(super) fn new(awaited: &Awaited, method: Method, meta: &dyn Carrier) -> Option<Self> {
        if TRANSPORTS.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let telemetry = awaited.telemetry().clone();
        let request = Arc::new(Request {
            method,
            carried: carried_by(&telemetry, meta),
            span: awaited.span().cloned(),
            passed: AtomicBool::new(false),
        });
        let expectations = &telemetry.inner().expectations;
        let mut expected = expectations
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if expected.len() >= Expectations::MAX {
            return None;
        }
        expected.push(Arc::clone(&request));
        drop(expected);
        Some(Self { telemetry, request })
    }

    /// Whether an observed transport saw it.
    pub(super) fn has_passed(&self) -> bool {
        self.request.passed.load(Ordering::Relaxed)
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        let expectations = &self.telemetry.inner().expectations;
        let mut expected = expectations
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        expected.retain(|request| !Arc::ptr_eq(request, &self.request));
    }
}

impl Request {
    /// The request got its id.
    pub(super) fn identify(&self, id: &Id) {
        if let Some(span) = self.span.as_ref().filter(|span| span.is_recording()) {
            span.set_attribute(RequestId::of(id).attribute());
        }
    }

    /// What goes with it from here on.
    pub(super) fn sent(&self) -> Sent {
        Sent::with(self.span.as_ref())
    }
}

/// The span whose context a message carries.
pub(super) fn carried_by(telemetry: &Telemetry, meta: &dyn Carrier) -> Option<SpanId> {
    let propagation = &telemetry.inner().propagation;
    // A propagator may be the user's own.
    let carried = contained(|| propagation.read(Trust::Parent, Some(meta), Context::new()))?;
    let span = carried.parent.span().span_context().clone();
    span.is_valid().then(|| span.span_id())
}
