//! Where a message came from: session, client and address, over real HTTP.

use mcp_observe_tests::security::{Event, Lines};
use mcp_observe_tests::web::Web;
use mcp_observe_tests::wire::request;
use serde_json::{Value, json};

use crate::over_http::serve;
use crate::tools::VERSION;

const SESSION: &str = "mcp.session.id";
const CLIENT: &str = "mcp.client.name";

fn add() -> Value {
    json!({ "name": "add", "arguments": { "a": 1, "b": 2 } })
}

async fn call(web: &Web, headers: &[(&str, &str)]) {
    let answer = web.post(headers, &request(1, "tools/call", &add())).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

fn identity(event: &Event) -> [Option<&str>; 3] {
    [SESSION, CLIENT, "network.client.ip"].map(|key| event.get(key))
}

#[tokio::test]
async fn the_session_that_the_server_gave_out() {
    let lines = Lines::default();
    let capture = lines.capture(|log| log, |builder| builder);
    let web = serve(&capture, true, |router| router).await;
    let session = web.initialize(VERSION).await.expect("a session");
    call(&web, &[("mcp-session-id", &session)]).await;
    let event = lines.event(&capture.telemetry);
    let expected = [Some(&*session), Some("wire"), Some("127.0.0.1")];
    assert_eq!(identity(&event), expected);
    event.assert_of(&capture.span("tools/call add"));
}

/// A server without sessions gives out no ids: what a client sends is its own invention, as is the
/// client that rmcp makes up.
#[tokio::test]
async fn no_session_of_a_callers_making() {
    let lines = Lines::default();
    let capture = lines.capture(|log| log, |builder| builder);
    let web = serve(&capture, false, |router| router).await;
    call(&web, &[("mcp-session-id", "made-up")]).await;
    let event = lines.event(&capture.telemetry);
    assert_eq!(identity(&event), [None, None, Some("127.0.0.1")]);
}

/// Since 2026-07-28 each message names its client.
#[tokio::test]
async fn the_client_of_the_message() {
    let lines = Lines::default();
    let capture = lines.capture(|log| log, |builder| builder);
    let web = serve(&capture, false, |router| router).await;
    let named = |name: &str| json!({ "io.modelcontextprotocol/clientInfo": { "name": name, "version": "1" } });
    let hostile = "a\nb\u{202e}".to_owned() + &"x".repeat(1_000);
    for name in ["agent", &hostile] {
        let answer = web.modern(1, "tools/call", add(), &named(name), &[]).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    let events = lines.events(&capture.telemetry);
    assert_eq!(
        identity(&events[0]),
        [None, Some("agent"), Some("127.0.0.1")]
    );
    let name = events[1].get(CLIENT).expect("a name");
    assert_eq!((name, name.len()), (&hostile[..128], 128));
    assert!(!lines.text(&capture.telemetry).contains('\u{202e}'));
}

/// A session that is not there is not one, and its id is on no event but one of authentication.
#[tokio::test]
async fn an_unknown_session() {
    let lines = Lines::default();
    let capture = lines.capture(|log| log, |builder| builder);
    let web = serve(&capture, true, |router| router).await;
    web.initialize(VERSION).await;
    let message = request(1, "tools/call", &add());
    let made_up = [("mcp-session-id", "made-up")];
    assert_eq!(web.post(&made_up, &message).await.status, 404);
    let event = lines.event(&capture.telemetry);
    event.assert_is(&json!({
        "event.category": "mcp.tool_call",
        "mcp.method.name": "tools/call",
        "mcp.tool.name": "_OTHER",
        "network.client.ip": "127.0.0.1",
        "http.status": 404,
        "status": "error",
        "error.kind": "404",
    }));
    event.assert_of(&capture.span("tools/call"));
}

/// Refused by the transport with a JSON-RPC error.
#[tokio::test]
async fn a_bad_request() {
    let lines = Lines::default();
    let capture = lines.capture(|log| log, |builder| builder);
    let web = serve(&capture, false, |router| router).await;
    web.post(&[], &request(0, "tools/list", &json!({}))).await;
    let mismatch = [("mcp-method", "other")];
    let answer = web
        .modern(1, "tools/list", json!({}), &json!({}), &mismatch)
        .await;
    assert_eq!(answer.json["error"]["code"], -32020);
    let event = lines.event(&capture.telemetry);
    event.assert_is(&json!({
        "event.category": "mcp.request",
        "mcp.method.name": "tools/list",
        "network.client.ip": "127.0.0.1",
        "http.status": 400,
        "status": "error",
        "error.kind": "-32020",
    }));
}
