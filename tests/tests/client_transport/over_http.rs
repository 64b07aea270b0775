//! Over real HTTP, where rmcp keeps the session to itself.

use mcp_observe::rmcp::{Endpoint, Observed, ObservedHttpClient, ObservedPeer, ObservedTransport};
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::web::Web;
use mcp_observe_tests::{Capture, attribute, names};
use opentelemetry::trace::SpanId;
use rmcp::RoleClient;
use rmcp::ServiceExt;
use rmcp::model::{CallToolRequestParams, ClientConfig};
use rmcp::service::{ClientServiceExt, RunningService};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;

use crate::fixture::{LEGACY, MODERN, below, legacy, modern, sent, sent_one, subscribe};
use crate::sessions::{labels, sessions};

type Transport =
    ObservedTransport<StreamableHttpClientTransport<ObservedHttpClient<reqwest::Client>>>;

async fn serve(capture: &Capture, with_sessions: bool) -> Web {
    let telemetry = capture.telemetry.clone();
    let make = move || {
        Observed::builder(Everything::default())
            .telemetry(&telemetry)
            .build()
    };
    Web::serve(make, with_sessions, |router| router).await
}

fn transport(capture: &Capture, web: &Web) -> Transport {
    subscribe();
    let http = StreamableHttpClientTransport::with_client(
        ObservedHttpClient::new(reqwest::Client::new()),
        StreamableHttpClientTransportConfig::with_uri(web.url.clone()),
    );
    ObservedTransport::builder(http)
        .telemetry(&capture.telemetry)
        .endpoint(Endpoint::http(&web.url).expect("a URL"))
        .build()
}

fn port(web: &Web) -> String {
    let authority = web.url.split('/').nth(2).expect("an authority");
    authority.rsplit_once(':').expect("a port").1.to_owned()
}

async fn use_it(capture: &Capture, web: &Web, client: &RunningService<RoleClient, ClientConfig>) {
    let peer = ObservedPeer::builder(client.peer().clone())
        .telemetry(&capture.telemetry)
        .endpoint(Endpoint::http(&web.url).expect("a URL"))
        .build();
    peer.call_tool(CallToolRequestParams::new("echo"))
        .await
        .expect("an answer");
    peer.list_all_tools().await.expect("an answer");
    client
        .call_tool(CallToolRequestParams::new("fail"))
        .await
        .expect("an answer");
}

const SENT: [&str; 5] = [
    "initialize",
    "notifications/initialized",
    "tools/call echo",
    "tools/list",
    "tools/call fail",
];

#[tokio::test]
async fn spans_know_the_session() {
    let capture = Capture::new();
    let web = serve(&capture, true).await;
    let client = legacy()
        .serve(transport(&capture, &web))
        .await
        .expect("a session");
    use_it(&capture, &web, &client).await;

    let spans = sent(&capture);
    assert_eq!(names(&spans), SENT);
    let id = attribute(&spans[0], "mcp.session.id").expect("the server's");
    for span in &spans {
        let on_span = |key| attribute(span, key);
        assert_eq!(
            on_span("mcp.session.id").as_ref(),
            Some(&id),
            "{}",
            span.name
        );
        assert_eq!(on_span("network.transport").as_deref(), Some("tcp"));
        assert_eq!(on_span("server.address").as_deref(), Some("127.0.0.1"));
        assert_eq!(on_span("server.port"), Some(port(&web)));
        assert_eq!(on_span("mcp.protocol.version").as_deref(), Some(LEGACY));
        let below = below(&capture, span).await;
        if span.name != "initialize" {
            assert_eq!(attribute(&below, "mcp.session.id").as_ref(), Some(&id));
        }
    }
    assert!(
        !capture.telemetry.prometheus_text().contains(&id),
        "it is no label"
    );

    client.cancel().await.expect("it stops");
    let port = port(&web);
    let expected = labels(&[
        ("mcp_protocol_version", LEGACY),
        ("network_protocol_name", "http"),
        ("network_transport", "tcp"),
        ("server_address", "127.0.0.1"),
        ("server_port", &port),
    ]);
    assert_eq!(sessions(&capture), [(expected, 1.0)]);
}

#[tokio::test]
async fn a_server_without_sessions_has_none() {
    let capture = Capture::new();
    let web = serve(&capture, false).await;
    let client = legacy()
        .serve(transport(&capture, &web))
        .await
        .expect("no session");
    use_it(&capture, &web, &client).await;
    client.cancel().await.expect("it stops");
    let spans = sent(&capture);
    assert_eq!(names(&spans), SENT);
    for span in &spans {
        assert_eq!(attribute(span, "mcp.session.id"), None, "{}", span.name);
    }
    assert!(sessions(&capture).is_empty());
}

#[tokio::test]
async fn protocol_2026_07_28_has_no_sessions() {
    let capture = Capture::new();
    let web = serve(&capture, true).await;
    let client = legacy()
        .serve_with_lifecycle(transport(&capture, &web), modern())
        .await
        .expect("the server is discovered");
    use_it(&capture, &web, &client).await;
    client.cancel().await.expect("it stops");
    let spans = sent(&capture);
    let expected = [
        "server/discover",
        "tools/call echo",
        "tools/list",
        "tools/call fail",
    ];
    assert_eq!(names(&spans), expected);
    for span in &spans {
        assert_eq!(attribute(span, "mcp.session.id"), None);
        assert_eq!(
            attribute(span, "mcp.protocol.version").as_deref(),
            Some(MODERN)
        );
        assert_eq!(span.parent_span_id, SpanId::INVALID);
    }
    assert!(sessions(&capture).is_empty());
}

/// Nobody listens at that port any more.
#[tokio::test]
async fn a_server_that_is_not_there() {
    let capture = Capture::new();
    let web = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        format!("http://{}/mcp", listener.local_addr().expect("an address"))
    };
    let http = StreamableHttpClientTransport::with_client(
        ObservedHttpClient::new(reqwest::Client::new()),
        StreamableHttpClientTransportConfig::with_uri(web),
    );
    let transport = ObservedTransport::builder(http)
        .telemetry(&capture.telemetry)
        .build();
    legacy()
        .serve(transport)
        .await
        .expect_err("nobody is there");
    let spans = sent(&capture);
    assert_eq!(names(&spans), ["initialize"]);
    let class = attribute(&spans[0], "error.type");
    assert_eq!(class.as_deref(), Some("transport_error"));
}

/// rmcp initialises again by itself, and sends once more what came too late.
#[tokio::test]
async fn a_session_that_expired() {
    let capture = Capture::new();
    let web = serve(&capture, true).await;
    let transport = transport(&capture, &web);
    let client = legacy().serve(transport).await.expect("a session");
    let first = sent_one(&capture, "initialize");
    let first = attribute(&first, "mcp.session.id").expect("the server's");
    web.delete(&first).await;
    for tool in ["echo", "fail"] {
        let call = client.call_tool(CallToolRequestParams::new(tool));
        call.await.expect("an answer");
    }
    let id = |name: &str| attribute(&sent_one(&capture, name), "mcp.session.id");
    assert_eq!(id("tools/call echo").as_ref(), Some(&first), "of two");
    let second = id("tools/call fail").expect("another");
    assert_ne!(second, first);
    client.cancel().await.expect("it stops");
    assert_eq!(sessions(&capture).len(), 1);
}
