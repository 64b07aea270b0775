//! What a client sends: every message is a CLIENT span and a sample, and the server's span is below.

mod cached;
mod context;
mod endings;
mod meta;
mod requests;

use mcp_observe::rmcp::{Endpoint, Observed, ObservedPeer};
use mcp_observe_tests::connect::connect;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::SpanKind;
use opentelemetry_sdk::trace::SpanData;
use rmcp::RoleClient;
use rmcp::service::RunningService;

/// A client of an observed [`Everything`], and what both export.
struct Both {
    capture: Capture,
    client: RunningService<RoleClient, ()>,
    peer: ObservedPeer<RoleClient>,
}

impl Both {
    async fn new() -> Self {
        Self::with(Capture::new()).await
    }

    async fn with(capture: Capture) -> Self {
        let server = Observed::builder(Everything::default()).telemetry(&capture.telemetry);
        let client = connect(server.build()).await;
        let peer = ObservedPeer::builder(client.peer().clone())
            .telemetry(&capture.telemetry)
            .endpoint(Endpoint::pipe())
            .build();
        Self {
            capture,
            client,
            peer,
        }
    }

    /// The one span of the client, of all that there are of that method.
    fn sent(&self, method: &str) -> SpanData {
        self.one(&SpanKind::Client, method)
    }

    /// The one span of the server.
    fn handled(&self, method: &str) -> SpanData {
        self.one(&SpanKind::Server, method)
    }

    #[track_caller]
    fn one(&self, kind: &SpanKind, method: &str) -> SpanData {
        let spans = self.all(kind, method);
        assert_eq!(spans.len(), 1, "{kind:?} {method}: {spans:#?}");
        spans.into_iter().next().expect("one")
    }

    fn all(&self, kind: &SpanKind, method: &str) -> Vec<SpanData> {
        let mut spans = self.capture.spans();
        spans.retain(|span| {
            span.span_kind == *kind && attribute(span, "mcp.method.name").as_deref() == Some(method)
        });
        spans
    }
}
