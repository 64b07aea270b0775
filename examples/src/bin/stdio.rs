//! The weather server over stdio: a client starts it, and speaks to it through its stdin and stdout.
//!
//! Stdout is the protocol's alone; what there is to say to people goes to stderr. There is no port to
//! scrape, so metrics are pushed by OTLP like the spans (`OTEL_EXPORTER_OTLP_ENDPOINT`), the last
//! values at the end, however short the server's life was.

use std::error::Error;
use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use mcp_observe::Telemetry;
use mcp_observe::http::MetricsListener;
use mcp_observe::rmcp::Observed;
use mcp_observe::security::SecurityLog;
use mcp_observe_examples::stopping::stop_signal;
use mcp_observe_examples::weather::Weather;
use mcp_observe_examples::{command_line, listening};
use rmcp::ServiceExt;
use rmcp::service::ServerInitializeError;
use tokio::runtime::Builder;
use tokio::time::timeout;

/// How long calls may go on after a signal.
const CALLS_BOUND: Duration = Duration::from_secs(2);
/// How long exporting what is left may take. Clients give a server few seconds before they kill it.
const FLUSH_BOUND: Duration = Duration::from_secs(3);

/// The demo's weather server over stdio, for an MCP client to start.
///
/// Exports traces and metrics by OTLP over HTTP if `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector.
/// Ends at the end of stdin, and at SIGTERM or Ctrl-C.
#[derive(Debug, Parser)]
#[command(name = "stdio")]
struct Flags {
    /// Also serve /metrics here; port 0 takes a free one
    #[arg(long, value_name = "ADDR")]
    metrics: Option<SocketAddr>,
    /// Also write the security log to this file, one JSON line for each call and each refused message
    #[arg(long, value_name = "PATH")]
    security_log: Option<PathBuf>,
}

fn main() -> ExitCode {
    let flags = match command_line::read::<Flags>() {
        Ok(flags) => flags,
        Err(code) => return code,
    };
    match run(&flags) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("stdio: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(flags: &Flags) -> Result<(), Box<dyn Error>> {
    // There is one client: one thread will do, and it drops what is left unfinished before it goes on.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut telemetry = Telemetry::builder().service_name("weather-stdio");
    if let Some(path) = &flags.security_log {
        telemetry = telemetry.security_log(SecurityLog::builder().file(path));
    }
    let telemetry = telemetry.install()?;
    let metrics = flags
        .metrics
        .map(|address| listen(&telemetry, address))
        .transpose()?;
    if io::stdin().is_terminal() {
        eprintln!("stdio: an MCP server, for a client to start; Ctrl-D ends it");
    }

    let served = runtime.block_on(serve());
    // Calls that are not over yet are dropped here, which makes them cancelled ones: their spans are
    // complete before the flush. (A pending read of stdin cannot be dropped, and is not waited for.)
    runtime.shutdown_background();
    drop(metrics);
    if let Err(error) = telemetry.shutdown(FLUSH_BOUND) {
        // Worth a line, and no reason to fail.
        eprintln!("stdio: {error}");
    }
    Ok(served?)
}

fn listen(telemetry: &Telemetry, address: SocketAddr) -> Result<MetricsListener, String> {
    let metrics = MetricsListener::start(telemetry, address)
        .map_err(|error| listening::refused("--metrics", address, &error))?;
    let address = listening::reachable(metrics.address());
    eprintln!("stdio: metrics on http://{address}/metrics");
    Ok(metrics)
}

/// Serves until stdin ends or a signal comes.
async fn serve() -> io::Result<()> {
    let stop = stop_signal()?;
    tokio::pin!(stop);
    let starting = Observed::new(Weather::default()).serve(rmcp::transport::stdio());
    let server = tokio::select! {
        started = starting => match started {
            Ok(server) => server,
            // A client that went away before it said anything.
            Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
            // rmcp's text has the message, and what the client said is nobody else's business.
            Err(ServerInitializeError::ExpectedInitializeRequest(_)) => {
                return Err(io::Error::other("the client did not begin with `initialize`"));
            }
            Err(error) => return Err(io::Error::other(error)),
        },
        () = &mut stop => return Ok(()),
    };

    let cancel = server.cancellation_token();
    let ended = server.waiting();
    tokio::pin!(ended);
    tokio::select! {
        // rmcp has waited for the calls that stdin's end found under way, five seconds at most.
        ended = &mut ended => {
            ended?;
        }
        () = &mut stop => {
            cancel.cancel();
            // Out of time is no error: the calls that are left end as cancelled.
            if let Ok(ended) = timeout(CALLS_BOUND, ended).await {
                ended?;
            }
        }
    }
    Ok(())
}
