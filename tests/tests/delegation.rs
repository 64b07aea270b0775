//! `Observed` hands on every method of rmcp's `ServerHandler`: one that it forgot would silently have
//! rmcp's default behaviour, and an rmcp release may add one at any time.

use std::collections::BTreeSet;
use std::path::Path;

use mcp_observe::rmcp::Observed;
use mcp_observe_tests::Capture;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::source::{between, names_after, rmcp_source};
use mcp_observe_tests::wire::{eventually, modern_meta};
use rmcp::model::{ClientConfig, ClientNotification, ClientRequest, InitializeRequestParams};
use rmcp::{ServerHandler, ServiceExt};
use serde_json::{Value, json};

const TRAIT: &str = "rmcp's `ServerHandler` (rmcp/src/handler/server.rs)";
const WRAPPER: &str = "`Observed` (mcp-observe/src/rmcp/handler.rs)";

#[test]
fn observed_has_every_method_of_the_trait() {
    let of_trait = trait_methods();
    let of_wrapper = wrapper_methods();
    let forgotten: Vec<_> = of_trait.difference(&of_wrapper).collect();
    assert!(
        forgotten.is_empty(),
        "{TRAIT} has methods that {WRAPPER} does not hand on: {forgotten:?}. Add each to \
         `impl ServerHandler for Observed<H>`: `request!(name(Params) -> Result, \"its/method\")`, \
         `notification!(..)`, or a `fn` that calls `self.inner.name(..)`; and to `Everything` in \
         tests/src/server.rs with an answer of its own"
    );
    let unknown: Vec<_> = of_wrapper.difference(&of_trait).collect();
    assert!(
        unknown.is_empty(),
        "{WRAPPER} has methods that {TRAIT} does not: {unknown:?}. Either rmcp took them away, and \
         so should we, or this test no longer reads rmcp's source rightly"
    );
}

#[tokio::test]
async fn observed_answers_like_the_handler_inside() {
    let bare = Everything::default();
    let wrapped = Everything::default();
    let capture = Capture::new();
    let observed = || {
        Observed::builder(wrapped.clone())
            .telemetry(&capture.telemetry)
            .build()
    };

    let of_bare = drive(bare.clone(), &bare).await;
    let of_observed = drive(observed(), &wrapped).await;
    for (bare, observed) in of_bare.iter().zip(&of_observed) {
        assert_eq!(bare, observed);
    }
    assert_eq!(of_bare.len(), of_observed.len());

    // The handler inside was given the same, and nothing was left out of this test.
    assert_eq!(bare.entered(), wrapped.entered());
    let untested: Vec<_> = trait_methods()
        .difference(&wrapped.names())
        .cloned()
        .collect();
    assert!(
        untested.is_empty(),
        "methods of {TRAIT} that this test does not reach: {untested:?}. Add them to `Everything` \
         in tests/src/server.rs, and what reaches them to `drive` here"
    );
}

/// All that a real client is answered by `handler`, inside of which is `fixture`.
async fn drive(handler: impl ServerHandler, fixture: &Everything) -> Vec<String> {
    let mut answers = vec![
        format!("{:?}", handler.get_info()),
        format!("{:?}", handler.get_tool("echo")),
        format!("{:?}", handler.get_tool("nothing")),
        format!("{:?}", handler.supported_protocol_versions()),
        format!(
            "{:?}",
            handler.negotiate_initialize(&InitializeRequestParams::default())
        ),
    ];
    let (server, client) = tokio::io::duplex(1 << 16);
    let serving = tokio::spawn(async move {
        handler
            .serve(server)
            .await
            .expect("the session begins")
            .waiting()
            .await
    });
    let config: ClientConfig = serde_json::from_value(json!({
        "protocolVersion": "2025-11-25",
        "capabilities": { "extensions": { "io.modelcontextprotocol/tasks": {} } },
        "clientInfo": { "name": "real", "version": "1" },
    }))
    .expect("a valid configuration");
    let client = config.serve(client).await.expect("the session begins");
    answers.push(format!("{:?}", client.peer_info()));
    for (method, params) in requests() {
        let request: ClientRequest =
            serde_json::from_value(json!({ "method": method, "params": params })).expect(method);
        answers.push(format!(
            "{method}: {:?}",
            client.send_request(request).await
        ));
    }
    for (method, params) in NOTIFICATIONS {
        let params: Value = serde_json::from_str(params).expect(method);
        let notification: ClientNotification =
            serde_json::from_value(json!({ "method": method, "params": params })).expect(method);
        client
            .send_notification(notification)
            .await
            .expect("it is sent");
    }
    eventually("all notifications came", || {
        let names = fixture.names();
        HEARD.iter().all(|name| names.contains(*name))
    })
    .await;
    client.cancel().await.expect("the client stops");
    serving
        .await
        .expect("the server stops")
        .expect("the server stops");
    answers
}

