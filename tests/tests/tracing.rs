//! With `tracing`: the code's own spans and the tools' are one trace, and log lines say of which.
//!
//! One subscriber serves the process, so all tests share it and tell their data apart by names. rmcp's
//! own spans and events are let through here, to be in the way.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use mcp_observe::http::ObserveLayer;
use mcp_observe::logs::{Logs, LogsError};
use mcp_observe::mcp_tool;
use mcp_observe::rmcp::Observed;
use mcp_observe_tests::Capture;
use mcp_observe_tests::written::Written;
use opentelemetry::trace::SpanId;
use opentelemetry_sdk::trace::SpanData;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::model::CallToolRequestParams;
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ServerHandler, ServiceExt, tool, tool_handler, tool_router};
use serde_json::{Map, Value, json};
use tower_http::trace::TraceLayer;
use tracing::Instrument as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Lines of JSON, and lines for people.
struct Lines {
    json: Written,
    text: Written,
}

fn set_up() -> (&'static Capture, &'static Lines) {
    static LINES: OnceLock<Lines> = OnceLock::new();
    let capture = Capture::installed();
    let lines = LINES.get_or_init(|| {
        let lines = Lines {
            json: Written::default(),
            text: Written::default(),
        };
        let (json, text) = (lines.json.clone(), lines.text.clone());
        let all = "trace,rmcp=trace";
        let logs = Logs::json().directives(all).writer(move || json.clone());
        // Without the layer for spans, which is there once already.
        let people = tracing_subscriber::fmt::layer()
            .event_format(mcp_observe::logs::Correlated::text(
                tracing_subscriber::fmt::format(),
            ))
            .with_writer(move || text.clone());
        tracing_subscriber::registry()
            .with(
                logs.layer(&capture.telemetry)
                    .expect("the directives are right"),
            )
            .with(people)
            .init();
        lines
    });
    (capture, lines)
}

fn is_child(child: &SpanData, parent: &SpanData) -> bool {
    child.parent_span_id == parent.span_context.span_id()
        && child.span_context.trace_id() == parent.span_context.trace_id()
}

#[tracing::instrument]
async fn users_own_work() {
    tokio::task::yield_now().await;
    tracing::info!("deep inside");
    tokio::task::yield_now().await;
}

#[mcp_tool]
async fn interop(#[meta] _meta: &Map<String, Value>) {
    tracing::info!(unit = "celsius", "in the tool");
    users_own_work().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spans_nest_both_ways() {
    let (capture, _) = set_up();
    let none = Map::new();
    interop(&none)
        .instrument(tracing::info_span!("around the tool"))
        .await;
    let around = capture.span("around the tool");
    let tool = capture.span("tools/call interop");
    let inside = capture.span("users_own_work");
    assert!(is_child(&tool, &around));
    assert!(is_child(&inside, &tool));
}

#[tokio::test]
async fn lines_say_of_which_trace_span_and_tool_they_are() {
    #[mcp_tool]
    async fn writes_lines() {
        tracing::info!(answer = 42, "a line of the tool's");
    }
    let (capture, lines) = set_up();
    writes_lines().await;
    tracing::info!("a line of nobody's");
    let span = capture.span("tools/call writes_lines").span_context;
    let (trace_id, span_id) = (span.trace_id().to_string(), span.span_id().to_string());

    let line: Value = serde_json::from_str(&lines.json.line("a line of the tool's")).expect("JSON");
    assert_eq!(line["trace_id"], trace_id);
    assert_eq!(line["span_id"], span_id);
    assert_eq!(line["tool"], "writes_lines");
    assert_eq!(
        (&line["answer"], &line["level"]),
        (&json!(42), &json!("INFO"))
    );
    let line = lines.text.line("a line of the tool's");
    let end = format!("answer=42 trace_id={trace_id} span_id={span_id} tool=writes_lines");
    assert!(line.ends_with(&end), "{line}");

    let line: Value = serde_json::from_str(&lines.json.line("a line of nobody's")).expect("JSON");
    assert_eq!(line.get("trace_id"), None);
    assert_eq!(line.get("tool"), None);
    assert!(
        lines
            .text
            .line("a line of nobody's")
            .ends_with("a line of nobody's")
    );
}

/// A task that a tool spawns has nothing of it, unless it is carried there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_carried_task_is_the_tools() {
    #[mcp_tool]
    fn called_by_the_task() {}

    #[mcp_tool]
    async fn spawns() {
        let work = async {
            tokio::task::yield_now().await;
            let _span = tracing::info_span!("in the task").entered();
            tracing::info!("a line of the task's");
            called_by_the_task();
        };
        tokio::spawn(mcp_observe::carry(work))
            .await
            .expect("it ends");
    }
    let (capture, lines) = set_up();
    spawns().await;
    let tool = capture.span("tools/call spawns");
    let task = capture.span("in the task");
    assert!(is_child(&task, &tool));
    assert!(is_child(
        &capture.span("execute_tool called_by_the_task"),
        &task
    ));
    let line: Value = serde_json::from_str(&lines.json.line("a line of the task's")).expect("JSON");
    assert_eq!(line["tool"], "spawns");
    assert_eq!(line["span_id"], task.span_context.span_id().to_string());
}

