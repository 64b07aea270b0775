//! Over HTTP: what the request says of its transport and session is on what the server asks within.

use mcp_observe::rmcp::Observed;
use mcp_observe_tests::web::Web;
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::SpanKind;
use rmcp::ServiceExt;
use rmcp::model::CallToolRequestParams;
use rmcp::transport::StreamableHttpClientTransport;

use super::asking::Asking;
use super::fixture::{User, assert_below, observed, samples};

#[tokio::test]
async fn transport_and_session_are_those_of_the_request_that_is_handled() {
    let (server, client) = (Capture::new(), Capture::new());
    let telemetry = server.telemetry.clone();
    let make = move || {
        Observed::builder(Asking::new())
            .telemetry(&telemetry)
            .build()
    };
    let web = Web::serve(make, true, |router| router).await;
    let transport = StreamableHttpClientTransport::from_uri(&*web.url);
    let session = observed(&client, User::default())
        .serve(transport)
        .await
        .expect("a session begins");
    let call = CallToolRequestParams::new("roots");
    session.call_tool(call).await.expect("a result");

    let tool = server.span("tools/call roots");
    let asked = server.span("roots/list");
    assert_eq!(asked.span_kind, SpanKind::Client);
    assert_below(&asked, &tool);
    assert_below(&client.span("roots/list"), &asked);
    for key in [
        "mcp.session.id",
        "network.transport",
        "network.protocol.name",
        "network.protocol.version",
        "mcp.protocol.version",
    ] {
        let of_tool = attribute(&tool, key);
        assert!(of_tool.is_some(), "{key}");
        assert_eq!(attribute(&asked, key), of_tool, "{key}");
    }
    let labels = [
        ("mcp_method_name", "roots/list"),
        ("network_transport", "tcp"),
        ("network_protocol_version", "1.1"),
    ];
    assert_eq!(samples(&server, "client", &labels), Some(1.0));
    assert!(!server.telemetry.prometheus_text().contains("session_id"));
    session.cancel().await.expect("the client stops");
}
