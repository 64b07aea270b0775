//! A process that emits every metric that there is: servers and clients over a pipe and over HTTP, whose
//! messages end in every way, with a security log and with whatever the standard variables export.
//!
//! Prints what is scraped and the tools of the binary as one JSON object, and shuts down.

mod over_http;
mod over_pipe;
mod weather;

use std::error::Error;
use std::io;
use std::time::Duration;

use mcp_observe::security::SecurityLog;
use mcp_observe::{Telemetry, Tool, tools};
use mcp_observe_tests::wire::eventually;
use serde_json::{Value, json};

const BOUND: Duration = Duration::from_secs(30);

fn main() -> Result<(), Box<dyn Error>> {
    let log = SecurityLog::builder().writer(io::sink()).otlp();
    let telemetry = Telemetry::builder()
        .service_name("emitting")
        .security_log(log)
        .install()?;
    tokio::runtime::Runtime::new()?.block_on(async {
        over_pipe::all_endings(&telemetry).await;
        over_pipe::closed_in_the_middle().await;
        over_http::refusals().await;
        over_http::rounds().await;
        over_http::labelled().await;
        // A server's session ends in its own time.
        eventually("the sessions end", || has_sessions(&telemetry)).await;
    });
    telemetry.flush(BOUND)?;
    let tools: Vec<_> = tools().iter().map(described).collect();
    let metrics = telemetry.prometheus_text();
    println!("{}", json!({ "metrics": metrics, "tools": tools }));
    telemetry.shutdown(BOUND)?;
    Ok(())
}

/// Whether a session over a pipe has ended, and one over HTTP.
fn has_sessions(telemetry: &Telemetry) -> bool {
    let text = telemetry.prometheus_text();
    let sessions = "mcp_server_session_duration_seconds_count";
    let mut sessions = text.lines().filter(|line| line.starts_with(sessions));
    let over_http = |line: &str| line.contains("network_protocol_name");
    sessions.clone().any(over_http) && sessions.any(|line| !over_http(line))
}

fn described(tool: &Tool) -> Value {
    let values = |values: mcp_observe::LabelValues| -> Vec<_> {
        (0..values.len()).filter_map(|it| values.get(it)).collect()
    };
    let labels = tool.labels.iter();
    let labels: Vec<_> = labels
        .map(|label| json!({ "name": label.name, "values": values(label.values) }))
        .collect();
    json!({ "name": tool.name, "labels": labels, "error_types": tool.error_types })
}
