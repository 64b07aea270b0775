//! Each request and notification of a server, from a tool.

#![expect(
    deprecated,
    reason = "what is deprecated in the protocol is observed all the same"
)]

use mcp_observe::mcp_tool;
use mcp_observe_tests::attributes;
use mcp_observe_tests::wire::eventually;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::model::{ServerCapabilities, ServerConfig};
use rmcp::service::{ElicitationError, RequestContext};
use rmcp::{RoleServer, ServerHandler, elicit_safe, tool, tool_handler, tool_router};
use serde_json::{Value, json};

use super::fixture::{Peer, Session, User, assert_below, of, samples};

#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
struct Name {
    name: String,
}
elicit_safe!(Name);

#[derive(Clone)]
pub(super) struct Asking {
    tool_router: ToolRouter<Self>,
}

fn message() -> Value {
    json!({
        "messages": [{ "role": "user", "content": { "type": "text", "text": "how is it?" } }],
        "maxTokens": 5,
    })
}

#[tool_router]
impl Asking {
    pub(super) fn new() -> Self {
        Self {
            tool_router: Self::tool_router(),
        }
    }

    #[mcp_tool]
    #[tool]
    async fn samples(&self, context: RequestContext<RoleServer>) -> String {
        let answer = Peer::of(&context).create_message(of(message())).await;
        answer.expect("an answer").model
    }

    #[mcp_tool]
    #[tool]
    async fn samples_with_tools(&self, context: RequestContext<RoleServer>) -> String {
        let mut params = message();
        params["tools"] = json!([{ "name": "t", "inputSchema": { "type": "object" } }]);
        let ours = Peer::of(&context).create_message(of(params.clone())).await;
        let theirs = context.peer.create_message(of(params)).await;
        assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
        format!("{ours:?}")
    }

    #[mcp_tool]
    #[tool]
    async fn roots(&self, context: RequestContext<RoleServer>) -> String {
        let answer = Peer::of(&context).list_roots().await;
        answer.expect("an answer").roots.len().to_string()
    }

    #[mcp_tool]
    #[tool]
    async fn elicits(&self, context: RequestContext<RoleServer>) -> String {
        let answer = Peer::of(&context).elicit::<Name>("who?").await;
        answer.expect("an answer").expect("a name").name
    }

    #[mcp_tool]
    #[tool]
    async fn is_declined(&self, context: RequestContext<RoleServer>) -> String {
        let answer = Peer::of(&context).elicit::<Name>("decline").await;
        assert!(matches!(answer, Err(ElicitationError::UserDeclined)));
        String::new()
    }

    #[mcp_tool]
    #[tool]
    async fn visits(&self, context: RequestContext<RoleServer>) -> String {
        let url: url::Url = "https://example.com/".parse().expect("a URL");
        let answer = Peer::of(&context).elicit_url("go there", url, "one").await;
        format!("{:?}", answer.expect("an answer"))
    }

    #[mcp_tool]
    #[tool]
    async fn pings(&self, context: RequestContext<RoleServer>) -> String {
        let request = of(json!({ "method": "ping" }));
        let answer = Peer::of(&context).send_request(request).await;
        format!("{}", answer.expect_err("it does not like that"))
    }

    #[mcp_tool]
    #[tool]
    async fn tells(&self, context: RequestContext<RoleServer>) -> String {
        let peer = Peer::of(&context);
        let sent = [
            peer.notify_cancelled(of(json!({ "requestId": 999 }))).await,
            peer.notify_progress(of(json!({ "progressToken": "t", "progress": 0.5 })))
                .await,
            peer.notify_logging_message(of(json!({ "level": "info", "data": "hot" })))
                .await,
            peer.notify_resource_updated(of(json!({ "uri": "memo://one" })))
                .await,
            peer.notify_resource_list_changed().await,
            peer.notify_tool_list_changed().await,
            peer.notify_prompt_list_changed().await,
        ];
        sent.into_iter()
            .collect::<Result<(), _>>()
            .expect("they are sent");
        String::new()
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Asking {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }
}

#[tokio::test]
async fn a_request_is_a_client_span_below_the_tools_and_a_server_span_below_that() {
    for (tool, method, answer) in [
        ("samples", "sampling/createMessage", "m"),
        ("roots", "roots/list", "1"),
        ("elicits", "elicitation/create", "Ada"),
        ("visits", "elicitation/create", "Accept"),
        ("is_declined", "elicitation/create", ""),
    ] {
        let session = Session::start(Asking::new(), User::default()).await;
        assert_eq!(session.call(tool).await, answer);
        let (asked, answered) = session.asked(method);
        assert_below(&asked, &session.server.span(&format!("tools/call {tool}")));
        let expected = [
            "jsonrpc.request.id=0".to_owned(),
            format!("mcp.method.name={method}"),
            "mcp.protocol.version=2025-11-25".to_owned(),
            "network.transport=pipe".to_owned(),
        ];
        assert_eq!(attributes(&asked), expected);
        assert_eq!(attributes(&answered), expected);
        let labels = [
            ("mcp_method_name", method),
            ("network_transport", "pipe"),
            ("mcp_protocol_version", "2025-11-25"),
        ];
        assert_eq!(
            samples(&session.server, "client", &labels),
            Some(1.0),
            "{tool}"
        );
        assert_eq!(
            samples(&session.client, "server", &labels),
            Some(1.0),
            "{tool}"
        );
    }
}

#[tokio::test]
async fn a_ping_is_observed_as_well() {
    let session = Session::start(Asking::new(), User::default()).await;
    let text = session.call("pings").await;
    assert!(text.contains("do not disturb"), "{text}");
    session.asked("ping");
}

#[tokio::test]
async fn what_rmcp_refuses_to_send_is_no_operation() {
    let session = Session::start(Asking::new(), User::default()).await;
    let text = session.call("samples_with_tools").await;
    assert!(text.contains("sampling tools capability"), "{text}");
    assert_eq!(session.server.spans_named("sampling/createMessage"), []);
    assert_eq!(session.client.spans_named("sampling/createMessage"), []);
}

#[tokio::test]
async fn a_notification_is_a_span_on_both_sides() {
    let session = Session::start(Asking::new(), User::default()).await;
    session.call("tells").await;
    let tool = session.server.span("tools/call tells");
    for method in [
        "notifications/progress",
        "notifications/message",
        "notifications/resources/updated",
        "notifications/resources/list_changed",
        "notifications/tools/list_changed",
        "notifications/prompts/list_changed",
        "notifications/cancelled",
    ] {
        eventually(method, || !session.client.spans_named(method).is_empty()).await;
        let (told, _) = session.asked(method);
        assert_below(&told, &tool);
    }
    let (_, heard) = session.asked("notifications/resources/updated");
    let uri = mcp_observe_tests::attribute(&heard, "mcp.resource.uri");
    assert_eq!(uri.as_deref(), Some("memo://one"));
}

/// The other way round: rmcp's context of a notification has its `_meta` elsewhere than that of a
/// request.
#[tokio::test]
async fn the_context_of_a_clients_notification_is_read() {
    let session = Session::start(Asking::new(), User::default()).await;
    let sent = session.peer.notify_roots_list_changed().await;
    sent.expect("it is sent");
    let method = "notifications/roots/list_changed";
    eventually(method, || !session.server.spans_named(method).is_empty()).await;
    assert_below(&session.server.span(method), &session.client.span(method));
}
