//! Under load, with many clients and sessions at once, nothing of a call gets into another call's trace.
//!
//! Each call has a number, and all that it brings or makes says it: the trace and the span of its caller,
//! those of its HTTP request, its argument, the spans and the log lines below it.

use std::collections::HashMap;
use std::sync::Arc;

use mcp_observe::http::ObserveLayer;
use mcp_observe::logs::Logs;
use mcp_observe::rmcp::Observed;
use mcp_observe::{Record, carry, mcp_tool};
use mcp_observe_tests::web::{Answer, Web};
use mcp_observe_tests::wire::{eventually, request};
use mcp_observe_tests::written::Written;
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::{SpanId, SpanKind};
use opentelemetry_sdk::trace::SpanData;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::{ServerHandler, tool, tool_handler, tool_router};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, yield_now};
use tracing::Instrument as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Clients that call at the same time.
const CLIENTS: usize = 256;
/// Calls of each.
const CALLS: usize = 80;
/// Clients that speak in one session.
const TOGETHER: usize = 4;

/// Each goes about it in another way.
const TOOLS: [&str; 5] = ["yields", "waits", "spawns", "nests", "fails"];

#[derive(serde::Deserialize, schemars::JsonSchema, Record)]
struct Call {
    #[record]
    number: u32,
}

#[derive(Clone)]
struct Tools {
    tool_router: Arc<ToolRouter<Self>>,
    turns: Arc<Semaphore>,
}

#[tool_router]
impl Tools {
    fn new() -> Self {
        Self {
            tool_router: Arc::new(Self::tool_router()),
            turns: Arc::new(Semaphore::new(8)),
        }
    }

    /// Goes on later, on whichever thread.
    #[mcp_tool]
    #[tool]
    async fn yields(&self, Parameters(Call { number }): Parameters<Call>) -> String {
        yield_now().await;
        work(number).await;
        yield_now().await;
        number.to_string()
    }

    /// Is woken by the call whose turn is over.
    #[mcp_tool]
    #[tool]
    async fn waits(&self, Parameters(Call { number }): Parameters<Call>) -> String {
        let _turn = self.turns.acquire().await.expect("never closed");
        work(number).await;
        number.to_string()
    }

    /// Has a task of its own do it.
    #[mcp_tool]
    #[tool]
    async fn spawns(&self, Parameters(Call { number }): Parameters<Call>) -> String {
        let task = tokio::spawn(carry(work(number)));
        task.await.expect("it ends");
        number.to_string()
    }

    /// Has another tool's function do it.
    #[mcp_tool]
    #[tool]
    async fn nests(&self, Parameters(Call { number }): Parameters<Call>) -> String {
        looks_up(number).await;
        number.to_string()
    }

