//! Spans over real streamable HTTP, for clients with sessions, without, and of protocol 2026-07-28.

use mcp_observe::rmcp::Observed;
use mcp_observe_tests::over_http::{Mode, Setup, assert_attributes, assert_links};
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::session::VERSION as LEGACY;
use mcp_observe_tests::web::Web;
use mcp_observe_tests::wire::{self, eventually};
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::Status;
use rmcp::model::{CallToolRequestParams, ClientConfig, ProtocolVersion};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::{ClientLifecycleMode, ClientServiceExt};
use serde_json::json;

const SESSIONS: &str = "mcp_server_session_duration_seconds_count";

const CALL: [&str; 3] = [
    "mcp.method.name=tools/call",
    "gen_ai.operation.name=execute_tool",
    "gen_ai.tool.name=echo",
];

#[tokio::test]
async fn a_session_of_a_legacy_client() {
    let setup = Setup::new(Mode::Sessions).await;
    let session = setup.session.clone().expect("a session");
    let version = "mcp.protocol.version=2025-11-25";
    let session_id = format!("mcp.session.id={session}");
    let initialize = setup.capture.span("initialize");
    let own = [
        "mcp.method.name=initialize",
        "jsonrpc.request.id=0",
        version,
    ];
    assert_attributes(&initialize, &own);

    let span = setup.call(7, json!({}), &[]).await;
    assert_eq!(span.name, "tools/call echo");
    let own = [&CALL[..], &["jsonrpc.request.id=7", version, &session_id]].concat();
    assert_attributes(&span, &own);

    let capture = &setup.capture;
    let name = "notifications/initialized";
    eventually(name, || !capture.spans_named(name).is_empty()).await;
    let own = [
        "mcp.method.name=notifications/initialized",
        version,
        &session_id,
    ];
    assert_attributes(&capture.span(name), &own);

    setup.web.delete(&session).await;
    let labels = [
        ("mcp_protocol_version", LEGACY),
        ("network_transport", "tcp"),
        ("network_protocol_name", "http"),
        ("network_protocol_version", "1.1"),
    ];
    eventually("the session is timed", || {
        capture.metric(SESSIONS, &labels) == Some(1.0)
    })
    .await;
}

#[tokio::test]
async fn telemetry_that_is_installed_during_a_session_knows_the_session() {
    let web = Web::serve(|| Observed::new(Everything::default()), true, |it| it).await;
    let session = web.initialize(LEGACY).await.expect("a session");
    // The other tests name their instances, so this one is only seen here.
    let capture = Capture::installed();
    let list = wire::request(1, "tools/list", &json!({}));
    let answer = web.post(&[("mcp-session-id", &session)], &list).await;
    assert!(answer.json["result"].is_object(), "{answer:?}");
    let span = capture.span("tools/list");
    assert_eq!(attribute(&span, "mcp.session.id"), Some(session));
}

#[tokio::test]
async fn a_stateless_server_has_no_sessions_whatever_a_client_says() {
    let setup = Setup::new(Mode::Stateless).await;
    let made_up = [
        ("mcp-session-id", "made-up"),
        ("mcp-protocol-version", LEGACY),
    ];
    let answer = setup.web.post(&made_up, &wire::initialize(LEGACY)).await;
    assert_eq!((answer.status, answer.session), (200, None));
    let span = setup.call(7, json!({}), &made_up).await;
    let own = [
        &CALL[..],
        &["jsonrpc.request.id=7", "mcp.protocol.version=2025-11-25"],
    ]
    .concat();
    assert_attributes(&span, &own);
    assert_eq!(
        attribute(&setup.capture.span("initialize"), "mcp.session.id"),
        None
    );
    assert!(
        setup.capture.sum(SESSIONS, &[]).abs() < f64::EPSILON,
        "there was no session"
    );
}

#[tokio::test]
async fn protocol_2026_07_28_has_no_sessions_whatever_a_client_says() {
    let setup = Setup::new(Mode::Modern).await;
    let version = "mcp.protocol.version=2026-07-28";
    let (answer, span) = setup
        .ask(1, "server/discover", json!({}), json!({}), &[])
        .await;
    assert_eq!(answer.json["result"]["instructions"], "discovered");
    let own = [
        "mcp.method.name=server/discover",
        "jsonrpc.request.id=1",
        version,
    ];
    assert_attributes(&span, &own);
    for (id, headers) in [(2, &[][..]), (3, &[("mcp-session-id", "made-up")])] {
        let span = setup.call(id, json!({}), headers).await;
        let id = format!("jsonrpc.request.id={id}");
        assert_attributes(&span, &[&CALL[..], &[&*id, version]].concat());
    }
}

#[tokio::test]
async fn the_rounds_of_a_call_are_linked() {
    let setup = Setup::new(Mode::Modern).await;
    let ask = |id, state: Option<&str>| {
        let mut params = json!({ "name": "ask", "arguments": { "state": "after round one" } });
        if let Some(state) = state {
            params["requestState"] = state.into();
        }
        setup.ask(id, "tools/call", params, json!({}), &[])
    };
    let (answer, first) = ask(1, None).await;
    assert_eq!(answer.json["result"]["resultType"], "input_required");
    assert_eq!(
        attribute(&first, "mcp.result.type").as_deref(),
        Some("input_required")
    );
    assert_eq!(
        (&first.status, attribute(&first, "error.type")),
        (&Status::Unset, None)
    );
    assert_links(&first, &[]);

    let (trace, span) = (first.span_context.trace_id(), first.span_context.span_id());
    let first = (trace.to_string(), span.to_string());
    // The second time, the client tries again, as after a lost connection.
    for id in [2, 3] {
        let (answer, next) = ask(id, Some("after round one")).await;
        assert!(answer.json["result"]["content"].is_array(), "{answer:?}");
        assert_eq!(attribute(&next, "mcp.result.type"), None);
        assert_links(&next, &[(&first.0, &first.1)]);
        assert_ne!(
            next.span_context.trace_id(),
            trace,
            "rounds are different traces"
        );
    }
    let (_, unknown) = ask(4, Some("of nobody")).await;
    assert_links(&unknown, &[]);
}

#[tokio::test]
async fn rmcps_own_client_is_observed_in_both_lifecycles() {
    let modern = ClientLifecycleMode::Discover {
        preferred_versions: vec![ProtocolVersion::V_2026_07_28],
    };
    for (lifecycle, version, first) in [
        (ClientLifecycleMode::Initialize, LEGACY, "initialize"),
        (modern, "2026-07-28", "server/discover"),
    ] {
        let setup = Setup::new(if first == "initialize" {
            Mode::Stateless
        } else {
            Mode::Modern
        })
        .await;
        let transport = StreamableHttpClientTransport::from_uri(&*setup.web.url);
        let mut config = ClientConfig::default();
        config.protocol_version = ProtocolVersion::V_2025_11_25;
        let client = config
            .serve_with_lifecycle(transport, lifecycle)
            .await
            .expect("a session");
        client
            .call_tool(CallToolRequestParams::new("echo"))
            .await
            .expect("an answer");
        for name in [first, "tools/call echo"] {
            let span = setup.capture.span(name);
            assert_eq!(
                attribute(&span, "mcp.protocol.version").as_deref(),
                Some(version),
                "{name}"
            );
        }
        client.cancel().await.expect("the client stops");
    }
}
