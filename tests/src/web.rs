//! A server over real streamable HTTP, and a client that sends the very requests that a test wants.

use std::net::SocketAddr;

use axum::Router;
use axum::serve::ListenerExt as _;
use http::{HeaderMap, Method};
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::wire;

/// A server on a free port of the loopback device, for as long as this lives.
#[derive(Debug)]
pub struct Web {
    /// Where its MCP endpoint is.
    pub url: String,
    client: reqwest::Client,
    _stop: DropGuard,
}

/// What came back over HTTP.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The session that the server opened.
    pub session: Option<String>,
    /// The last JSON-RPC message; null if there is none.
    pub json: Value,
}

/// What came back, as it stands.
#[derive(Debug)]
pub struct Raw {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Web {
    /// Serves what `make` makes: with sessions for clients up to protocol 2025-11-25, or statelessly.
    /// `around` adds layers.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn serve<H: ServerHandler>(
        make: impl Fn() -> H + Send + Sync + 'static,
        sessions: bool,
        around: impl FnOnce(Router) -> Router,
    ) -> Self {
        let config = StreamableHttpServerConfig::default().with_legacy_session_mode(sessions);
        Self::serve_as(make, config, around).await
    }

    /// The same with further settings.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn serve_as<H: ServerHandler>(
        make: impl Fn() -> H + Send + Sync + 'static,
        config: StreamableHttpServerConfig,
        around: impl FnOnce(Router) -> Router,
    ) -> Self {
        let stop = CancellationToken::new();
        let config = config
            .with_sse_keep_alive(None)
            .with_cancellation_token(stop.clone());
        let service = StreamableHttpService::<H, LocalSessionManager>::new(
            move || Ok(make()),
            LocalSessionManager::default().into(),
            config,
        );
        let router = around(Router::new().nest_service("/mcp", service));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        // An answer is written in several pieces, each of which would wait for the client to confirm
        // the one before.
        let listener = listener.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        let stopped = stop.clone();
        tokio::spawn(async move {
            let router = router.into_make_service_with_connect_info::<SocketAddr>();
            let _ = axum::serve(listener, router)
                .with_graceful_shutdown(stopped.cancelled_owned())
                .await;
        });
        Self {
            url: format!("http://{address}/mcp"),
            client: reqwest::Client::new(),
            _stop: stop.drop_guard(),
        }
    }

    /// Sends any request at all.
    ///
    /// # Panics
    /// If the server cannot be reached.
    pub async fn send(
        &self,
        method: Method,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Raw {
        let mut request = self.client.request(method, &self.url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("the server answers");
        Raw {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.expect("a body"),
        }
    }

    /// Posts a message, with these headers beside the ones that every message has.
    ///
    /// # Panics
    /// If the server cannot be reached.
    pub async fn post(&self, headers: &[(&str, &str)], message: &Value) -> Answer {
        let mut request = self
            .client
            .post(&self.url)
            .header("Accept", "application/json, text/event-stream")
            .json(message);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("the server answers");
        let session = response.headers().get("mcp-session-id");
        Answer {
            status: response.status().as_u16(),
            session: session.map(|id| id.to_str().expect("a readable id").to_owned()),
            json: last_message(&response.text().await.expect("a body")),
        }
    }

    /// Initialises a session and returns its id, which a stateless server does not give out.
    pub async fn initialize(&self, version: &str) -> Option<String> {
        let answer = self.post(&[], &wire::initialize(version)).await;
        if let Some(session) = &answer.session {
            let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
            self.post(&[("mcp-session-id", session)], &initialized)
                .await;
        }
        answer.session
    }

    /// Sends a request as protocol 2026-07-28 wants it, with `more` in its `_meta`.
    ///
    /// # Panics
    /// If `params` is not an object.
    pub async fn modern(
        &self,
        id: u32,
        method: &str,
        mut params: Value,
        more: &Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let params_object = params.as_object_mut().expect("an object");
        params_object.insert("_meta".to_owned(), wire::modern_meta(more));
        let name = params_object
            .get("name")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let mut all = vec![
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", method),
        ];
        all.extend(name.as_deref().map(|name| ("mcp-name", name)));
        all.extend(headers);
        self.post(&all, &wire::request(id, method, &params)).await
    }

    /// Ends a session.
    ///
    /// # Panics
    /// If the server cannot be reached.
    pub async fn delete(&self, session: &str) {
        let request = self
            .client
            .delete(&self.url)
            .header("mcp-session-id", session);
        request.send().await.expect("the server answers");
    }
}

/// The body is one message, or a stream of events each of which is one.
fn last_message(body: &str) -> Value {
    let data = body.lines().filter_map(|line| line.strip_prefix("data:"));
    std::iter::once(body)
        .chain(data)
        .filter_map(|text| serde_json::from_str(text.trim()).ok())
        .next_back()
        .unwrap_or(Value::Null)
}
