//! Observing changes nothing of what a server says: a scripted session, hostile messages included,
//! is answered byte for byte the same by the bare handler, and by the observed one whatever the state
//! of the telemetry.

use std::net::TcpListener;
use std::time::Duration;

use mcp_observe::mcp_tool;
use mcp_observe::rmcp::Observed;
use mcp_observe_tests::Capture;
use mcp_observe_tests::script::{Line, script};
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::wire::{self, Wire, request};
use opentelemetry_otlp::{MetricExporter, SpanExporter, WithExportConfig};
use opentelemetry_sdk::metrics::PeriodicReader;
use opentelemetry_sdk::trace::BatchSpanProcessor;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ServerCapabilities,
    ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

/// A server as users write it.
#[derive(Debug, Clone)]
struct Scripted {
    tool_router: ToolRouter<Self>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Sum {
    a: i64,
    b: i64,
}

#[tool_router]
impl Scripted {
    fn new() -> Self {
        Self {
            tool_router: Self::tool_router(),
        }
    }

    /// Adds.
    #[mcp_tool]
    #[tool]
    async fn add(&self, Parameters(Sum { a, b }): Parameters<Sum>) -> String {
        tokio::task::yield_now().await;
        (a + b).to_string()
    }

    /// Fails in band.
    #[expect(clippy::unused_self, reason = "a sync method, as users have them")]
    #[mcp_tool]
    #[tool]
    fn fail(&self) -> Result<String, String> {
        Err("no such luck".to_owned())
    }

    /// Fails the request.
    #[mcp_tool]
    #[tool]
    async fn fall_over(&self) -> Result<CallToolResult, ErrorData> {
        Err(ErrorData::internal_error(
            "fell over",
            Some(json!({ "at": "once" })),
        ))
    }

    /// Runs until it is cancelled.
    #[mcp_tool]
    #[tool]
    async fn wait(&self, context: RequestContext<RoleServer>) -> String {
        context.ct.cancelled().await;
        "too late".to_owned()
    }

