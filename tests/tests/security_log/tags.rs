//! What is declared of a tool is on each of its calls' events.

use mcp_observe::mcp_tool;
use mcp_observe::rmcp::Observed;
use mcp_observe::security::Tags;
use mcp_observe_tests::security::Lines;
use mcp_observe_tests::wire::{Wire, request};
use mcp_observe_tests::written::Written;
use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Value, json};

use crate::tools::VERSION;

/// A proxy, whose `get_tool` tells nothing, with one tool of its own.
struct Proxy;

#[mcp_tool(tags(sensitive, source))]
fn own_tool() {}

impl ServerHandler for Proxy {
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        match &*request.name {
            "own_tool" => own_tool(),
            "upstream_read" | "upstream_send" | "upstream_else" => {}
            _ => return Err(ErrorData::invalid_params("no such tool", None)),
        }
        Ok(CallToolResult::success(vec![]).into())
    }
}

/// Whatever order they are declared in, and whether calls succeed or not.
#[tokio::test]
async fn events_have_the_tags_of_their_tools() {
    let lines = Lines::default();
    let capture = lines.capture(|log| log, |builder| builder);
    let observed = Observed::builder(Proxy)
        .telemetry(&capture.telemetry)
        .tag_tool("upstream_send", Tags::SENSITIVE)
        .tag_tool("upstream_send", Tags::SINK)
        .tag_tool("upstream_read", Tags::SOURCE)
        // Has the attribute: what that says holds.
        .tag_tool("own_tool", Tags::SINK)
        .known_tools(["upstream_send", "upstream_else"])
        .build();
    let mut wire = Wire::initialized(observed, VERSION).await;
    for (tool, name, tags) in [
        ("own_tool", "own_tool", json!(["source", "sensitive"])),
        (
            "upstream_send",
            "upstream_send",
            json!(["sink", "sensitive"]),
        ),
        ("upstream_read", "upstream_read", json!(["source"])),
        ("upstream_else", "upstream_else", Value::Null),
        ("upstream_none", "_OTHER", Value::Null),
    ] {
        let before = lines.events(&capture.telemetry).len();
        wire.ask(&request(1, "tools/call", &json!({ "name": tool })))
            .await;
        let text = lines.text(&capture.telemetry);
        let event: Vec<Value> = text
            .lines()
            .skip(before)
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(event.len(), 1, "{text}");
        assert_eq!(event[0]["mcp.tool.name"], name);
        assert_eq!(event[0]["mcp.tool.tags"], tags, "{tool}");
    }
}

/// What cannot be tagged by name is told, and once: rmcp may have a builder run for every session.
#[test]
fn a_tag_that_does_nothing_is_told_once() {
    let log = Written::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .finish();
    let unspeakable = "a\nb";
    tracing::subscriber::with_default(subscriber, || {
        for _ in 0..2 {
            Observed::builder(Proxy)
                .tag_tool("attributed_elsewhere", Tags::SINK)
                .tag_tool(unspeakable, Tags::SINK)
                .tag_tool("upstream_send", Tags::SINK)
                .build();
        }
    });
    let line = log.line("attributed_elsewhere");
    assert!(
        line.contains("WARN") && line.contains("`#[mcp_tool(tags(..))]`"),
        "{line}"
    );
    assert!(log.line("128 letters").contains(r"a\nb"));
    let all = String::from_utf8(log.bytes()).expect("text");
    assert!(!all.contains("upstream_send"), "{all}");
}

#[mcp_tool]
#[expect(dead_code, reason = "it is the name that counts")]
fn attributed_elsewhere() {}
