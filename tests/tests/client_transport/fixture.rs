//! Clients with an observed transport, and servers that do as they are told.

use std::sync::Once;

use mcp_observe::rmcp::{Endpoint, Observed, ObservedTransport};
use mcp_observe_tests::Capture;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::wire::eventually;
use opentelemetry::trace::{SpanKind, TracerProvider as _};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData};
use rmcp::model::{ClientConfig, ClientRequest, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt, RunningService};
use rmcp::{RoleClient, ServiceExt};
use serde_json::{Value, json};
use tokio::io::{
    AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf,
};
use tracing_subscriber::layer::SubscriberExt as _;

pub(crate) const LEGACY: &str = "2025-11-25";
pub(crate) const MODERN: &str = "2026-07-28";

pub(crate) type Client = RunningService<RoleClient, ClientConfig>;

/// A client of the last protocol revision with sessions.
pub(crate) fn legacy() -> ClientConfig {
    serde_json::from_value(json!({
        "protocolVersion": LEGACY,
        "capabilities": { "extensions": { "io.modelcontextprotocol/tasks": {} } },
        "clientInfo": { "name": "observed", "version": "1" },
    }))
    .expect("a valid configuration")
}

/// How a client of protocol 2026-07-28 begins.
pub(crate) fn modern() -> ClientLifecycleMode {
    ClientLifecycleMode::Discover {
        preferred_versions: vec![ProtocolVersion::V_2026_07_28],
    }
}

/// Makes OpenTelemetry spans of rmcp's own, which live as long as a session: what must never become the
/// parent of a message is there.
pub(crate) fn subscribe() {
    static SUBSCRIBER: Once = Once::new();
    SUBSCRIBER.call_once(|| {
        let tracer = SdkTracerProvider::builder().build().tracer("rmcp");
        let layer = tracing_opentelemetry::layer().with_tracer(tracer);
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::set_global_default(subscriber).expect("the only one");
    });
}

/// One end of a pipe as an observed transport.
pub(crate) fn observed(capture: &Capture, pipe: DuplexStream) -> ObservedTransport<DuplexStream> {
    subscribe();
    ObservedTransport::builder(pipe)
        .telemetry(&capture.telemetry)
        .endpoint(Endpoint::pipe())
        .build()
}

/// Serves an observed [`Everything`], and returns the pipe to it.
pub(crate) fn everything(capture: &Capture) -> DuplexStream {
    let (server, client) = tokio::io::duplex(1 << 20);
    let handler = Observed::builder(Everything::default())
        .telemetry(&capture.telemetry)
        .build();
    tokio::spawn(async move {
        if let Ok(running) = handler.serve(server).await {
            let _ = running.waiting().await;
        }
    });
    client
}

/// A client that has initialised with an observed [`Everything`].
pub(crate) async fn connect(capture: &Capture) -> Client {
    let transport = observed(capture, everything(capture));
    legacy().serve(transport).await.expect("a session begins")
}

/// Likewise with protocol 2026-07-28.
pub(crate) async fn connect_modern(capture: &Capture) -> Client {
    let transport = observed(capture, everything(capture));
    legacy()
        .serve_with_lifecycle(transport, modern())
        .await
        .expect("the server is discovered")
}

/// The spans of what the client sent, in the order in which they ended.
pub(crate) fn sent(capture: &Capture) -> Vec<SpanData> {
    let mut spans = capture.spans();
    spans.retain(|span| span.span_kind == SpanKind::Client);
    spans
}

/// The one span of that name of what the client sent.
#[track_caller]
pub(crate) fn sent_one(capture: &Capture, name: &str) -> SpanData {
    let mut spans = sent(capture);
    spans.retain(|span| span.name == name);
    assert_eq!(spans.len(), 1, "spans named {name}: {spans:#?}");
    spans.remove(0)
}

