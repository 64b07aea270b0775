//! Real clients, which start the server as their child.

use std::process::Stdio;

use rmcp::ServiceExt;
use rmcp::model::{CallToolRequestParams, CallToolResult, RequestMetaObject, RequestParamsMeta};
use rmcp::service::{RoleClient, RunningService, ServiceError};
use rmcp::transport::TokioChildProcess;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::runtime::Runtime;

use super::SERVER;
use crate::collector::{Collector, attribute, hex};
use crate::process::hidden_variables;
use crate::python;
use crate::session::{PARENT, TRACE};

#[test]
fn rmcp() {
    let mut collector = Collector::start();
    let complaints = Runtime::new()
        .expect("a runtime")
        .block_on(rmcp_session(&collector));
    assert_eq!(complaints, "");

    // The client waits for its child to end: nothing is waited for from here on.
    for (name, error_type) in [
        ("tools/list", None),
        ("tools/call get_weather", None),
        ("tools/call send_report", Some("timeout")),
        ("tools/call query_database", Some("invalid_arguments")),
        ("tools/call", None),
    ] {
        let span = &collector.one(|span| span.name == name).span;
        let found = attribute(&span.attributes, "error.type");
        assert_eq!(found, error_type, "{span:#?}");
        if name.starts_with("tools/call") {
            assert_eq!(hex(&span.trace_id), TRACE, "{span:#?}");
            assert_eq!(hex(&span.parent_span_id), PARENT, "{span:#?}");
        }
    }
    let calls = collector.last("mcp.tool.calls", &[("tool_name", "get_weather")]);
    assert_eq!(calls, Some(1.0));
}

/// Returns what the server said on stderr.
async fn rmcp_session(collector: &Collector) -> String {
    let mut command = Command::new(SERVER);
    hidden_variables().for_each(|name| {
        command.env_remove(name);
    });
    command.envs(collector.environment()).kill_on_drop(true);
    let (transport, stderr) = TokioChildProcess::builder(command)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let client = ().serve(transport).await.expect("a session");

    let tools = client.list_all_tools().await.expect("tools");
    assert_eq!(tools.len(), 4, "{tools:#?}");
    let weather = call(&client, "get_weather", json!({ "city": "Porto" })).await;
    assert_eq!(weather.expect("a result").is_error, Some(false));
    let mail = json!({ "to": "a@example.net", "text": "" });
    let report = call(&client, "send_report", mail).await;
    assert_eq!(report.expect("a result").is_error, Some(true));
    let days = json!({ "city": "Porto", "days": -1 });
    let history = call(&client, "query_database", days).await;
    assert_eq!(history.expect("a result").is_error, Some(true));
    let unknown = call(&client, "no_such_tool", json!({})).await;
    assert!(matches!(unknown, Err(ServiceError::McpError(_))));

    client.cancel().await.expect("the session ends");
    let mut complaints = String::new();
    let mut stderr = stderr.expect("it is piped");
    stderr
        .read_to_string(&mut complaints)
        .await
        .expect("UTF-8 is said");
    complaints
}

async fn call(
    client: &RunningService<RoleClient, ()>,
    tool: &'static str,
    arguments: Value,
) -> Result<CallToolResult, ServiceError> {
    let Value::Object(arguments) = arguments else {
        panic!("arguments are an object: {arguments}");
    };
    let mut meta = RequestMetaObject::new();
    let parent = format!("00-{TRACE}-{PARENT}-01");
    meta.insert("traceparent".to_owned(), Value::String(parent));
    let mut params = CallToolRequestParams::new(tool).with_arguments(arguments);
    params.set_meta(meta);
    client.call_tool(params).await
}

#[test]
fn python_with_the_current_protocol() {
    assert_python("auto", "2026-07-28");
}

#[test]
fn python_with_the_protocol_with_sessions() {
    assert_python("legacy", "2025-11-25");
}

fn assert_python(mode: &str, version: &str) {
    let mut collector = Collector::start();
    let session = python::call_tools(SERVER, mode, &collector.environment());
    python::assert_traces_go_on(&session, version, &mut collector);
    // The SDK has waited for its child to end.
    let calls = collector.last("mcp.tool.calls", &[("tool_name", "send_report")]);
    assert_eq!(calls, Some(2.0));
}
