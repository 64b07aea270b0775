//! The duration of a session, for protocol revisions that have sessions.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use opentelemetry::KeyValue;

use crate::closed::{ProtocolVersion, Transport};
use crate::metrics::SeriesKey;
use crate::semconv::attribute;
use crate::telemetry::Telemetry;

/// A handler's session: begins when it is initialised, ends when the handler is dropped.
#[derive(Debug, Default)]
pub(super) struct Session {
    begun: OnceLock<Begun>,
    /// Over HTTP a handler may have been made for the one request to initialise (stateless mode);
    /// there is a session only once a message comes with the id that the transport gave out.
    confirmed: AtomicBool,
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

    pub(super) fn confirm(&self) {
        self.confirmed.store(true, Ordering::Relaxed);
    }
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
        metrics.sessions.record(SeriesKey(key), seconds, || {
            let mut attributes = vec![KeyValue::new(
                attribute::MCP_PROTOCOL_VERSION,
                begun.version.as_str(),
            )];
            begun.transport.attributes(&mut attributes);
            attributes
        });
    }
}
