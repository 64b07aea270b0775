//! The official conformance suite finds the same of a server with `Observed` around it and without,
//! and finds nothing wrong; and every message that it sent is one operation.
//!
//! The server (`server`) has its tools from `#[mcp_tool]`. The suite (`suite`) is run against both at
//! once, for each protocol revision that it has requirements of, scored or not. What it sends is
//! recorded as it goes by (`wire`), and compared with what was exported (`operations`).

#![expect(clippy::unused_self, reason = "tools and prompts are methods")]
#![expect(
    deprecated,
    reason = "what the protocol has deprecated is required all the same"
)]

mod operations;
mod server;
mod suite;
mod wire;

use std::collections::BTreeSet;
use std::path::Path;

use mcp_observe::http::ObserveLayer;
use mcp_observe::rmcp::Observed;
use mcp_observe_tests::Capture;
use mcp_observe_tests::runtimes::Node;
use mcp_observe_tests::web::Web;
use mcp_observe_tests::wire::request;
use serde_json::{Value, json};

use operations::Ending;
use server::Server;
use suite::Check;
use wire::Messages;

/// What the suite itself leaves out as yet.
const SKIPPED: &str = "tasks-status-notifications";

/// A server on a port of its own, and what the suite sent to it.
struct Served {
    web: Web,
    messages: Messages,
}

impl Served {
    async fn bare() -> Self {
        let (server, messages) = (Server::new(), Messages::default());
        let make = move || server.another();
        let web = Web::serve(make, true, |router| messages.record(router)).await;
        Self { web, messages }
    }

    async fn observed(capture: &Capture) -> Self {
        let (server, messages) = (Server::new(), Messages::default());
        let telemetry = capture.telemetry.clone();
        let make = move || {
            Observed::builder(server.another())
                .telemetry(&telemetry)
                .build()
        };
        let around = |router: axum::Router| messages.record(router.layer(ObserveLayer::new()));
        let web = Web::serve(make, true, around).await;
        Self { web, messages }
    }

    fn methods(&self) -> BTreeSet<String> {
        let messages = self.messages.all();
        messages.into_iter().map(|it| it.method).collect()
    }

    /// The answer to a request of a client with a session.
    async fn ask(&self, method: &str) -> Value {
        let session = self.web.initialize("2025-11-25").await.expect("a session");
        let headers = [
            ("mcp-session-id", &*session),
            ("mcp-protocol-version", "2025-11-25"),
        ];
        let request = request(1, method, &json!({}));
        self.web.post(&headers, &request).await.json
    }
}

/// Runs the suite against both servers, and returns what was exported of the one.
async fn finds_the_same_with_and_without(revision: &str) -> Capture {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let node = Node::installed(target);
    let results = target.join("conformance").join(revision);
    let capture = Capture::new();
    let bare = Served::bare().await;
    let observed = Served::observed(&capture).await;

    let (of_bare, of_observed) = (results.join("bare"), results.join("observed"));
    let (without, with) = tokio::join!(
        suite::run(&node, &bare.web.url, revision, &of_bare),
        suite::run(&node, &observed.web.url, revision, &of_observed),
    );
    assert!(
        without
            .iter()
            .map(Check::outcome)
            .eq(with.iter().map(Check::outcome)),
        "{}: without `Observed` {:#?}, and with it {:#?}",
        results.display(),
        not_in(&with, &without),
        not_in(&without, &with)
    );
    assert_eq!(bare.methods(), observed.methods());
    let wrong: Vec<_> = with.iter().filter(|check| is_wrong(check)).collect();
    assert!(wrong.is_empty(), "{}: {wrong:#?}", results.display());

    operations::are_those_messages(&capture, &observed.messages.all()).await;
    is_as_the_readme_says(revision, &with);
    capture
}

/// Those of `checks` that went differently in `others`, or are not there.
fn not_in<'a>(others: &[Check], checks: &'a [Check]) -> Vec<&'a Check> {
    let is_there = |check: &&Check| {
        others
            .iter()
            .any(|other| other.outcome() == check.outcome())
    };
    checks.iter().filter(|check| !is_there(check)).collect()
}

fn is_wrong(check: &Check) -> bool {
    match &*check.status {
        "SUCCESS" | "INFO" => false,
        "SKIPPED" => check.scenario != SKIPPED,
        _ => true,
    }
}

fn is_as_the_readme_says(revision: &str, checks: &[Check]) {
    let packages = include_str!("../../node/package.json");
    let packages: Value = serde_json::from_str(packages).expect("the pinned packages");
    let version = &packages["dependencies"]["@modelcontextprotocol/conformance"];
    let version = version.as_str().expect("a pinned version");

    let scenarios: BTreeSet<_> = checks.iter().map(|check| &check.scenario).collect();
    let succeeded = checks.iter().filter(|check| check.status == "SUCCESS");
    let row = format!(
        "| `@modelcontextprotocol/conformance` {version} | {revision} | {} | {} |",
        scenarios.len(),
        succeeded.count()
    );
    let readme = include_str!("../../../README.md");
    assert!(readme.contains(&row), "the README does not say {row}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_protocol_2025_11_25() {
    let capture = finds_the_same_with_and_without("2025-11-25").await;
    Ending::failed("tool_error").of(&capture, "tools/call test_error_handling");
    Ending::SUCCESS.of(&capture, "tools/call test_elicitation");
    Ending::SUCCESS.of(&capture, "prompts/get test_simple_prompt");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_protocol_2026_07_28() {
    let capture = finds_the_same_with_and_without("2026-07-28").await;
    Ending::failed("tool_error").of(&capture, "tools/call test_error_handling");
    Ending::failed("-32021").of(&capture, "tools/call test_missing_capability");
    Ending::interim("input_required").of(&capture, "tools/call test_streaming_elicitation");
    Ending::interim("task").of(&capture, "tools/call multi_input");
}

/// Neither the attribute nor the wrapper changes what clients are told of tools and prompts.
#[tokio::test]
async fn lists_are_what_they_were() {
    let bare = Served::bare().await;
    let observed = Served::observed(&Capture::new()).await;
    for method in ["tools/list", "prompts/list"] {
        assert_eq!(bare.ask(method).await, observed.ask(method).await);
    }

    let tools = bare.ask("tools/list").await["result"]["tools"].take();
    let tools = tools.as_array().expect("a list");
    let greet = tools.iter().find(|tool| tool["name"] == "greet");
    let expected = json!({
        "name": "greet",
        "description": "Greets, and is never a task.",
        "inputSchema": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": { "name": { "type": "string" } },
            "required": ["name"],
        },
    });
    assert_eq!(greet, Some(&expected));
}