#[derive(Clone)]
struct Server {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Server {
    #[mcp_tool]
    #[tool]
    async fn over_http(&self) -> String {
        tracing::info!("in the tool over HTTP");
        async { tokio::task::yield_now().await }
            .instrument(tracing::info_span!("users own over HTTP"))
            .await;
        "done".to_owned()
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Server {}

/// rmcp's session span and the HTTP request's are there: the tool's span is the request's child where
/// the message has no context, the user's is the tool's, and the session's is nobody's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spans_nest_with_those_of_rmcp_and_of_the_http_server() {
    let (capture, lines) = set_up();
    let make = || {
        Ok(Observed::new(Server {
            tool_router: Server::tool_router(),
        }))
    };
    let service = StreamableHttpService::new(
        make,
        Arc::new(LocalSessionManager::default()),
        StreamableHttpServerConfig::default(),
    );
    let http_span = TraceLayer::new_for_http()
        .make_span_with(|_: &http::Request<_>| tracing::info_span!("the HTTP request"));
    let router = Router::new()
        .nest_service("/mcp", service)
        .layer(ObserveLayer::new())
        .layer(http_span);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async { axum::serve(listener, router).await });

    let uri = format!("http://{address}/mcp");
    let client = ().serve(StreamableHttpClientTransport::from_uri(uri)).await;
    let client = client.expect("a session begins");
    client
        .call_tool(CallToolRequestParams::new("over_http"))
        .await
        .expect("it answers");

    let tool = capture.span("tools/call over_http");
    assert!(is_child(&capture.span("users own over HTTP"), &tool));
    let line: Value =
        serde_json::from_str(&lines.json.line("in the tool over HTTP")).expect("JSON");
    assert_eq!(line["span_id"], tool.span_context.span_id().to_string());
    assert_eq!(line["tool"], "over_http");

    // The request's span ends with the last byte of its answer, which may be after the call.
    let is_request = |span: &SpanData| {
        span.name == "the HTTP request" && span.span_context.span_id() == tool.parent_span_id
    };
    let ended = async {
        while !capture.spans().iter().any(is_request) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), ended)
        .await
        .expect("the tool's parent is the span of its HTTP request");

    // Each message has an HTTP request of its own, and so a trace of its own.
    let initialize = capture.span("initialize");
    assert_ne!(
        initialize.span_context.trace_id(),
        tool.span_context.trace_id()
    );
    assert_ne!(initialize.parent_span_id, SpanId::INVALID);
}

#[test]
fn a_second_subscriber_is_refused_and_bad_directives_are_told() {
    let (capture, _) = set_up();
    let error = Logs::text()
        .init(&capture.telemetry)
        .expect_err("there is one");
    assert!(matches!(error, LogsError::AlreadyInstalled));
    let logs = Logs::text().directives("info,=,loud=noise");
    let error = logs.init(&capture.telemetry).expect_err("they are wrong");
    let text = error.to_string();
    assert!(
        text.starts_with("the log directives \"info,=,loud=noise"),
        "{text}"
    );
    assert!(
        text.ends_with("; write them as in `info,my_crate=debug`"),
        "{text}"
    );
}
