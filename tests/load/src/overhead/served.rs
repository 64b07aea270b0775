//! A process of its own: the server alone, as it is measured.

use std::fmt;
use std::io::Read as _;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt as _;
use clap::{Args, ValueEnum};
use mcp_observe::Telemetry;
use mcp_observe::http::ObserveLayer;
use mcp_observe::rmcp::Observed;
use mcp_observe::security::SecurityLog;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ServerHandler, ServiceExt as _};
use tower_layer::Layer as _;

use super::tools::Server;

/// What there is to do.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    #[arg(long, value_enum)]
    transport: Transport,
    /// Observe the server
    #[arg(long)]
    observed: bool,
    /// Write its security log to this file
    #[arg(long, requires = "observed")]
    security_log: Option<PathBuf>,
}

/// How messages travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Transport {
    /// Lines on stdin and stdout.
    Stdio,
    /// Streamable HTTP on a free port, which the first line on stdout tells; until stdin ends.
    Http,
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stdio => "stdio",
            Self::Http => "http",
        })
    }
}

/// Serves until stdin ends.
///
/// # Panics
/// If the server cannot be set up.
pub fn run(settings: &Settings) {
    // Over stdio there is one client: one thread will do.
    let mut builder = match settings.transport {
        Transport::Stdio => tokio::runtime::Builder::new_current_thread(),
        Transport::Http => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = builder.worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    if !settings.observed {
        let mount = |mcp| Router::new().nest_service("/mcp", mcp);
        runtime.block_on(serve(settings.transport, Server::default(), mount));
        runtime.shutdown_background();
        return;
    }
    let mut telemetry = Telemetry::builder().service_name("under-fire");
    if let Some(path) = &settings.security_log {
        telemetry = telemetry.security_log(SecurityLog::builder().file(path));
    }
    let telemetry = telemetry.install().expect("telemetry can be set up");
    let server = Observed::new(Server::default());
    let mount = |mcp| Router::new().nest_service("/mcp", ObserveLayer::new().layer(mcp));
    runtime.block_on(serve(settings.transport, server, mount));
    runtime.shutdown_background();
    // What it says is of no interest: time was measured.
    let _ = telemetry.shutdown(Duration::from_secs(5));
}

async fn serve<H: ServerHandler + Clone>(
    transport: Transport,
    server: H,
    mount: impl FnOnce(StreamableHttpService<H, LocalSessionManager>) -> Router,
) {
    if transport == Transport::Stdio {
        let running = server.serve(rmcp::transport::stdio()).await;
        let running = running.expect("a session begins");
        let _ = running.waiting().await;
        return;
    }
    let router = mount(StreamableHttpService::new(
        // To make a server is to make its tools, which costs more than to handle a request.
        move || Ok(server.clone()),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default().with_legacy_session_mode(false),
    ));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port is free");
    println!("{}", listener.local_addr().expect("it is bound"));
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    tokio::spawn(async { axum::serve(listener, router).await });
    let stdin = tokio::task::spawn_blocking(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
    });
    let _ = stdin.await;
}
