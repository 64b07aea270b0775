//! What is on the wire is what would be there without us, but for `_meta`.

use mcp_observe::Telemetry;
use mcp_observe::rmcp::ObservedTransport;
use mcp_observe_tests::Capture;
use rmcp::RoleClient;
use rmcp::ServiceExt;
use rmcp::model::{CallToolRequestParams, ClientConfig, ClientRequest, CustomRequest};
use rmcp::service::{PeerRequestOptions, RunningService};
use rmcp::transport::IntoTransport;
use serde_json::{Value, json};

use crate::fixture::{Puppet, legacy, request};

/// All that a client says to a server, in a session with a bit of everything.
async fn said<T, E, A>(wrap: impl FnOnce(tokio::io::DuplexStream) -> T) -> Vec<Value>
where
    T: IntoTransport<RoleClient, E, A>,
    E: std::error::Error + Send + Sync + 'static,
{
    let (mut puppet, pipe) = Puppet::new();
    let mut said = Vec::new();
    let starting = legacy().serve(wrap(pipe));
    let start = async {
        let asked = puppet.hear().await;
        puppet.agree(&asked).await;
        [asked, puppet.hear().await]
    };
    let (client, heard) = tokio::join!(starting, start);
    let client: RunningService<RoleClient, ClientConfig> = client.expect("a session begins");
    said.extend(heard);
    for request in [
        request("ping", &json!({})),
        request("tools/list", &json!({})),
        request(
            "tools/call",
            &json!({ "name": "a", "arguments": { "b": [1, 2.5, null] } }),
        ),
        ClientRequest::CustomRequest(CustomRequest::new("custom/list", Some(json!([1, 2])))),
        ClientRequest::CustomRequest(CustomRequest::new("custom/none", None)),
    ] {
        let options = PeerRequestOptions::no_options();
        client
            .send_cancellable_request(request, options)
            .await
            .expect("sent");
        said.push(puppet.hear().await);
    }
    let handle = client
        .send_cancellable_request(
            request("tools/call", &json!({ "name": "c" })),
            PeerRequestOptions::no_options(),
        )
        .await
        .expect("sent");
    said.push(puppet.hear().await);
    handle
        .cancel(Some("enough".to_owned()))
        .await
        .expect("sent");
    said.push(puppet.hear().await);
    let params = CallToolRequestParams::new("d");
    let peer = client.peer().clone();
    let call = tokio::spawn(async move { peer.call_tool(params).await });
    said.push(puppet.hear().await);
    call.abort();
    said.push(puppet.hear().await);
    puppet
        .say(&json!({ "jsonrpc": "2.0", "id": "x", "method": "no/such" }))
        .await;
    said.push(puppet.hear().await);
    client.cancel().await.expect("it stops");
    said.extend(puppet.rest().await);
    said
}

/// Without the context, and what is only there for it.
fn without_context(mut message: Value) -> Value {
    if let Some(params) = message.get_mut("params").and_then(Value::as_object_mut) {
        if let Some(meta) = params.get_mut("_meta").and_then(Value::as_object_mut) {
            assert!(meta.remove("traceparent").is_some());
            if meta.is_empty() {
                params.remove("_meta");
            }
        }
        if params.is_empty() {
            message.as_object_mut().expect("an object").remove("params");
        }
    }
    message
}

#[tokio::test]
async fn but_for_the_context_nothing_changes() {
    let capture = Capture::new();
    let bare = said(|pipe| pipe).await;
    let observed = said(|pipe| {
        ObservedTransport::builder(pipe)
            .telemetry(&capture.telemetry)
            .build()
    })
    .await;
    assert_eq!(bare.len(), 12);
    let without = observed.into_iter().map(without_context);
    let without_params = |mut message: Value| {
        if message["params"] == json!({}) {
            message.as_object_mut().expect("an object").remove("params");
        }
        message
    };
    let bare: Vec<_> = bare.into_iter().map(without_params).collect();
    assert_eq!(without.collect::<Vec<_>>(), bare);
}

#[tokio::test]
async fn with_nothing_installed_nothing_changes() {
    assert!(Telemetry::installed().is_none());
    let bare = said(|pipe| pipe).await;
    let observed = said(ObservedTransport::new).await;
    assert_eq!(observed, bare);
}
