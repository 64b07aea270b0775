//! An observed server over real streamable HTTP, for clients with sessions, without, and of protocol
//! 2026-07-28, and what is exported of it.
//!
//! A `tracing` subscriber makes OpenTelemetry spans of rmcp's own, which live as long as a session:
//! what must never become the parent of a call is there.

use std::sync::Once;

use axum::Router;
use mcp_observe::rmcp::Observed;
use opentelemetry::trace::{SpanId, Status, TracerProvider};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData};
use serde_json::{Value, json};
use tracing_subscriber::layer::SubscriberExt;

use crate::server::Everything;
use crate::session::VERSION;
use crate::web::{Answer, Web};
use crate::wire::request;
use crate::{Capture, attribute, attributes};

/// Trace and span that the caller sends in `_meta`.
pub const IN_META: (&str, &str) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
/// Trace and span that it sends in HTTP headers.
pub const IN_HEADER: (&str, &str) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");

/// The two as a `traceparent`.
#[must_use]
pub fn traceparent((trace, span): (&str, &str)) -> String {
    // As the Python SDK sends it, with the flag for a random trace id.
    format!("00-{trace}-{span}-03")
}

/// How a client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Protocol 2025-11-25, with a session.
    Sessions,
    /// Protocol 2025-11-25, to a server without sessions.
    Stateless,
    /// Protocol 2026-07-28.
    Modern,
}

/// An observed [`Everything`], and its client.
#[derive(Debug)]
pub struct Setup {
    /// All that is exported.
    pub capture: Capture,
    /// The server.
    pub web: Web,
    /// The client's session.
    pub session: Option<String>,
    mode: Mode,
}

impl Setup {
    /// Begins.
    pub async fn new(mode: Mode) -> Self {
        Self::with(mode, Capture::new(), |router| router).await
    }

    /// Begins with these settings, and with layers `around` the server.
    ///
    /// # Panics
    /// If the server opens no session where it should.
    pub async fn with(mode: Mode, capture: Capture, around: impl FnOnce(Router) -> Router) -> Self {
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| {
            let tracer = SdkTracerProvider::builder().build().tracer("rmcp");
            let layer = tracing_opentelemetry::layer().with_tracer(tracer);
            let subscriber = tracing_subscriber::registry().with(layer);
            tracing::subscriber::set_global_default(subscriber).expect("the only one");
        });
        let telemetry = capture.telemetry.clone();
        let make = move || {
            Observed::builder(Everything::default())
                .telemetry(&telemetry)
                .build()
        };
        let web = Web::serve(make, mode == Mode::Sessions, around).await;
        let session = match mode {
            Mode::Sessions => Some(web.initialize(VERSION).await.expect("a session")),
            Mode::Stateless | Mode::Modern => None,
        };
        Self {
            capture,
            web,
            session,
            mode,
        }
    }

    /// Sends a request; returns the answer and the span.
    ///
    /// # Panics
    /// If there is not one span.
    pub async fn ask(
        &self,
        id: u32,
        method: &str,
        mut params: Value,
        meta: Value,
        headers: &[(&str, &str)],
    ) -> (Answer, SpanData) {
        let with_id = |span: &SpanData| {
            attribute(span, "jsonrpc.request.id").is_some_and(|it| it == id.to_string())
        };
        let answer = if self.mode == Mode::Modern {
            self.web.modern(id, method, params, &meta, headers).await
        } else {
            params["_meta"] = meta;
            let session = self.session.as_deref().map(|id| ("mcp-session-id", id));
            let headers: Vec<_> = headers.iter().copied().chain(session).collect();
            self.web.post(&headers, &request(id, method, &params)).await
        };
        assert_eq!(answer.status, 200, "{answer:?}");
        let spans = self.capture.spans();
        let mut spans = spans.into_iter().filter(with_id);
        let span = spans.next().expect("a span");
        assert!(spans.next().is_none(), "one request, one span");
        (answer, span)
    }

    /// The span of a call with this `_meta` and these headers.
    ///
    /// # Panics
    /// If the call fails.
    pub async fn call(&self, id: u32, meta: Value, headers: &[(&str, &str)]) -> SpanData {
        let params = json!({ "name": "echo" });
        let (answer, span) = self.ask(id, "tools/call", params, meta, headers).await;
        assert!(answer.json["result"].is_object(), "{answer:?}");
        span
    }
}

/// Asserts the span's attributes: these, what all spans over HTTP/1.1 have, and a client's port.
///
/// # Panics
/// If that is not so.
#[track_caller]
pub fn assert_attributes(span: &SpanData, own: &[&str]) {
    let (port, mut found): (Vec<_>, Vec<_>) = attributes(span)
        .into_iter()
        .partition(|it| it.starts_with("client.port="));
    let port = port[0]
        .strip_prefix("client.port=")
        .and_then(|port| port.parse::<u16>().ok());
    assert!(port.is_some_and(|port| port != 0), "{span:#?}");
    let mut expected = vec![
        "client.address=127.0.0.1",
        "network.protocol.name=http",
        "network.protocol.version=1.1",
        "network.transport=tcp",
    ];
    expected.extend(own);
    expected.sort_unstable();
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(span.status, Status::Unset);
}

/// Asserts the span's parent.
///
/// # Panics
/// If that is not so.
#[track_caller]
pub fn assert_parent(span: &SpanData, (trace, parent): (&str, &str)) {
    assert_eq!(span.span_context.trace_id().to_string(), trace);
    assert_eq!(span.parent_span_id.to_string(), parent);
}

/// Asserts the span's links.
///
/// # Panics
/// If that is not so.
#[track_caller]
pub fn assert_links(span: &SpanData, expected: &[(&str, &str)]) {
    let links: Vec<_> = span.links.iter().map(|link| &link.span_context).collect();
    let links: Vec<_> = links
        .iter()
        .map(|it| (it.trace_id().to_string(), it.span_id().to_string()))
        .collect();
    let links: Vec<_> = links
        .iter()
        .map(|(trace, span)| (&**trace, &**span))
        .collect();
    assert_eq!(links, expected);
}

/// Asserts a span without a parent, in no trace of the caller's.
///
/// # Panics
/// If that is not so.
#[track_caller]
pub fn assert_root(span: &SpanData) {
    assert_eq!(span.parent_span_id, SpanId::INVALID);
    let trace = span.span_context.trace_id().to_string();
    assert!(
        trace != IN_META.0 && trace != IN_HEADER.0,
        "a trace of its own"
    );
}