/// The server's span below one of the client's. What a server is told it handles in its own time.
pub(crate) async fn below(capture: &Capture, span: &SpanData) -> SpanData {
    let find = || {
        let is_below = |other: &SpanData| other.parent_span_id == span.span_context.span_id();
        capture.spans().into_iter().find(is_below)
    };
    eventually(&format!("a span below {}", span.name), || find().is_some()).await;
    let below = find().expect("it stays");
    assert_eq!(below.span_kind, SpanKind::Server);
    below
}

/// How many messages the client's durations have with these labels.
pub(crate) fn samples(capture: &Capture, labels: &[(&str, &str)]) -> Option<f64> {
    capture.metric("mcp_client_operation_duration_seconds_count", labels)
}

pub(crate) fn request(method: &str, params: &Value) -> ClientRequest {
    serde_json::from_value(json!({ "method": method, "params": params })).expect(method)
}

/// A server that says what the test wants.
pub(crate) struct Puppet {
    input: Lines<BufReader<ReadHalf<DuplexStream>>>,
    output: WriteHalf<DuplexStream>,
}

impl Puppet {
    /// The server, and the pipe to it.
    pub(crate) fn new() -> (Self, DuplexStream) {
        let (server, client) = tokio::io::duplex(1 << 20);
        let (input, output) = tokio::io::split(server);
        let input = BufReader::new(input).lines();
        (Self { input, output }, client)
    }

    /// A client that has initialised with it.
    pub(crate) async fn connected(capture: &Capture) -> (Self, Client) {
        let (mut puppet, pipe) = Self::new();
        let client = legacy().serve(observed(capture, pipe));
        let (client, ()) = tokio::join!(client, puppet.initialize());
        (puppet, client.expect("a session begins"))
    }

    /// A client of protocol 2026-07-28 that has discovered it.
    pub(crate) async fn discovered(capture: &Capture) -> (Self, Client) {
        let (mut puppet, pipe) = Self::new();
        let client = legacy().serve_with_lifecycle(observed(capture, pipe), modern());
        let server = async {
            let asked = puppet.hear().await;
            let result = json!({
                "supportedVersions": [MODERN],
                "capabilities": {},
                "serverInfo": { "name": "puppet", "version": "1" },
                "resultType": "complete",
                "ttlMs": 0,
                "cacheScope": "private",
            });
            puppet
                .say(&json!({ "jsonrpc": "2.0", "id": asked["id"], "result": result }))
                .await;
        };
        let (client, ()) = tokio::join!(client, server);
        (puppet, client.expect("the server is discovered"))
    }

    /// Agrees to initialise.
    pub(crate) async fn initialize(&mut self) {
        let asked = self.hear().await;
        assert_eq!(asked["method"], "initialize");
        self.agree(&asked).await;
        let told = self.hear().await;
        assert_eq!(told["method"], "notifications/initialized");
    }

    pub(crate) async fn agree(&mut self, asked: &Value) {
        let result = json!({
            "protocolVersion": LEGACY,
            "capabilities": {},
            "serverInfo": { "name": "puppet", "version": "1" },
        });
        self.say(&json!({ "jsonrpc": "2.0", "id": asked["id"], "result": result }))
            .await;
    }

    /// The next message.
    pub(crate) async fn hear(&mut self) -> Value {
        let line = self.input.next_line().await.expect("the pipe holds");
        serde_json::from_str(&line.expect("the client is there")).expect("JSON")
    }

    pub(crate) async fn say(&mut self, message: &Value) {
        let line = format!("{message}\n");
        let written = self.output.write_all(line.as_bytes()).await;
        written.expect("the client listens");
    }

    /// The messages that still come until the client has gone.
    pub(crate) async fn rest(mut self) -> Vec<Value> {
        let mut rest = Vec::new();
        while let Ok(Some(line)) = self.input.next_line().await {
            rest.push(serde_json::from_str(&line).expect("JSON"));
        }
        rest
    }
}
