//! A process of its own: a server that ends at SIGTERM, and leaves what it knows of that in a directory.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::serve::ListenerExt as _;
use clap::Args;
use mcp_observe::Telemetry;
use mcp_observe::http::{MetricsListener, ObserveLayer};
use mcp_observe::rmcp::Observed;
use mcp_observe::security::{LogFile, SecurityLog};
use rmcp::ServiceExt as _;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use serde::{Deserialize, Serialize};
use tokio::runtime::Builder;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::overhead::Transport;
use crate::server::Server;

/// Where the address of its metrics is, in the directory.
pub(super) const METRICS: &str = "metrics";
/// Where its security log is.
pub(super) const SECURITY_LOG: &str = "security.jsonl";
/// Where its [`Report`] is, at the end.
pub(super) const REPORT: &str = "report.json";

/// How long calls may go on after the signal.
const CALLS_BOUND: Duration = Duration::from_millis(500);
/// How long exporting what is left may take.
const FLUSH_BOUND: Duration = Duration::from_secs(30);
/// How long the threads of the runtime may take to drop what is left.
const DROP_BOUND: Duration = Duration::from_secs(30);

/// What there is to do.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    #[arg(long, value_enum)]
    transport: Transport,
    /// Leave what is known here
    #[arg(long)]
    directory: PathBuf,
}

/// What the server says of its end.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Report {
    /// What could be scraped once no call was under way any more.
    pub(super) metrics: String,
    pub(super) shutdown: Result<(), String>,
    pub(super) shutdown_seconds: f64,
}

/// Serves until SIGTERM.
///
/// # Panics
/// If the server cannot be set up.
pub fn run(settings: &Settings) {
    let stop = Arc::new(Notify::new());
    let stops = Arc::clone(&stop);
    ctrlc::set_handler(move || stops.notify_one()).expect("signals can be heard");
    let log = LogFile::new(settings.directory.join(SECURITY_LOG)).max_bytes(u64::MAX);
    let log = SecurityLog::builder().file(log).queue(1 << 20, 1 << 30);
    let telemetry = Telemetry::builder()
        .service_name("under-fire")
        .security_log(log)
        .install()
        .expect("telemetry can be set up");
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    let metrics = MetricsListener::start(&telemetry, free).expect("there is a free port");
    let leave = |name, text: String| {
        fs::write(settings.directory.join(name), text).expect("the directory is there");
    };
    leave(METRICS, metrics.address().to_string());

    if settings.transport == Transport::Stdio {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        runtime.block_on(serve_pipes(&stop));
        // Drops the calls that are left; a pending read of stdin cannot be, and is not waited for.
        runtime.shutdown_background();
    } else {
        let runtime = Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        runtime.block_on(serve_http(stop));
        runtime.shutdown_timeout(DROP_BOUND);
    }
    drop(metrics);
    let text = telemetry.prometheus_text();
    let since = Instant::now();
    let shutdown = telemetry.shutdown(FLUSH_BOUND);
    let report = Report {
        metrics: text,
        shutdown: shutdown.map_err(|error| error.to_string()),
        shutdown_seconds: since.elapsed().as_secs_f64(),
    };
    let report = serde_json::to_string(&report).expect("it can be written as JSON");
    leave(REPORT, report);
}

async fn serve_pipes(stop: &Notify) {
    let server = Observed::new(Server::default());
    let running = server.serve(rmcp::transport::stdio()).await;
    let running = running.expect("a session begins");
    let cancel = running.cancellation_token();
    stop.notified().await;
    cancel.cancel();
    let _ = timeout(CALLS_BOUND, running.waiting()).await;
}

async fn serve_http(stop: Arc<Notify>) {
    let server = Observed::new(Server::default());
    let mcp = StreamableHttpService::new(
        move || Ok(server.clone()),
        Arc::new(LocalSessionManager::default()),
        StreamableHttpServerConfig::default().with_legacy_session_mode(false),
    );
    let router = Router::new().nest_service("/mcp", mcp);
    let router = router.route_layer(ObserveLayer::new());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port is free");
    println!("{}", listener.local_addr().expect("it is bound"));
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        stop.notified().await;
        let _ = stopping.send(());
    });
    let serving = tokio::spawn(serving.into_future());
    let _ = stopped.await;
    let _ = timeout(CALLS_BOUND, serving).await;
}
