//! What callers ask for and the server does not have: its name is nowhere, and how many names there
//! were can be counted all the same.

use axum::Router;
use axum::middleware::from_fn;
use mcp_observe::HashKey;
use mcp_observe_tests::security::{Event, Lines};
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::wire::{modern_meta, request};
use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::json;

use crate::over_http::{guard, serve};
use crate::tools::{Logged, Tools};

const HASH: &str = "mcp.unknown.hash";

fn hash(event: &Event) -> String {
    let hash = event.get(HASH).expect("a hash").to_owned();
    assert_eq!(hash.len(), 16, "{event:?}");
    assert!(
        hash.bytes()
            .all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it)),
        "{event:?}"
    );
    hash
}

fn tool(hash: &str) -> serde_json::Value {
    json!({
        "event.category": "mcp.tool_call",
        "mcp.method.name": "tools/call",
        "mcp.tool.name": "_OTHER",
        HASH: hash,
        "mcp.client.name": "wire",
        "http.status": 404,
        "status": "error",
        "error.kind": "-32602",
    })
}

#[tokio::test]
async fn tools() {
    let mut logged = Logged::serve(Tools::default()).await;
    let mut hashes = Vec::new();
    for name in ["secret", "secret", "secret tool", "Secret", ""] {
        let event = logged.call(name, json!({})).await;
        event.assert_is(&tool(&hash(&event)));
        event.assert_of(logged.capture.spans().last().expect("a span"));
        hashes.push(hash(&event));
    }
    assert_eq!(hashes[0], hashes[1], "one name, one hash");
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), 4, "as many hashes as names");
    assert_nowhere(&logged, "ecret");
}

#[tokio::test]
async fn methods() {
    let mut logged = Logged::serve(Everything::default()).await;
    let mut hashes = Vec::new();
    for name in ["secret/method", "secret/other", "secret/method"] {
        let (_, events) = logged.ask(name, &json!({})).await;
        let hash = hash(&events[0]);
        events[0].assert_is(&json!({
            "event.category": "mcp.request",
            "mcp.method.name": "_OTHER",
            HASH: hash,
            "mcp.client.name": "wire",
            "http.status": 404,
            "status": "error",
            "error.kind": "-32601",
        }));
        hashes.push(hash);
    }
    assert_eq!(hashes[0], hashes[2]);
    assert_ne!(hashes[0], hashes[1]);
    assert_nowhere(&logged, "secret");
}

/// A name that is known has no hash, nor has a method whose parameters were malformed.
#[tokio::test]
async fn what_is_known_has_none() {
    let mut logged = Logged::serve(Everything::default()).await;
    assert_eq!(logged.call("break", json!({})).await.get(HASH), None);
    let (_, events) = logged.ask("resources/read", &json!({})).await;
    assert_eq!(events[0].get(HASH), None);
}

/// Nor has one that answers well, of a server that does not say which tools it has.
#[tokio::test]
async fn what_answers_well_has_none() {
    let mut logged = Logged::serve(Untold).await;
    let event = logged.call("untold", json!({})).await;
    assert_eq!(
        (event.get(HASH), event.get("status")),
        (None, Some("success"))
    );
    let event = logged.call("missing", json!({})).await;
    event.assert_is(&tool(&hash(&event)));
}

/// Dispatches itself.
struct Untold;

impl ServerHandler for Untold {
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        match &*request.name {
            "untold" => Ok(CallToolResult::success(vec![]).into()),
            _ => Err(ErrorData::invalid_params("no such tool", None)),
        }
    }
}

#[tokio::test]
async fn hashes_of_two_processes_can_be_compared_only_by_one_key() {
    let key = || HashKey::new(*b"sixteen bytes...");
    let with = async |key: Option<HashKey>| {
        let lines = Lines::default();
        let capture = lines.capture(
            |log| match key {
                Some(key) => log.hash_key(key),
                None => log,
            },
            |builder| builder,
        );
        let mut logged = Logged::with(Tools::default(), lines, capture).await;
        hash(&logged.call("secret", json!({})).await)
    };
    assert_eq!(with(Some(key())).await, with(Some(key())).await);
    assert_ne!(with(Some(key())).await, with(None).await);
}

/// What names a method is a message, or, where that is not read, its header.
#[tokio::test]
async fn methods_of_refused_messages() {
    let lines = Lines::default();
    let capture = lines.capture(|log| log, |builder| builder);
    let web = serve(&capture, false, |router: Router| {
        router.layer(from_fn(guard))
    })
    .await;
    let none = json!({});
    let answer = web
        .modern(1, "secret/method", none.clone(), &none, &[])
        .await;
    assert_eq!(answer.json["error"]["code"], -32601);
    // Not read, and named by its header.
    let named = [("mcp-method", "secret/method"), ("refuse", "401")];
    web.post(&named, &none).await;
    // Read, and refused for what the header says.
    let mismatch = [("mcp-method", "other")];
    let message = request(1, "secret/method", &json!({ "_meta": modern_meta(&none) }));
    let version = ("mcp-protocol-version", "2026-07-28");
    let answer = web.post(&[version, mismatch[0]], &message).await;
    assert_eq!(answer.json["error"]["code"], -32020);
    let events = lines.events(&capture.telemetry);
    let categories: Vec<_> = events
        .iter()
        .map(|it| it.get("event.category").unwrap_or_default())
        .collect();
    assert_eq!(categories, ["mcp.request", "mcp.auth", "mcp.request"]);
    let first = hash(&events[0]);
    assert!(
        events.iter().all(|event| {
            event.get("mcp.method.name") == Some("_OTHER") && hash(event) == first
        })
    );
    let exported = format!("{:?}\n{}", capture.spans(), lines.text(&capture.telemetry));
    assert!(!exported.contains("secret"), "{exported}");
}

/// A hand-written server without `get_tool`, whose function is called by a name that only it knows.
#[tokio::test]
async fn the_function_that_runs_makes_a_name_known() {
    let mut logged = Logged::serve(crate::hand_written::Dispatching).await;
    let event = logged.call("alias", json!({})).await;
    assert_eq!(event.get("mcp.tool.name"), Some("dispatched"));
    assert_eq!(event.get(HASH), None);
    assert_eq!(event.http_status(), Some(200));
}

#[track_caller]
fn assert_nowhere(logged: &Logged, name: &str) {
    let exported = format!(
        "{:?}\n{}\n{}",
        logged.capture.spans(),
        logged.capture.telemetry.prometheus_text(),
        logged.lines.text(&logged.capture.telemetry)
    );
    assert!(!exported.contains(name), "{exported}");
}
