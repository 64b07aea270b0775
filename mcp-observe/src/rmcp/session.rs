//! The duration of a session, for protocol revisions that have sessions.

use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Instant;

use http::HeaderName;
use http::request::Parts;
use opentelemetry::KeyValue;
use pin_project_lite::pin_project;
use rmcp::model::Extensions;

use crate::closed::{ProtocolVersion, Transport};
use crate::metrics::SeriesKey;
use crate::operation::side::Side;
use crate::semconv::attribute;
use crate::telemetry::Telemetry;

static SESSION_HEADER: HeaderName = HeaderName::from_static("mcp-session-id");

/// A handler's session: begins when it is initialised, ends when the handler is dropped.
#[derive(Debug, Default)]
pub(super) struct Session {
    begun: OnceLock<Begun>,
    /// Over HTTP a handler may have been made for the one request to initialise (stateless mode);
    /// there is a session only once a message comes with the id that the transport gave out.
    confirmed: AtomicBool,
    /// This handler was initialised, if only before telemetry was installed.
    initialised: AtomicBool,
}

#[derive(Debug)]
struct Begun {
    at: Instant,
    telemetry: Telemetry,
    version: ProtocolVersion,
    transport: Transport,
}

impl Session {
    pub(super) fn begin(
        &self,
        at: Instant,
        telemetry: &Telemetry,
        version: ProtocolVersion,
        transport: Transport,
    ) {
        // A peer that initialises again is still in its first session.
        let _ = self.begun.set(Begun {
            at,
            telemetry: telemetry.clone(),
            version,
            transport,
        });
        if transport == Transport::Pipe {
            self.confirm();
        }
    }

    /// The id of the session that a message belongs to.
    ///
    /// A client may send any header to a server without sessions. One that has them looks the id up
    /// and hands the message to the handler that it initialised for it, so only that handler is told
    /// the truth.
    pub(super) fn id<'a>(&self, extensions: &'a Extensions) -> Option<&'a str> {
        if !self.initialised.load(Ordering::Relaxed) {
            return None;
        }
        let id = claimed_id(extensions)?;
        self.confirm();
        Some(id)
    }

    /// Whether this handler was initialised is known once `initialise` has ended.
    pub(super) fn initialising<F>(&self, initialise: F) -> Initialising<'_, F> {
        Initialising {
            session: self,
            initialise,
        }
    }

    fn confirm(&self) {
        self.confirmed.store(true, Ordering::Relaxed);
    }
}

pin_project! {
    /// See [`Session::initialising`].
    #[must_use = "futures do nothing unless awaited"]
    pub(super) struct Initialising<'a, F> {
        session: &'a Session,
        #[pin]
        initialise: F,
    }
}

impl<T, E, F: Future<Output = Result<T, E>>> Future for Initialising<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<F::Output> {
        let this = self.project();
        let result = ready!(this.initialise.poll(task));
        if result.is_ok() {
            this.session.initialised.store(true, Ordering::Relaxed);
        }
        Poll::Ready(result)
    }
}

/// The id that a message itself says its session has.
pub(super) fn claimed_id(extensions: &Extensions) -> Option<&str> {
    let parts = extensions.get::<Parts>()?;
    parts.headers.get(&SESSION_HEADER)?.to_str().ok()
}

impl Drop for Session {
    fn drop(&mut self) {
        let (Some(begun), true) = (self.begun.get(), *self.confirmed.get_mut()) else {
            return;
        };
        let Some(metrics) = begun.telemetry.metrics() else {
            return;
        };
        let key = u64::from(begun.version.index()) << 8 | u64::from(begun.transport.index());
        let seconds = begun.at.elapsed().as_secs_f64();
        let sessions = &metrics.durations(Side::Server).sessions;
        sessions.record(SeriesKey(key), None, seconds, || {
            let mut attributes = vec![KeyValue::new(
                attribute::MCP_PROTOCOL_VERSION,
                begun.version.as_str(),
            )];
            begun.transport.attributes(&mut attributes);
            attributes
        });
    }
}