    /// Fails.
    #[mcp_tool]
    #[tool]
    async fn fails(&self, Parameters(Call { number }): Parameters<Call>) -> Result<String, String> {
        work(number).await;
        Err(number.to_string())
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Tools {}

#[mcp_tool]
async fn looks_up(number: u32) {
    work(number).await;
}

#[tracing::instrument]
async fn work(number: u32) {
    tracing::info!("working");
    yield_now().await;
    let query = async {
        yield_now().await;
        tracing::info!(number, "asking the database");
    };
    let span = tracing::info_span!("db.query", number);
    query.instrument(span).await;
}

/// What belongs to a call.
#[derive(Debug, Clone)]
struct Expected {
    number: u32,
    tool: &'static str,
    session: Option<Arc<str>>,
}

impl Expected {
    fn new(number: usize, session: Option<Arc<str>>) -> Self {
        Self {
            number: u32::try_from(number).expect("small"),
            tool: TOOLS[number % TOOLS.len()],
            session,
        }
    }

    /// The caller's trace and span.
    fn caller(&self) -> (String, String) {
        let number = self.number + 1;
        (format!("ca11{number:028x}"), format!("ca11{number:012x}"))
    }

    /// Those of its HTTP request.
    fn http_request(&self) -> (String, String) {
        let number = self.number + 1;
        (format!("4774{number:028x}"), format!("4774{number:012x}"))
    }

    /// Makes the call.
    async fn call(&self, web: &Web) -> Answer {
        let traceparent = |(trace, span): (String, String)| format!("00-{trace}-{span}-01");
        let meta = json!({ "traceparent": traceparent(self.caller()) });
        let header = traceparent(self.http_request());
        let header = ("traceparent", &*header);
        let mut params = json!({ "name": self.tool, "arguments": { "number": self.number } });
        match &self.session {
            None => {
                web.modern(self.number, "tools/call", params, &meta, &[header])
                    .await
            }
            Some(session) => {
                params["_meta"] = meta;
                let headers = [("mcp-session-id", &**session), header];
                let request = request(self.number, "tools/call", &params);
                web.post(&headers, &request).await
            }
        }
    }

    /// The names of the spans from the innermost outwards, up to the call's.
    fn spans(&self) -> Vec<String> {
        let mut names = vec!["db.query".to_owned(), "work".to_owned()];
        if self.tool == "nests" {
            names.push("execute_tool looks_up".to_owned());
        }
        names.push(format!("tools/call {}", self.tool));
        names
    }

    fn check_call(&self, span: &SpanData) {
        let is = |key: &str| attribute(span, key);
        let (trace, parent) = self.caller();
        assert_eq!(span.name, format!("tools/call {}", self.tool));
        assert_eq!(span.span_context.trace_id().to_string(), trace);
        assert_eq!(span.parent_span_id.to_string(), parent);
        let links = span.links.iter().map(|link| &link.span_context);
        let links: Vec<_> = links
            .map(|it| (it.trace_id().to_string(), it.span_id().to_string()))
            .collect();
        assert_eq!(links, [self.http_request()]);

        assert_eq!(is("jsonrpc.request.id"), Some(self.number.to_string()));
        assert_eq!(is("mcp.session.id").as_deref(), self.session.as_deref());
        let arguments = json!({ "number": self.number }).to_string();
        assert_eq!(is("gen_ai.tool.call.arguments"), Some(arguments));
        let failed = (self.tool == "fails").then_some("tool_error");
        assert_eq!(is("error.type").as_deref(), failed);
    }

    fn check_line(&self, line: &Value, spans: &HashMap<SpanId, &SpanData>) {
        let id = line["span_id"].as_str().expect("a span");
        let span = spans[&SpanId::from_hex(id).expect("an id")];
        let expected = match line["message"].as_str() {
            Some("working") => "work",
            _ => "db.query",
        };
        assert_eq!(span.name, expected);
        assert_eq!(attribute(span, "number"), Some(self.number.to_string()));
        assert_eq!(line["trace_id"], self.caller().0);
        let tool = match self.tool {
            "nests" => "looks_up",
            tool => tool,
        };
        assert_eq!(line["tool"], tool);
    }
}

/// Sends the calls of all clients, half of which have sessions and share them, and checks the answers.
async fn call_all(web: Arc<Web>) -> Vec<Expected> {
    let mut sessions = Vec::new();
    for _ in 0..CLIENTS / 2 / TOGETHER {
        let session = web.initialize("2025-11-25").await.expect("a session");
        sessions.push(Arc::<str>::from(session));
    }
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (web, session) = (web.clone(), sessions.get(client / TOGETHER).cloned());
        clients.spawn(async move {
            let mut made = Vec::new();
            for call in 0..CALLS {
                let expected = Expected::new(client * CALLS + call, session.clone());
                let answer = expected.call(&web).await.json;
                let text = &answer["result"]["content"][0]["text"];
                assert_eq!(text, &json!(expected.number.to_string()), "{answer}");
                made.push(expected);
            }
            made
        });
    }
    clients.join_all().await.concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_call_is_attributed_to_another() {
    let capture = Capture::with(|builder| builder.capture_content(true));
    let log = Written::default();
    let writer = log.clone();
    // rmcp's own spans are there, to be in the way.
    let logs = Logs::json().directives("info,rmcp=info");
    let logs = logs.writer(move || writer.clone());
    let logs = logs.layer(&capture.telemetry).expect("right directives");
    tracing_subscriber::registry().with(logs).init();

    let (tools, telemetry) = (Tools::new(), capture.telemetry.clone());
    let make = move || {
        Observed::builder(tools.clone())
            .telemetry(&telemetry)
            .build()
    };
    let web = Web::serve(make, true, |router| router.layer(ObserveLayer::new())).await;
    let expected = call_all(Arc::new(web)).await;
    assert_eq!(expected.len(), CLIENTS * CALLS);
    let readme = include_str!("../../README.md");
    let calls = format!(
        "{},{:03} calls",
        expected.len() / 1000,
        expected.len() % 1000
    );
    assert!(readme.contains(&format!("With {CLIENTS} clients")) && readme.contains(&calls));

    let active = || capture.sum("mcp_tool_active", &[]);
    eventually("all calls have ended", || active() < 0.5).await;
    for tool in TOOLS {
        let calls = expected.iter().filter(|call| call.tool == tool).count();
        let calls = f64::from(u32::try_from(calls).expect("small"));
        let counted = capture.metric("mcp_tool_calls_total", &[("tool_name", tool)]);
        assert_eq!(counted, Some(calls), "{tool}");
    }
    check(&expected, &capture.spans(), &log);
}

fn check(expected: &[Expected], spans: &[SpanData], log: &Written) {
    let by_id: HashMap<_, _> = spans
        .iter()
        .map(|span| (span.span_context.span_id(), span))
        .collect();
    let by_number: HashMap<_, _> = expected.iter().map(|it| (it.number, it)).collect();

    let is_call = |span: &&SpanData| {
        span.span_kind == SpanKind::Server && span.name.starts_with("tools/call")
    };
    let calls: Vec<_> = spans.iter().filter(is_call).collect();
    assert_eq!(calls.len(), expected.len());
    for call in calls {
        let number = attribute(call, "jsonrpc.request.id").expect("a request");
        by_number[&number.parse().expect("its number")].check_call(call);
    }

    // From each innermost span outwards to its caller's, in one trace.
    let queries: Vec<_> = spans
        .iter()
        .filter(|span| span.name == "db.query")
        .collect();
    assert_eq!(queries.len(), expected.len());
    for query in queries {
        let number = attribute(query, "number").expect("its number");
        let expected = by_number[&number.parse().expect("a number")];
        let (trace, caller) = expected.caller();
        let mut names = Vec::new();
        let mut parent = query.span_context.span_id();
        while let Some(span) = by_id.get(&parent) {
            assert_eq!(span.span_context.trace_id().to_string(), trace);
            names.push(span.name.to_string());
            parent = span.parent_span_id;
        }
        assert_eq!(names, expected.spans());
        assert_eq!(parent.to_string(), caller);
    }

    let log = String::from_utf8(log.bytes()).expect("text");
    let lines = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    let is_ours = |line: &Value| line["target"] == "attribution";
    let (ours, others): (Vec<Value>, Vec<Value>) = lines.partition(is_ours);
    assert_eq!(ours.len(), 2 * expected.len());
    for line in ours {
        let trace = line["trace_id"].as_str().expect("a trace");
        let number = u32::from_str_radix(&trace[16..], 16).expect("a number") - 1;
        by_number[&number].check_line(&line, &by_id);
    }
    // What rmcp writes is of sessions, and of no call.
    assert!(!others.is_empty(), "rmcp is in the way");
    for line in others {
        assert_eq!(line.get("tool"), None, "{line}");
    }
}
