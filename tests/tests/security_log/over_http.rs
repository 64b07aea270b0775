//! The server over real HTTP, inside of the layer.

use axum::Router;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use mcp_observe::http::ObserveLayer;
use mcp_observe::rmcp::Observed;
use mcp_observe::security::Subject;
use mcp_observe_tests::Capture;
use mcp_observe_tests::web::Web;

use crate::tools::Tools;

/// Serves the tools, with or without sessions; `within` adds what guards them.
pub(crate) async fn serve(
    capture: &Capture,
    sessions: bool,
    within: impl FnOnce(Router) -> Router,
) -> Web {
    let telemetry = capture.telemetry.clone();
    let layer = ObserveLayer::new().telemetry(&telemetry);
    let make = move || {
        Observed::builder(Tools::default())
            .telemetry(&telemetry)
            .build()
    };
    Web::serve(make, sessions, |router| within(router).route_layer(layer)).await
}

/// Lets in who says its name as the `Authorization`, and answers others with the status that they
/// want: in a body of their choosing, `json` or none.
pub(crate) async fn guard(mut request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let header = |name| headers.get(name)?.to_str().ok();
    let user = header("authorization").map(str::to_owned);
    let refused = header("refuse").and_then(|status| status.parse().ok());
    if let Some(status) = refused {
        let status = StatusCode::from_u16(status).expect("a status");
        let body = r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"no"}}"#;
        let mut response = match header("body") {
            Some("json") => (status, [("content-type", "application/json")], body).into_response(),
            _ => status.into_response(),
        };
        // It knows who it is, and refuses all the same.
        if let Some(user) = user {
            response.extensions_mut().insert(Subject::new(user));
        }
        return response;
    }
    if let Some(user) = user {
        Subject::new(user).insert_into(request.extensions_mut());
    }
    next.run(request).await
}
