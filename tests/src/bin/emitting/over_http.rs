//! Servers and clients over HTTP.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use mcp_observe::http::ObserveLayer;
use mcp_observe::rmcp::{Endpoint, Observed, ObservedTransport};
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::session::VERSION;
use mcp_observe_tests::web::Web;
use mcp_observe_tests::wire::request;
use rmcp::ServiceExt;
use rmcp::model::CallToolRequestParams;
use rmcp::transport::StreamableHttpClientTransport;
use serde_json::json;

use crate::over_pipe::legacy;
use crate::weather::Weather;

/// A header of requests for which the server has no time.
const SHED: &str = "x-shed";

/// The layer refuses, and so does the transport; a session ends.
pub(crate) async fn refusals() {
    let around = |router: axum::Router| {
        router
            .route_layer(middleware::from_fn(shed))
            .route_layer(ObserveLayer::new())
    };
    let make = || Observed::new(Everything::default());
    let web = Web::serve(make, true, around).await;
    let session = web.initialize(VERSION).await.expect("a session");
    let call = request(1, "tools/call", &json!({ "name": "echo" }));
    for (headers, status) in [
        ([("mcp-session-id", "gone")], 404),
        ([(SHED, "1")], 503),
        ([("mcp-session-id", &*session)], 200),
    ] {
        let answer = web.post(&headers, &call).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
    web.delete(&session).await;
}

async fn shed(request: Request, next: Next) -> Response {
    if request.headers().contains_key(SHED) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    next.run(request).await
}

/// A call that asks for input, and gets it.
pub(crate) async fn rounds() {
    let make = || Observed::new(Everything::default());
    let web = Web::serve(make, false, |router| router).await;
    let asking = json!({ "name": "ask", "arguments": { "state": "round one" } });
    let mut resumed = asking.clone();
    resumed["requestState"] = "round one".into();
    for (id, params) in [(1, asking), (2, resumed)] {
        let answer = web.modern(id, "tools/call", params, &json!({}), &[]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

/// Calls of a tool with labels, by an observed client.
pub(crate) async fn labelled() {
    let web = Web::serve(|| Observed::new(Weather::new()), true, |router| router).await;
    let transport = ObservedTransport::builder(StreamableHttpClientTransport::from_uri(&*web.url))
        .endpoint(Endpoint::http(&web.url).expect("a URL"))
        .build();
    let client = legacy().serve(transport).await.expect("a session begins");
    for (city, owner, unit) in [
        ("Rome", "search", "celsius"),
        ("Paris", "support", "fahrenheit"),
        ("Atlantis", "sales", "celsius"),
        ("Rome", "search", "kelvin"),
    ] {
        let arguments = json!({ "city": city, "owner": owner, "unit": unit });
        let arguments = arguments.as_object().cloned().expect("an object");
        let call = CallToolRequestParams::new("forecast").with_arguments(arguments);
        // There are no kelvins.
        let _ = client.call_tool(call).await;
    }
    client.cancel().await.expect("it stops");
}
