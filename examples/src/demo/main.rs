//! The demo: a weather server that is observed, an agent that uses it over HTTP, and what comes of
//! it: one trace from the agent down into the tools, and the metrics of the tools.
//!
//! Read `../weather.rs` for what a server's author writes, and `server.rs` for what is around it.

mod agent;
mod content;
mod flags;
mod page;
mod recorder;
mod server;
mod style;
mod summary;
mod traffic;
mod tree;

use std::error::Error;
use std::future;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::time::Duration;

use mcp_observe::Telemetry;
use mcp_observe::http::MetricsListener;
use mcp_observe::logs::Logs;
use mcp_observe::security::SecurityLog;
use mcp_observe_examples::stopping::stop_signal;
use mcp_observe_examples::{command_line, listening};
use tokio::net::TcpListener;
use tokio::task;

use crate::flags::Flags;
use crate::recorder::Recorder;
use crate::server::Server;

/// How long the last spans of the agent's trace may take to end after the agent is done.
const TRACE_BOUND: Duration = Duration::from_secs(5);
/// How long exporting what is left may take at the end.
const SHUTDOWN_BOUND: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> ExitCode {
    let flags = match command_line::read::<Flags>() {
        Ok(flags) => flags,
        Err(code) => return code,
    };
    match demo(&flags).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn demo(flags: &Flags) -> Result<(), Box<dyn Error + Send + Sync>> {
    let listener = TcpListener::bind(flags.listen)
        .await
        .map_err(|error| listening::refused("--listen", flags.listen, &error))?;
    let recorder = Recorder::default();
    let telemetry = Telemetry::builder()
        .service_name("weather-demo")
        .span_processor(recorder.clone())
        .capture_content(true)
        .security_log(SecurityLog::builder().otlp())
        .install()?;
    // The terminal is the page's: log lines go by OTLP alone, as the security log does.
    Logs::text().writer(io::sink).init(&telemetry)?;
    let metrics = MetricsListener::start(&telemetry, flags.metrics)
        .map_err(|error| listening::refused("--metrics", flags.metrics, &error))?;
    let server = Server::start(listener, &flags.allow_host)?;

    let scrape = listening::reachable(metrics.address());

    page::show(&page::head(server.address(), scrape));
    let trace = agent::run(server.address()).await?;
    let spans = recorder.trace(trace, TRACE_BOUND).await;
    page::show(&page::trace(trace, &spans));
    page::show(&page::arguments(&spans));
    page::show(&page::metrics(&telemetry.prometheus_text(), scrape));
    page::show(&page::next(server.address(), scrape, flags.once));
    if !flags.once {
        serve_until_stopped(server.address(), flags.traffic).await?;
    }

    server.stop().await;
    drop(metrics);
    shut_down(telemetry).await?;
    Ok(())
}

async fn serve_until_stopped(
    server: SocketAddr,
    calls_per_minute: Option<NonZeroU32>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let stopped = stop_signal()?;
    tokio::select! {
        // In this order: whoever reads that Ctrl-C ends the demo can rely on it.
        biased;
        () = stopped => Ok(()),
        failed = async {
            page::show(&page::serving(calls_per_minute));
            match calls_per_minute {
                Some(calls) => traffic::run(server, calls).await,
                None => future::pending().await,
            }
        } => Ok(failed?),
    }
}

/// A collector that cannot be reached is worth a line, and no reason to fail.
async fn shut_down(telemetry: Telemetry) -> Result<(), task::JoinError> {
    let flushed = task::spawn_blocking(move || telemetry.shutdown(SHUTDOWN_BOUND)).await?;
    if let Err(error) = flushed {
        eprintln!("demo: {error}");
    }
    Ok(())
}
