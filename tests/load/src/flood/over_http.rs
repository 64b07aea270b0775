//! What only comes over HTTP, or only there with every message: revisions, sessions, clients' names. The
//! requests go to the router itself, without a connection.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use mcp_observe::http::ObserveLayer;
use mcp_observe_tests::wire::{modern_meta, request};
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::{Value, json};
use tower_service::Service as _;

use super::made_up::name;

pub(super) struct OverHttp(Router);

impl OverHttp {
    pub(super) fn new<H: ServerHandler>(make: impl Fn() -> H + Send + Sync + 'static) -> Self {
        let service = StreamableHttpService::<H, LocalSessionManager>::new(
            move || Ok(make()),
            LocalSessionManager::default().into(),
            StreamableHttpServerConfig::default().with_sse_keep_alive(None),
        );
        let router = Router::new().nest_service("/mcp", service);
        Self(router.route_layer(ObserveLayer::new()))
    }

    async fn post(&mut self, headers: &[(&str, &str)], message: &Value) -> (StatusCode, String) {
        let mut request = Request::post("/mcp")
            .header("host", "127.0.0.1")
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(message.to_string()));
        let answer = self.0.call(request.expect("a request")).await;
        let (head, body) = answer.expect("it never fails").into_parts();
        let body = to_bytes(body, 1 << 20).await.expect("a body");
        (head.status, String::from_utf8_lossy(&body).into_owned())
    }

    pub(super) async fn unknown_version(&mut self, number: u64) {
        let made_up = name(number);
        let meta = json!({ "io.modelcontextprotocol/protocolVersion": made_up });
        let params = json!({ "_meta": modern_meta(&meta) });
        let headers = [
            ("mcp-protocol-version", &*made_up),
            ("mcp-method", "tools/list"),
        ];
        let (status, body) = self
            .post(&headers, &request(number, "tools/list", &params))
            .await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    }

    pub(super) async fn unknown_session(&mut self, number: u64) {
        let made_up = name(number);
        let headers = [
            ("mcp-session-id", &*made_up),
            ("mcp-protocol-version", "2025-11-25"),
        ];
        let message = request(number, "tools/list", &json!({}));
        let (status, body) = self.post(&headers, &message).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{body}");
    }

    /// A legitimate call, of a client whose name is made up.
    pub(super) async fn client(&mut self, number: u64) {
        let client = json!({ "name": name(number), "version": name(number) });
        let meta = modern_meta(&json!({ "io.modelcontextprotocol/clientInfo": client }));
        let params = json!({
            "name": "measured",
            "arguments": { "metres": 1 },
            "_meta": meta,
        });
        let headers = [
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tools/call"),
            ("mcp-name", "measured"),
        ];
        let (status, body) = self
            .post(&headers, &request(number, "tools/call", &params))
            .await;
        assert!(
            status == StatusCode::OK && body.contains("1 m"),
            "{status} {body}"
        );
    }
}
