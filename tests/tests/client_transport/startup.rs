//! What rmcp sends to begin with.

use mcp_observe_tests::wire::modern_meta;
use mcp_observe_tests::{Capture, attribute, attributes, names};
use opentelemetry::trace::{SpanId, Status};
use rmcp::model::{ClientJsonRpcMessage, RequestId};
use rmcp::service::ClientServiceExt;
use rmcp::transport::{IntoTransport, Transport as _};
use rmcp::{RoleClient, ServiceExt};
use serde_json::json;

use crate::fixture::{
    LEGACY, MODERN, Puppet, below, connect, connect_modern, legacy, modern, observed, request,
    samples, sent, sent_one,
};
use crate::sessions::sessions;

#[tokio::test]
async fn a_session_is_initialised() {
    let capture = Capture::new();
    let client = connect(&capture).await;
    client.list_all_tools().await.expect("an answer");

    let spans = sent(&capture);
    let asked = "notifications/initialized";
    assert_eq!(names(&spans), ["initialize", asked, "tools/list"]);
    assert_eq!(
        attributes(&spans[0]),
        [
            "jsonrpc.request.id=0",
            "mcp.method.name=initialize",
            &format!("mcp.protocol.version={LEGACY}"),
            "network.transport=pipe",
        ]
    );
    assert_eq!(
        attributes(&spans[1]),
        [
            "mcp.method.name=notifications/initialized",
            &format!("mcp.protocol.version={LEGACY}"),
            "network.transport=pipe",
        ]
    );
    for span in &spans {
        assert_eq!(span.parent_span_id, SpanId::INVALID, "each is a root");
        assert_eq!(span.status, Status::Unset);
        let method = ("mcp_method_name", &*span.name);
        let version = ("mcp_protocol_version", LEGACY);
        let labels = [method, version, ("network_transport", "pipe")];
        assert_eq!(samples(&capture, &labels), Some(1.0), "{}", span.name);
        // The server is told.
        assert_eq!(below(&capture, span).await.name, span.name);
    }
    let traces: std::collections::HashSet<_> =
        spans.iter().map(|it| it.span_context.trace_id()).collect();
    assert_eq!(traces.len(), 3, "a session is no trace");
}

#[tokio::test]
async fn a_server_is_discovered() {
    let capture = Capture::new();
    let client = connect_modern(&capture).await;
    client.list_all_tools().await.expect("an answer");

    let spans = sent(&capture);
    assert_eq!(names(&spans), ["server/discover", "tools/list"]);
    for (span, id) in spans.iter().zip([0, 1]) {
        assert_eq!(
            attributes(span),
            [
                &format!("jsonrpc.request.id={id}"),
                &format!("mcp.method.name={}", span.name),
                &format!("mcp.protocol.version={MODERN}"),
                "network.transport=pipe",
            ]
        );
    }
}

#[tokio::test]
async fn an_error_without_an_id_answers_what_begins_a_session() {
    let capture = Capture::new();
    let (mut puppet, pipe) = Puppet::new();
    let client = legacy().serve(observed(&capture, pipe));
    let server = async {
        puppet.hear().await;
        let error = json!({ "code": -32600, "message": "what?" });
        puppet
            .say(&json!({ "jsonrpc": "2.0", "error": error }))
            .await;
    };
    let (client, ()) = tokio::join!(client, server);
    client.expect_err("refused");

    let span = sent_one(&capture, "initialize");
    assert_eq!(span.status, Status::error(""));
    let told = attributes(&span);
    assert!(told.contains(&"error.type=-32600".to_owned()), "{told:?}");
    assert!(told.contains(&"rpc.response.status_code=-32600".to_owned()));
    assert_eq!(sent(&capture).len(), 1);
}

#[tokio::test]
async fn a_server_that_goes_before_it_answers() {
    let capture = Capture::new();
    let (mut puppet, pipe) = Puppet::new();
    let client = legacy().serve_with_lifecycle(observed(&capture, pipe), modern());
    let server = async {
        puppet.hear().await;
        drop(puppet);
    };
    let (client, ()) = tokio::join!(client, server);
    client.expect_err("nobody is there");
    let told = attributes(&sent_one(&capture, "server/discover"));
    assert!(told.contains(&"error.type=transport_closed".to_owned()));
}

/// rmcp waits ten seconds for a server to be discovered, and then asks to initialise.
#[tokio::test]
async fn a_server_that_does_not_know_discovery() {
    let capture = Capture::new();
    let (mut puppet, pipe) = Puppet::new();
    let observed = observed(&capture, pipe);
    let mut transport = IntoTransport::<RoleClient, _, _>::into_transport(observed);
    let discover = request(
        "server/discover",
        &json!({ "_meta": modern_meta(&json!({})) }),
    );
    let initialize = request("initialize", &serde_json::to_value(legacy()).expect("JSON"));
    for (id, request) in [discover, initialize].into_iter().enumerate() {
        let id = RequestId::Number(i64::try_from(id).expect("a small number"));
        let message = ClientJsonRpcMessage::request(request, id);
        transport.send(message).await.expect("sent");
    }
    assert_eq!(puppet.hear().await["method"], "server/discover");
    let asked = puppet.hear().await;
    puppet.agree(&asked).await;
    transport.receive().await.expect("an answer");
    transport.close().await.expect("it closes");

    let spans = sent(&capture);
    assert_eq!(names(&spans), ["server/discover", "initialize"]);
    assert_eq!(
        attribute(&spans[0], "error.type").as_deref(),
        Some("timeout")
    );
    assert_eq!(attribute(&spans[1], "error.type"), None);
    let version = |index: usize| attribute(&spans[index], "mcp.protocol.version");
    assert_eq!(version(0).as_deref(), Some(MODERN));
    assert_eq!(version(1).as_deref(), Some(LEGACY));
    assert_eq!(sessions(&capture).len(), 1);
}