const NOTIFICATIONS: [(&str, &str); 4] = [
    (
        "notifications/cancelled",
        r#"{"requestId":999,"reason":"boredom"}"#,
    ),
    (
        "notifications/progress",
        r#"{"progressToken":"t","progress":0.5}"#,
    ),
    ("notifications/roots/list_changed", "{}"),
    ("notifications/custom", r#"{"some":"thing"}"#),
];

const HEARD: [&str; 5] = [
    "on_initialized",
    "on_cancelled",
    "on_progress",
    "on_roots_list_changed",
    "on_custom_notification",
];

fn requests() -> Vec<(&'static str, Value)> {
    let uri = json!({ "uri": "memo://one" });
    let modern = modern_meta(&json!({}));
    vec![
        ("ping", json!({})),
        ("tools/list", json!({ "cursor": "a" })),
        (
            "tools/call",
            json!({ "name": "echo", "arguments": { "a": 1 } }),
        ),
        ("tools/call", json!({ "name": "fail" })),
        ("tools/call", json!({ "name": "break" })),
        ("tools/call", json!({ "name": "unknown" })),
        ("prompts/list", json!({ "cursor": "b" })),
        (
            "prompts/get",
            json!({ "name": "greeting", "arguments": { "who": "you" } }),
        ),
        ("prompts/get", json!({ "name": "unknown" })),
        ("resources/list", json!({ "cursor": "c" })),
        ("resources/templates/list", json!({ "cursor": "d" })),
        ("resources/read", uri.clone()),
        ("resources/read", json!({ "uri": "memo://none" })),
        ("resources/subscribe", uri.clone()),
        ("resources/unsubscribe", uri.clone()),
        ("resources/directory/read", uri),
        (
            "completion/complete",
            json!({
                "ref": { "type": "ref/prompt", "name": "greeting" },
                "argument": { "name": "who", "value": "y" },
            }),
        ),
        ("logging/setLevel", json!({ "level": "error" })),
        ("tasks/get", json!({ "taskId": "one" })),
        (
            "tasks/update",
            json!({ "taskId": "one", "inputResponses": {} }),
        ),
        ("tasks/cancel", json!({ "taskId": "one" })),
        ("skills/list", json!({ "cursor": "e" })),
        ("skills/get", json!({ "uri": "skill://one/SKILL.md" })),
        ("custom/request", json!({ "some": "thing" })),
        ("unknown/request", json!({})),
        ("server/discover", json!({ "_meta": modern })),
        (
            "subscriptions/listen",
            json!({ "_meta": modern, "notifications": { "toolsListChanged": true } }),
        ),
    ]
}

/// The trait's methods: rmcp writes them down once, in a macro.
fn trait_methods() -> BTreeSet<String> {
    let path = rmcp_source().join("src/handler/server.rs");
    let source = std::fs::read_to_string(&path).expect("rmcp's source is there");
    let body = between(&source, "macro_rules! server_handler_methods {", "\n}\n");
    let methods = names_after(body, "fn ");
    assert!(
        methods.len() >= 32,
        "{} is no longer read rightly: {methods:?}",
        path.display()
    );
    methods
}

fn wrapper_methods() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mcp-observe/src/rmcp/handler.rs");
    let source = std::fs::read_to_string(path).expect("our source is there");
    let body = between(
        &source,
        "impl<H: ServerHandler> ServerHandler for Observed<H> {",
        "\n}\n",
    );
    ["request!(", "notification!(", "fn "]
        .iter()
        .flat_map(|before| names_after(body, before))
        .collect()
}
