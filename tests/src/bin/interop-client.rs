//! An observed client that calls servers of another make, over stdio or streamable HTTP.
//!
//! `interop-client VERSION URL`, or `interop-client VERSION PROGRAM ARGUMENTS..`, which it starts and
//! speaks to over stdio. Exports where `OTEL_EXPORTER_OTLP_ENDPOINT` says.

use std::error::Error;
use std::time::Duration;

use mcp_observe::Telemetry;
use mcp_observe::rmcp::{Endpoint, ObservedPeer};
use opentelemetry::trace::{FutureExt as _, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, global};
use rmcp::model::{CallToolRequestParams, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt as _, RunningService};
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
use rmcp::{RoleClient, object};
use tokio::process::Command;
use tokio::task::spawn_blocking;

type Failure = Box<dyn Error + Send + Sync>;

/// The revision that has no `initialize`, or the last one that has it.
fn lifecycle(version: &str) -> ClientLifecycleMode {
    if version == ProtocolVersion::V_2026_07_28.as_str() {
        ClientLifecycleMode::Discover {
            preferred_versions: vec![ProtocolVersion::V_2026_07_28],
        }
    } else {
        ClientLifecycleMode::Initialize
    }
}

async fn connect(
    version: &str,
    server: &str,
    arguments: &[String],
) -> Result<RunningService<RoleClient, ()>, Failure> {
    let lifecycle = lifecycle(version);
    if server.contains("://") {
        let transport = StreamableHttpClientTransport::from_uri(server);
        return Ok(().serve_with_lifecycle(transport, lifecycle).await?);
    }
    let mut command = Command::new(server);
    command.args(arguments);
    let transport = TokioChildProcess::new(command)?;
    Ok(().serve_with_lifecycle(transport, lifecycle).await?)
}

async fn session(version: &str, server: &str, arguments: &[String]) -> Result<(), Failure> {
    let client = connect(version, server, arguments).await?;
    let endpoint = if server.contains("://") {
        Endpoint::http(server)?
    } else {
        Endpoint::pipe()
    };
    let peer = ObservedPeer::builder(client.peer().clone())
        .endpoint(endpoint)
        .build();
    peer.list_all_tools().await?;
    let query = CallToolRequestParams::new("query_archive")
        .with_arguments(object!({ "city": "Porto", "days": 3 }));
    let queried = peer.call_tool(query).await?;
    assert_eq!(queried.is_error, Some(false), "{queried:?}");
    let closed = peer.call_tool(CallToolRequestParams::new("close_archive"));
    let closed = closed.await?;
    assert_eq!(closed.is_error, Some(true), "{closed:?}");
    client.cancel().await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [version, server, arguments @ ..] = &arguments[..] else {
        return Err("usage: interop-client VERSION URL|PROGRAM ARGUMENTS..".into());
    };
    let telemetry = Telemetry::builder().service_name("rust-client").install()?;
    let agent = global::tracer("agent").start("agent");
    session(version, server, arguments)
        .with_context(Context::current_with_span(agent))
        .await?;
    spawn_blocking(move || telemetry.shutdown(Duration::from_secs(5))).await??;
    Ok(())
}
