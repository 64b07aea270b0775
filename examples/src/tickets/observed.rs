//! The ticket server, observed: `plain.rs` after the steps of `docs/instrument.md`, which is `tickets`.
//!
//! `diff examples/src/tickets/{plain,observed}.rs` shows all that there is to it.

mod desk;
mod serving;

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use mcp_observe::http::{ObserveLayer, metrics_route};
use mcp_observe::rmcp::Observed;
use mcp_observe::security::SecurityLog;
use mcp_observe::{ErrorType, LabelValue, Record, Telemetry, mcp_tool};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{ContentBlock, IntoContents};
use rmcp::{ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::runtime::Runtime;
use tokio::time::error::Elapsed;
use tokio_util::sync::CancellationToken;

/// How long calls that are under way may hold the end up; they are cancelled ones then.
const CALLS_BOUND: Duration = Duration::from_secs(1);
/// How long exporting what is left may take.
const FLUSH_BOUND: Duration = Duration::from_secs(3);

/// The server.
#[derive(Debug, Clone)]
struct Tickets {
    tool_router: ToolRouter<Self>,
}

#[derive(Debug, Deserialize, JsonSchema, Record)]
struct Search {
    /// Words of the subject.
    #[record]
    words: String,
    /// How soon an answer is needed.
    priority: Priority,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema, LabelValue)]
#[serde(rename_all = "snake_case")]
enum Priority {
    Urgent,
    Any,
}

#[derive(Debug, Deserialize, JsonSchema, Record)]
struct Read {
    /// The ticket's number.
    #[record]
    number: u32,
}

#[derive(Debug, Deserialize, JsonSchema, Record)]
struct Reply {
    /// The ticket's number.
    #[record]
    number: u32,
    /// What the customer is told.
    text: String,
}

/// Why a tool failed.
#[derive(Debug, thiserror::Error, ErrorType)]
enum DeskError {
    #[error("there is no ticket of that number")]
    NoSuchTicket,
    #[error("the customer's mail relay does not answer")]
    #[error_type(transparent)]
    Relay(#[from] Elapsed),
}

/// What the model is told.
impl IntoContents for DeskError {
    fn into_contents(self) -> Vec<ContentBlock> {
        vec![ContentBlock::text(self.to_string())]
    }
}

#[tool_router]
impl Tickets {
    /// Finds tickets by their subject.
    #[mcp_tool(labels(priority = search.priority))]
    #[tool]
    async fn search_tickets(&self, Parameters(search): Parameters<Search>) -> String {
        let found = desk::search(&search.words).await;
        let wanted = found.filter(|it| it.is_urgent || matches!(search.priority, Priority::Any));
        let lines: Vec<_> = wanted
            .map(|ticket| format!("{}: {}", ticket.number, ticket.subject))
            .collect();
        lines.join("\n")
    }

    /// Reads a ticket.
    #[mcp_tool(tags(source))]
    #[tool]
    async fn read_ticket(&self, Parameters(read): Parameters<Read>) -> Result<String, DeskError> {
        let ticket = desk::ticket(read.number).await;
        let ticket = ticket.ok_or(DeskError::NoSuchTicket)?;
        Ok(format!("{} asks: {}", ticket.customer, ticket.text))
    }

    /// Answers a ticket by mail.
    #[mcp_tool(tags(sink))]
    #[tool]
    async fn send_reply(&self, Parameters(reply): Parameters<Reply>) -> Result<String, DeskError> {
        let ticket = desk::ticket(reply.number).await;
        let ticket = ticket.ok_or(DeskError::NoSuchTicket)?;
        desk::mail(ticket.customer, &reply.text).await?;
        Ok(format!("sent to {}", ticket.customer))
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Tickets {}

/// A support desk's tickets, for MCP clients: over stdio, or over HTTP where it is told an address.
#[derive(Debug, Parser)]
#[command(name = "tickets")]
struct Flags {
    /// Serve over HTTP here, at /mcp, with the metrics at /metrics; port 0 takes a free one
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Also write the security log to this file
    #[arg(long, value_name = "PATH")]
    security_log: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let flags = Flags::parse();
    let mut telemetry = Telemetry::builder().service_name("tickets");
    if let Some(path) = &flags.security_log {
        telemetry = telemetry.security_log(SecurityLog::builder().file(path));
    }
    let telemetry = telemetry.install()?;

    let runtime = Runtime::new()?;
    let served = runtime.block_on(serve(flags.listen, &telemetry));
    // Calls that go on are dropped here, and so end as cancelled ones before the flush.
    runtime.shutdown_timeout(CALLS_BOUND);
    if let Err(error) = telemetry.shutdown(FLUSH_BOUND) {
        // Worth a line, and no reason to fail.
        eprintln!("tickets: {error}");
    }
    Ok(served?)
}

async fn serve(listen: Option<SocketAddr>, telemetry: &Telemetry) -> io::Result<()> {
    let tickets = Observed::new(Tickets {
        tool_router: Tickets::tool_router(),
    });
    match listen {
        None => serving::over_stdio(tickets).await,
        Some(address) => {
            let stop = CancellationToken::new();
            let router = serving::endpoint(tickets, &stop)
                .route_layer(ObserveLayer::new())
                .route("/metrics", metrics_route(telemetry));
            serving::over_http(address, router, stop).await
        }
    }
}
