//! The duration of a client's session, for protocol revisions that have sessions.

use std::sync::Arc;
use std::time::Instant;

use opentelemetry::KeyValue;

use crate::closed::ProtocolVersion;
use crate::error_class::ErrorClass;
use crate::metrics::SeriesKey;
use crate::operation::side::Side;
use crate::rmcp::sent::Sent;
use crate::semconv::attribute;
use crate::sent::endpoint::Endpoint;
use crate::telemetry::Telemetry;

/// A client's session: begins when the client asks to initialise, if the server agrees, and ends with
/// the transport.
#[derive(Debug, Default)]
pub(super) struct Session(State);

#[derive(Debug, Default)]
enum State {
    #[default]
    None,
    /// The client has asked.
    Opening(Opening),
    Begun(Begun),
}

#[derive(Debug)]
struct Opening {
    at: Instant,
    telemetry: Telemetry,
    sent: Sent,
}

#[derive(Debug)]
struct Begun {
    at: Instant,
    telemetry: Telemetry,
    version: ProtocolVersion,
    endpoint: Option<Arc<Endpoint>>,
}

impl Session {
    /// The client asks to initialise.
    pub(super) fn open(&mut self, telemetry: &Telemetry, sent: Sent) {
        // A client that initialises again is still in its first session.
        if !matches!(self.0, State::Begun(_)) {
            self.0 = State::Opening(Opening {
                at: Instant::now(),
                telemetry: telemetry.clone(),
                sent,
            });
        }
    }

    /// The server agreed.
    pub(super) fn begin(&mut self, version: ProtocolVersion, endpoint: Option<&Arc<Endpoint>>) {
        if let State::Opening(opening) = &self.0
            // A server over HTTP that gave out no id has no sessions.
            && opening.sent.in_session() != Some(false)
        {
            self.0 = State::Begun(Begun {
                at: opening.at,
                telemetry: opening.telemetry.clone(),
                version,
                endpoint: endpoint.cloned(),
            });
        }
    }

    /// The transport closed; `error` if it did so in the middle of something.
    pub(super) fn end(&mut self, error: Option<ErrorClass>) {
        if let State::Begun(begun) = std::mem::take(&mut self.0) {
            begun.record(error);
        }
    }
}

impl Begun {
    fn record(&self, error: Option<ErrorClass>) {
        let Some(metrics) = self.telemetry.metrics() else {
            return;
        };
        let transport = self
            .endpoint
            .as_ref()
            .map(|it| it.transport)
            .unwrap_or_default();
        let server = self.endpoint.as_ref().map_or(0, |endpoint| {
            self.telemetry.inner().endpoints.index(endpoint)
        });
        let class = error.and_then(ErrorClass::index).map_or(0, |it| it + 1);
        let key = u64::from(class) << 24
            | u64::from(server) << 16
            | u64::from(self.version.index()) << 8
            | u64::from(transport.index());
        let seconds = self.at.elapsed().as_secs_f64();
        let sessions = &metrics.durations(Side::Client).sessions;
        sessions.record(SeriesKey(key), None, seconds, || {
            let mut attributes = vec![KeyValue::new(
                attribute::MCP_PROTOCOL_VERSION,
                self.version.as_str(),
            )];
            transport.attributes(&mut attributes);
            if let (Some(endpoint), 1..) = (&self.endpoint, server) {
                endpoint.attributes(&mut attributes);
            }
            if let Some(class) = error {
                attributes.push(KeyValue::new(attribute::ERROR_TYPE, class.as_str()));
            }
            attributes
        });
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end(None);
    }
}
