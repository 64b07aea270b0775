//! `Observed` hands on every method of rmcp's `ClientHandler`.

use std::collections::BTreeSet;
use std::path::Path;

use mcp_observe_tests::Capture;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::source::{between, names_after, rmcp_source};
use mcp_observe_tests::wire::eventually;
use rmcp::model::{ServerNotification, ServerRequest};
use rmcp::{ClientHandler, ServiceExt};
use serde_json::{Value, json};

use super::fixture::{User, observed, of};

#[test]
fn observed_has_every_method_of_the_trait() {
    let path = "../mcp-observe/src/rmcp/client_handler.rs";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let source = std::fs::read_to_string(path).expect("our source is there");
    let start = "impl<H: ClientHandler> ClientHandler for Observed<H> {";
    let wrapper: BTreeSet<String> = ["request!(", "notification!(", "fn "]
        .iter()
        .flat_map(|before| names_after(between(&source, start, "\n}\n"), before))
        .collect();
    assert_eq!(
        trait_methods(),
        wrapper,
        "left: rmcp's `ClientHandler` (rmcp/src/handler/client.rs); right: `Observed` \
         (mcp-observe/src/rmcp/client_handler.rs), which has to hand on each"
    );
}

#[tokio::test]
async fn observed_answers_like_the_handler_inside() {
    let (bare, wrapped) = (User::default(), User::default());
    let capture = Capture::new();
    let of_bare = drive(bare.clone(), &bare).await;
    let of_observed = drive(observed(&capture, wrapped.clone()), &wrapped).await;
    assert_eq!(of_bare, of_observed);
    assert_eq!(bare.entered(), wrapped.entered());
    let untested: Vec<_> = trait_methods()
        .difference(&wrapped.names())
        .cloned()
        .collect();
    assert!(untested.is_empty(), "not reached by `drive`: {untested:?}");
    // Two forms, and `get_info` is no message.
    assert_eq!(capture.spans().len(), trait_methods().len());
}

/// All that `handler`, inside of which is `user`, answers a real server.
async fn drive(handler: impl ClientHandler, user: &User) -> Vec<String> {
    let mut answers = vec![format!("{:?}", ClientHandler::get_info(&handler))];
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let (server, client) = tokio::join!(Everything::default().serve(ours), handler.serve(theirs));
    let server = server.expect("the session begins");
    let client = client.expect("the session begins");
    for (method, params) in [
        ("ping", json!({})),
        (
            "sampling/createMessage",
            json!({ "messages": [], "maxTokens": 1 }),
        ),
        ("roots/list", json!({})),
        ("elicitation/create", form("who?")),
        ("elicitation/create", form("refuse")),
        ("custom/thing", json!({ "some": "thing" })),
    ] {
        let request: ServerRequest = of(json!({ "method": method, "params": params }));
        answers.push(format!("{:?}", server.send_request(request).await));
    }
    for (method, params) in [
        ("notifications/cancelled", json!({ "requestId": 9 })),
        (
            "notifications/progress",
            json!({ "progressToken": "t", "progress": 0.5 }),
        ),
        (
            "notifications/message",
            json!({ "level": "info", "data": 1 }),
        ),
        ("notifications/resources/updated", json!({ "uri": "a://b" })),
        ("notifications/resources/list_changed", json!({})),
        ("notifications/tools/list_changed", json!({})),
        ("notifications/prompts/list_changed", json!({})),
        (
            "notifications/subscriptions/acknowledged",
            json!({ "notifications": {} }),
        ),
        (
            "notifications/tasks",
            json!({
                "taskId": "one", "status": "working", "createdAt": "-", "lastUpdatedAt": "-",
                "ttlMs": null,
            }),
        ),
        ("notifications/custom", json!({ "some": "thing" })),
    ] {
        let notification: ServerNotification = of(json!({ "method": method, "params": params }));
        let told = server.send_notification(notification).await;
        told.expect("it is sent");
    }
    eventually("all notifications came", || {
        let heard = user.names().into_iter().filter(|it| it.starts_with("on_"));
        heard.count() == NOTIFICATIONS + 1
    })
    .await;
    client.cancel().await.expect("the client stops");
    server.waiting().await.expect("the server stops");
    answers
}

/// With `on_`, as the custom request has it too.
const NOTIFICATIONS: usize = 10;

pub(super) fn form(message: &str) -> Value {
    json!({
        "mode": "form",
        "message": message,
        "requestedSchema": {
            "type": "object",
            "properties": { "name": { "type": "string" } },
            "required": ["name"],
        },
    })
}

/// The trait's methods: rmcp writes them down once, in a macro.
fn trait_methods() -> BTreeSet<String> {
    let path = rmcp_source().join("src/handler/client.rs");
    let source = std::fs::read_to_string(path).expect("rmcp's source is there");
    let body = between(&source, "macro_rules! client_handler_methods {", "\n}\n");
    let methods = names_after(body, "fn ");
    assert!(methods.len() >= 16, "no longer read rightly: {methods:?}");
    methods
}
