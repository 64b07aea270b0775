//! A client with an observed transport and a server that has an ending for every call, over a pipe.

use mcp_observe::Telemetry;
use mcp_observe::rmcp::{Endpoint, Observed, ObservedPeer, ObservedTransport};
use mcp_observe_tests::server::{Everything, TOOLS};
use mcp_observe_tests::wire::eventually;
use rmcp::model::{CallToolRequestParams, ClientConfig, GetPromptRequestParams};
use rmcp::service::{RunningService, ServiceError};
use rmcp::{RoleClient, ServiceExt};
use serde_json::json;
use tokio::io::{DuplexStream, copy_bidirectional, duplex};

/// The bytes that a pipe holds.
const PIPE: usize = 1 << 16;

type Client = RunningService<RoleClient, ClientConfig>;

/// Calls of every tool, of one that is not there, and of other methods.
pub(crate) async fn all_endings(telemetry: &Telemetry) {
    let (ours, theirs) = duplex(PIPE);
    serve(theirs);
    let client = connect(ours).await;
    let peer = ObservedPeer::builder(client.peer().clone())
        .endpoint(Endpoint::pipe())
        .build();
    for tool in TOOLS.into_iter().chain(["no such tool"]) {
        if !matches!(tool, "hang" | "panic") {
            let arguments = json!({ "state": "a state" }).as_object().cloned();
            let call = CallToolRequestParams::new(tool);
            // Most of them fail, as they should.
            let _ = peer
                .call_tool(call.with_arguments(arguments.expect("an object")))
                .await;
        }
    }
    // These are never answered: the client waits until they are where they get to, and goes on.
    for (tool, there) in [
        ("hang", r#"mcp_tool_active{tool_name="hang"} 1"#),
        (
            "panic",
            r#"mcp_tool_errors_total{error_type="panic",tool_name="panic"} 1"#,
        ),
    ] {
        let is_there = || telemetry.prometheus_text().contains(there);
        tokio::select! {
            answer = peer.call_tool(CallToolRequestParams::new(tool)) => {
                panic!("{tool} is answered: {answer:?}");
            }
            () = eventually(there, is_there) => {}
        }
    }
    peer.list_all_prompts().await.expect("an answer");
    for prompt in ["greeting", "no such prompt"] {
        let _ = peer.get_prompt(GetPromptRequestParams::new(prompt)).await;
    }
    let unknown = json!({ "method": "no/such/method", "params": {} });
    let unknown = serde_json::from_value(unknown).expect("a request");
    let _ = client.send_request(unknown).await;
    client.cancel().await.expect("it stops");
}

/// The connection breaks while the server is asked for something.
pub(crate) async fn closed_in_the_middle() {
    let ((ours, mut near), (mut far, theirs)) = (duplex(PIPE), duplex(PIPE));
    let line = tokio::spawn(async move { copy_bidirectional(&mut near, &mut far).await });
    serve(theirs);
    let client = connect(ours).await;
    let call = client.call_tool(CallToolRequestParams::new("hang"));
    let (answer, ()) = tokio::join!(call, async {
        // Which is sent after the call.
        client.peer().list_all_tools().await.expect("an answer");
        line.abort();
    });
    assert!(
        matches!(answer, Err(ServiceError::TransportClosed)),
        "{answer:?}"
    );
    // Its session ends with its transport.
    let _ = client.waiting().await;
}

fn serve(pipe: DuplexStream) {
    tokio::spawn(async move {
        let handler = Observed::new(Everything::default());
        if let Ok(running) = handler.serve(pipe).await {
            let _ = running.waiting().await;
        }
    });
}

async fn connect(pipe: DuplexStream) -> Client {
    let transport = ObservedTransport::builder(pipe)
        .endpoint(Endpoint::pipe())
        .build();
    legacy().serve(transport).await.expect("a session begins")
}

/// A client of the last protocol revision with sessions.
pub(crate) fn legacy() -> ClientConfig {
    serde_json::from_value(json!({
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": { "name": "emitting", "version": "1" },
    }))
    .expect("a valid configuration")
}
