//! How a server's requests end, on both sides.

use std::time::Duration;

use mcp_observe::mcp_tool;
use mcp_observe::rmcp::Observed;
use mcp_observe_tests::Capture;
use mcp_observe_tests::attribute;
use mcp_observe_tests::connect::connect;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::wire::eventually;
use opentelemetry::trace::Status;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::model::{ErrorCode, NumberOrString, ServerCapabilities, ServerConfig, ServerRequest};
use rmcp::service::{RequestContext, Service as _, ServiceError};
use rmcp::{RoleServer, ServerHandler, tool, tool_handler, tool_router};
use serde_json::json;

use super::delegation::form;
use super::fixture::{Peer, Session, User, error, of, samples};

#[derive(Clone)]
struct Failing {
    tool_router: ToolRouter<Self>,
}

async fn elicit(
    context: &RequestContext<RoleServer>,
    message: &str,
    timeout: Option<Duration>,
) -> Result<String, ServiceError> {
    let peer = Peer::of(context);
    let answer = peer.create_elicitation_with_timeout(of(form(message)), timeout);
    answer.await.map(|it| format!("{it:?}"))
}

#[tool_router]
impl Failing {
    fn new() -> Self {
        Self {
            tool_router: Self::tool_router(),
        }
    }

    #[mcp_tool]
    #[tool]
    async fn is_refused(&self, context: RequestContext<RoleServer>) -> String {
        format!("{:?}", elicit(&context, "refuse", None).await)
    }

    #[mcp_tool]
    #[tool]
    async fn finds_it_broken(&self, context: RequestContext<RoleServer>) -> String {
        format!("{:?}", elicit(&context, "break", None).await)
    }

    #[mcp_tool]
    #[tool]
    async fn gives_up(&self, context: RequestContext<RoleServer>) -> String {
        let soon = Some(Duration::from_millis(1));
        format!("{:?}", elicit(&context, "hang", soon).await)
    }

    #[mcp_tool]
    #[tool]
    async fn turns_away(&self, context: RequestContext<RoleServer>) -> String {
        let asked = tokio::spawn(async move { elicit(&context, "hang", None).await });
        tokio::task::yield_now().await;
        asked.abort();
        String::new()
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Failing {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }
}

#[tokio::test]
async fn an_error_is_one_to_who_asked_and_the_askers_fault_to_who_answered() {
    let session = Session::start(Failing::new(), User::default()).await;
    session.call("is_refused").await;
    let (asked, answered) = session.asked("elicitation/create");
    assert_eq!(error(&asked).as_deref(), Some("-32602"));
    assert_eq!(asked.status, Status::error(""));
    assert_eq!(error(&answered), None);
    assert_eq!(answered.status, Status::Unset);
    for span in [&asked, &answered] {
        let code = attribute(span, "rpc.response.status_code");
        assert_eq!(code.as_deref(), Some("-32602"));
    }
}

#[tokio::test]
async fn a_fault_of_the_client_is_one_on_both_sides() {
    let session = Session::start(Failing::new(), User::default()).await;
    session.call("finds_it_broken").await;
    let (asked, answered) = session.asked("elicitation/create");
    assert_eq!(error(&asked).as_deref(), Some("-32603"));
    assert_eq!(error(&answered).as_deref(), Some("-32603"));
    let labels = [("error_type", "-32603")];
    assert_eq!(samples(&session.server, "client", &labels), Some(1.0));
    assert_eq!(samples(&session.client, "server", &labels), Some(1.0));
}

#[tokio::test]
async fn a_timeout_is_cancelled_at_the_client() {
    let session = Session::start(Failing::new(), User::default()).await;
    session.call("gives_up").await;
    eventually("the client is told", || {
        !session.client.spans_named("elicitation/create").is_empty()
    })
    .await;
    let (asked, answered) = session.asked("elicitation/create");
    assert_eq!(error(&asked).as_deref(), Some("timeout"));
    assert_eq!(error(&answered).as_deref(), Some("cancelled"));
}

#[tokio::test]
async fn a_request_that_nobody_waits_for_was_cancelled() {
    let session = Session::start(Failing::new(), User::default()).await;
    session.call("turns_away").await;
    eventually("it is dropped", || {
        !session.server.spans_named("elicitation/create").is_empty()
    })
    .await;
    let asked = session.server.span("elicitation/create");
    assert_eq!(error(&asked).as_deref(), Some("cancelled"));
}

#[tokio::test]
async fn a_panic_is_recorded_and_can_be_answered() {
    let connection = connect(Everything::default()).await;
    let capture = Capture::new();
    let user = Observed::client_builder(User::default())
        .telemetry(&capture.telemetry)
        .catch_panics(true)
        .build();
    let request: ServerRequest =
        of(json!({ "method": "elicitation/create", "params": form("panic") }));
    let context = RequestContext::new(NumberOrString::Number(1), connection.peer().clone());
    let answer = user.handle_request(request, context).await;
    let code = answer.expect_err("it panicked").code;
    assert_eq!(code, ErrorCode::INTERNAL_ERROR);
    let span = capture.span("elicitation/create");
    assert_eq!(error(&span).as_deref(), Some("panic"));
}