    /// Has no `#[mcp_tool]`, and tells what `_meta` it was given.
    #[tool]
    async fn plain(&self, context: RequestContext<RoleServer>) -> CallToolResult {
        let mut keys: Vec<_> = context.meta.keys().cloned().collect();
        keys.sort();
        CallToolResult::success(vec![ContentBlock::text(format!("{keys:?}"))])
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Scripted {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }
}

/// All that the server says.
async fn transcript(handler: impl ServerHandler) -> Vec<String> {
    let mut wire = Wire::serve(handler);
    let mut said = Vec::new();
    for line in script() {
        match line {
            Line::Answered(line) => {
                wire.send(&line).await;
                said.push(wire.line().await);
            }
            Line::Silent(line) => wire.send(&line).await,
        }
    }
    said.extend(wire.close().await);
    said
}

#[track_caller]
fn assert_same(bare: &[String], observed: &[String]) {
    for (bare, observed) in bare.iter().zip(observed) {
        assert_eq!(bare, observed);
    }
    assert_eq!(bare.len(), observed.len());
}

/// An instance that exports everything by OTLP to this endpoint.
fn exporting_to(endpoint: &str) -> Capture {
    const TIMEOUT: Duration = Duration::from_millis(200);
    let endpoint = |path: &str| format!("{endpoint}/v1/{path}");
    let spans = SpanExporter::builder()
        .with_http()
        .with_endpoint(endpoint("traces"))
        .with_timeout(TIMEOUT)
        .build()
        .expect("an exporter");
    let metrics = MetricExporter::builder()
        .with_http()
        .with_endpoint(endpoint("metrics"))
        .with_timeout(TIMEOUT)
        .build()
        .expect("an exporter");
    let reader = PeriodicReader::builder(metrics).with_interval(Duration::from_millis(20));
    Capture::with(|builder| {
        builder
            .span_processor(BatchSpanProcessor::builder(spans).build())
            .metric_reader(reader.build())
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_the_same_byte_for_byte() {
    let bare = transcript(Scripted::new()).await;
    let answered = script()
        .iter()
        .filter(|line| matches!(line, Line::Answered(_)))
        .count();
    assert_eq!(
        bare.len(),
        answered,
        "the script knows what is answered: {bare:#?}"
    );

    let without = transcript(Observed::new(Scripted::new())).await;
    assert_same(&bare, &without);

    let capture = Capture::new();
    let observed = Observed::builder(Scripted::new()).telemetry(&capture.telemetry);
    assert_same(&bare, &transcript(observed.build()).await);
    // It was observed, and the telemetry has seen no more and no less than the protocol.
    for tool in ["add", "fail", "fall_over", "wait", "plain"] {
        assert!(
            !capture
                .spans_named(&format!("tools/call {tool}"))
                .is_empty(),
            "{tool}"
        );
    }

    let catching = Observed::builder(Scripted::new()).telemetry(&capture.telemetry);
    assert_same(
        &bare,
        &transcript(catching.catch_panics(true).build()).await,
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_the_same_while_exports_fail() {
    let bare = transcript(Scripted::new()).await;
    // Nothing listens on the one; the other takes connections and never says anything.
    let hanging = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = hanging.local_addr().expect("an address");
    for endpoint in ["http://127.0.0.1:1".to_owned(), format!("http://{address}")] {
        let capture = exporting_to(&endpoint);
        let observed = Observed::builder(Scripted::new()).telemetry(&capture.telemetry);
        assert_same(&bare, &transcript(observed.build()).await);
        assert!(
            !capture.spans_named("tools/call add").is_empty(),
            "it was observed"
        );
        let shutdown = tokio::task::spawn_blocking(move || {
            // That it fails is right: nothing was exported.
            let _ = capture.telemetry.shutdown(Duration::from_secs(5));
        });
        shutdown.await.expect("it ends, and does not panic");
    }
}

#[tokio::test]
async fn a_caught_panic_is_answered_and_the_server_goes_on() {
    let capture = Capture::new();
    let observed = Observed::builder(Everything::default()).telemetry(&capture.telemetry);
    let mut wire = Wire::initialized(observed.catch_panics(true).build(), "2025-11-25").await;
    for id in 1..=3 {
        let call = request(id, "tools/call", &json!({ "name": "panic" }));
        let answer = wire.ask(&call).await;
        assert_eq!(
            (&answer["id"], &answer["error"]["code"]),
            (&json!(id), &json!(-32603))
        );
        assert!(!answer.to_string().contains("the tool panics"), "{answer}");
        let answer = wire
            .ask(&request(10 + id, "tools/call", &json!({ "name": "echo" })))
            .await;
        assert!(answer["result"].is_object(), "{answer}");
    }
    assert_panics(&capture, 3);
    assert_eq!(wire.close().await, Vec::<String>::new());
}

#[tokio::test]
async fn without_that_a_panic_is_seen_and_left_as_it_is() {
    let capture = Capture::new();
    let observed = Observed::builder(Everything::default()).telemetry(&capture.telemetry);
    let mut wire = Wire::initialized(observed.build(), "2025-11-25").await;
    wire.send(&request(1, "tools/call", &json!({ "name": "panic" })).to_string())
        .await;
    wire::eventually("the panic is seen", || {
        !capture.spans_named("tools/call panic").is_empty()
    })
    .await;
    // The next line that comes is another request's answer, and the last one.
    let answer = wire
        .ask(&request(2, "tools/call", &json!({ "name": "echo" })))
        .await;
    assert_eq!(answer["id"], 2);
    assert_panics(&capture, 1);
    assert_eq!(wire.close().await, Vec::<String>::new());
}

/// A handler's method need not be an `async fn`: it may work, and panic, before there is a future.
#[tokio::test]
async fn a_panic_before_there_is_a_future_is_one_as_well() {
    struct Eager;
    impl ServerHandler for Eager {
        fn call_tool(
            &self,
            request: CallToolRequestParams,
            _context: RequestContext<RoleServer>,
        ) -> impl Future<Output = Result<CallToolResponse, ErrorData>> + Send + '_ {
            assert_ne!(request.name, "panic", "the tool panics");
            std::future::ready(Ok(CallToolResult::success(Vec::new()).into()))
        }
    }
    let capture = Capture::new();
    let observed = Observed::builder(Eager).telemetry(&capture.telemetry);
    let observed = observed.known_tools(["panic"]).catch_panics(true);
    let mut wire = Wire::initialized(observed.build(), "2025-11-25").await;
    wire.send(&request(1, "tools/call", &json!({ "name": "panic" })).to_string())
        .await;
    wire::eventually("it is seen", || {
        !capture.spans_named("tools/call panic").is_empty()
    })
    .await;
    assert_panics(&capture, 1);
    let answer: Value = serde_json::from_str(&wire.line().await).expect("an answer");
    assert_eq!(
        (&answer["id"], &answer["error"]["code"]),
        (&json!(1), &json!(-32603))
    );
}

#[track_caller]
fn assert_panics(capture: &Capture, times: u32) {
    use mcp_observe_tests::attribute;
    use opentelemetry::trace::Status;

    let spans = capture.spans_named("tools/call panic");
    assert_eq!(spans.len(), times as usize);
    for span in &spans {
        assert_eq!(attribute(span, "error.type").as_deref(), Some("panic"));
        assert_eq!(span.status, Status::error(""));
        assert!(!format!("{span:?}").contains("the tool panics"));
    }
    let errors = [("tool_name", "panic"), ("error_type", "panic")];
    let counted = capture.metric("mcp_tool_errors_total", &errors);
    assert_eq!(counted, Some(f64::from(times)));
    assert_eq!(
        capture.metric("mcp_tool_active", &[("tool_name", "panic")]),
        Some(0.0)
    );
}
