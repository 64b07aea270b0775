//! What is put in front of a server refuses messages as well: callers who are not let in, or too fast.

#![expect(clippy::float_cmp, reason = "counts are whole numbers")]

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode};
use mcp_observe::http::ObserveLayer;
use mcp_observe::rmcp::Observed;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::web::Web;
use mcp_observe_tests::wire::request;
use mcp_observe_tests::{Capture, attribute, attributes};
use opentelemetry::trace::Status;
use serde_json::json;

use crate::cases::{ACCEPT, CONTENT};
use crate::{DURATION, Kind, LEGACY};

/// Answers with the status that the caller asks for: before the server, or in its stead.
async fn guard(request: Request, next: Next) -> Response {
    let [refusal, instead] = ["refuse", "replace"].map(|name| {
        let status = request.headers().get(name)?.to_str().ok()?.parse().ok()?;
        StatusCode::from_u16(status).ok()
    });
    if let Some(status) = refusal {
        // What looks like JSON-RPC, but is none.
        let body = r#"{"error":{"code":-32603}}"#;
        return (status, [CONTENT], body).into_response();
    }
    let response = next.run(request).await;
    match instead {
        Some(status) => status.into_response(),
        None => response,
    }
}

async fn guarded(capture: &Capture) -> Web {
    let telemetry = capture.telemetry.clone();
    let layer = ObserveLayer::new().telemetry(&telemetry);
    let make = move || {
        let observed = Observed::builder(Everything::default());
        observed.telemetry(&telemetry).build()
    };
    Web::serve_as(make, Kind::Sessions.config(), |router: Router| {
        router.layer(from_fn(guard)).route_layer(layer)
    })
    .await
}

#[tokio::test]
async fn their_statuses_are_told_apart_as_far_as_they_are_known() {
    let capture = Capture::new();
    let web = guarded(&capture).await;
    let list = request(7, "tools/list", &json!({})).to_string();
    for (count, (status, label, is_servers)) in (1..).zip([
        ("401", "401", false),
        ("403", "403", false),
        ("429", "429", false),
        ("418", "400", false),
        ("499", "400", false),
        ("503", "503", true),
        ("599", "500", true),
    ]) {
        let headers = [("refuse", status), ("mcp-method", "tools/list")];
        let answer = web.send(Method::POST, &headers, list.clone()).await;
        assert_eq!(answer.status.to_string(), status);
        let spans = capture.spans();
        assert_eq!(spans.len(), count);
        let span = &spans[count - 1];
        assert_eq!(span.name, "tools/list");
        let exact = attribute(span, "http.response.status_code");
        assert_eq!(exact.as_deref(), Some(status));
        let class = is_servers.then_some(label);
        assert_eq!(attribute(span, "error.type").as_deref(), class);
        assert_eq!(attribute(span, "rpc.response.status_code"), None);
        let failed = span.status == Status::error("");
        assert_eq!(failed, is_servers, "{:?}", attributes(span));
        let mut labels = vec![("http_response_status_code", label)];
        labels.extend(class.map(|class| ("error_type", class)));
        assert!(capture.sum(DURATION, &labels) >= 1.0, "{status}");
    }
    let errors = ["503", "500"].map(|class| capture.sum(DURATION, &[("error_type", class)]));
    assert_eq!(errors, [1.0, 1.0]);
}

#[tokio::test]
async fn what_is_answered_in_a_handlers_stead_was_not_refused() {
    let capture = Capture::new();
    let web = guarded(&capture).await;
    let initialize = mcp_observe_tests::wire::initialize(LEGACY).to_string();
    let headers = [ACCEPT, CONTENT, ("replace", "504")];
    let answer = web.send(Method::POST, &headers, initialize).await;
    assert_eq!(answer.status, 504);
    assert_eq!(capture.spans().len(), 1);
    assert_eq!(attribute(&capture.span("initialize"), "error.type"), None);
}

#[tokio::test]
async fn other_routes_are_none_of_its_business() {
    let capture = Capture::new();
    let mut web = guarded(&capture).await;
    web.url = web.url.replace("/mcp", "/login");
    let answer = web.send(Method::POST, &[ACCEPT, CONTENT], "{}").await;
    assert_eq!(answer.status, 404);
    assert!(capture.spans().is_empty());
}
