//! A layer around a server without `Observed`: what its handler answers is none of the layer's.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use http::{Method, StatusCode};
use mcp_observe::http::ObserveLayer;
use mcp_observe::mcp_tool;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::web::Web;
use mcp_observe_tests::wire::request;
use mcp_observe_tests::{Capture, attribute, names};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, tool, tool_handler, tool_router};
use serde_json::{Value, json};

use crate::cases::{ACCEPT, CONTENT};
use crate::{Kind, LEGACY};

#[tokio::test]
async fn what_its_handler_answers_is_not_counted() {
    let capture = Capture::new();
    for kind in Kind::ALL {
        let layer = ObserveLayer::new().telemetry(&capture.telemetry);
        let around = |router: Router| router.route_layer(layer);
        let web = Web::serve_as(Everything::default, kind.config(), around).await;
        let session = web.initialize(LEGACY).await;
        let headers: Vec<_> = session
            .as_deref()
            .map(|id| ("mcp-session-id", id))
            .into_iter()
            .collect();
        for tool in ["echo", "fail", "reject", "break", "none"] {
            let params = json!({ "name": tool });
            let call = request(1, "tools/call", &params);
            assert_eq!(web.post(&headers, &call).await.status, 200);
            let answer = web.modern(2, "tools/call", params, &Value::Null, &[]).await;
            assert_eq!(answer.status, 200);
        }
        // Neither HTTP nor JSON-RPC tells whose answer this is.
        let answer = web.modern(3, "no/such", json!({}), &Value::Null, &[]).await;
        assert_eq!(
            (answer.status, &answer.json["error"]["code"]),
            (404, &json!(-32601))
        );
        assert_eq!(names(&capture.spans()), [""; 0], "{kind:?}");
    }
}

#[tokio::test]
async fn what_only_a_transport_answers_is() {
    let capture = Capture::new();
    let layer = ObserveLayer::new().telemetry(&capture.telemetry);
    let around = |router: Router| router.route_layer(layer);
    let web = Web::serve_as(Everything::default, Kind::Sessions.config(), around).await;
    let unknown = ("mcp-session-id", "made-up");
    let call = request(1, "tools/call", &json!({ "name": "echo" }));
    assert_eq!(web.post(&[unknown], &call).await.status, 404);
    let mismatch = [("mcp-method", "other")];
    let answer = web.modern(2, "tools/list", json!({}), &Value::Null, &mismatch);
    assert_eq!(answer.await.json["error"]["code"], -32020);
    assert_eq!(names(&capture.spans()), ["tools/call", "tools/list"]);
}

/// What goes wrong in a tool may have an operation already, but nothing else that goes wrong has.
#[tokio::test]
async fn a_call_that_breaks_the_server_may_be_the_tools() {
    let capture = Capture::new();
    let layer = ObserveLayer::new().telemetry(&capture.telemetry);
    let around = |router: Router| {
        let broken = from_fn(async |_: Request, _: Next| StatusCode::INTERNAL_SERVER_ERROR);
        router.layer(broken).route_layer(layer)
    };
    let web = Web::serve_as(Everything::default, Kind::Sessions.config(), around).await;
    for method in ["tools/call", "tools/list"] {
        let answer = web.modern(1, method, json!({}), &Value::Null, &[]).await;
        assert_eq!(answer.status, 500);
    }
    let span = capture.span("tools/list");
    assert_eq!(attribute(&span, "error.type").as_deref(), Some("500"));
    assert_eq!(capture.spans().len(), 1);
}

/// A tool with the attribute alone.
#[derive(Debug, Clone)]
struct Tools {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Tools {
    /// Fails the request.
    #[mcp_tool]
    #[tool]
    async fn alone_fails(&self, _context: RequestContext<RoleServer>) -> Result<String, ErrorData> {
        Err(ErrorData::invalid_request("no", None))
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Tools {}

/// The layer's instance is the one that is installed, too.
#[tokio::test]
async fn calls_of_tools_with_the_attribute_are_counted_there() {
    let capture = Capture::installed();
    let make = || Tools {
        tool_router: Tools::tool_router(),
    };
    let around = |router: Router| {
        // Another server would say so by HTTP as well.
        let by_http = from_fn(async |request: Request, next: Next| {
            let mut response = next.run(request).await;
            *response.status_mut() = StatusCode::BAD_REQUEST;
            response
        });
        router.layer(by_http).route_layer(ObserveLayer::new())
    };
    let web = Web::serve_as(make, Kind::Json.config(), around).await;
    let params = json!({ "name": "alone_fails" });
    let answer = web.modern(1, "tools/call", params, &Value::Null, &[]).await;
    assert_eq!(
        (answer.status, &answer.json["error"]["code"]),
        (400, &json!(-32600))
    );
    let answer = web.send(Method::POST, &[ACCEPT, CONTENT], "no JSON").await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        names(&capture.spans()),
        ["tools/call alone_fails", "_OTHER"]
    );
}
