//! What an ordinary request pays for the layer, in allocations.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use http::Request;
use mcp_observe::http::ObserveLayer;
use mcp_observe::rmcp::Observed;
use mcp_observe_tests::Capture;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::wire::{modern_meta, request};
use rmcp::transport::StreamableHttpService;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use serde_json::json;
use tower_layer::Layer;
use tower_service::Service;

use crate::Kind;

async fn call(router: &mut Router, message: &Bytes) {
    // As they come from a connection.
    let peer = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1)));
    let request = Request::post("/mcp")
        .extension(peer)
        .header("host", "localhost")
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "tools/call")
        .header("mcp-name", "echo")
        .body(Body::from(message.clone()))
        .expect("a request");
    let response = router.call(request).await.expect("an answer");
    assert_eq!(response.status(), 200);
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await;
    assert!(body.expect("a body").starts_with(b"{\"jsonrpc\""));
}

/// A layer that does nothing.
#[derive(Debug, Clone)]
struct Nothing;

impl<S> Layer<S> for Nothing {
    type Service = S;

    fn layer(&self, inner: S) -> S {
        inner
    }
}

#[test]
fn an_ordinary_request_pays_little() {
    let capture = Capture::new();
    let telemetry = capture.telemetry.clone();
    let make = move || {
        let observed = Observed::builder(Everything::default());
        Ok(observed.telemetry(&telemetry).build())
    };
    let service = StreamableHttpService::<_, LocalSessionManager>::new(
        make,
        LocalSessionManager::default().into(),
        Kind::Json.config(),
    );
    let mut bare = Router::new().nest_service("/mcp", service);
    let layer = ObserveLayer::new().telemetry(&capture.telemetry);
    let mut layered = bare.clone().route_layer(layer);
    // Each layer costs axum some, whatever it does.
    let mut otherwise = bare.clone().route_layer(Nothing);
    let params = json!({ "name": "echo", "_meta": modern_meta(&json!({})) });
    let message = Bytes::from(request(1, "tools/call", &params).to_string());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    // Spans are exported into a vector, which grows now and then: the fewest are what a call takes.
    let fewest = |router: &mut Router| {
        let once = |_| {
            let measured = allocation_counter::measure(|| {
                runtime.block_on(call(router, &message));
            });
            measured.count_total
        };
        (0..50).map(once).min().expect("some")
    };
    let without = fewest(&mut bare);
    let with = fewest(&mut layered);
    let other = fewest(&mut otherwise);
    // Two of them are the boxes into which axum puts bodies that are not its own.
    assert_eq!(with - other, 5, "{with}, {other} with another layer");
    assert!(other > without, "{other}, {without} without any");
}
