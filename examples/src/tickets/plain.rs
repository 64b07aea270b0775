//! The ticket server as its author wrote it, before anything of it is observed: `tickets-plain`.
//!
//! `docs/instrument.md` makes `observed.rs` of it.

mod desk;
mod serving;

use std::io;
use std::net::SocketAddr;

use clap::Parser;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{ContentBlock, IntoContents};
use rmcp::{ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::error::Elapsed;
use tokio_util::sync::CancellationToken;

/// The server.
#[derive(Debug, Clone)]
struct Tickets {
    tool_router: ToolRouter<Self>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Search {
    /// Words of the subject.
    words: String,
    /// How soon an answer is needed.
    priority: Priority,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Priority {
    Urgent,
    Any,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Read {
    /// The ticket's number.
    number: u32,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Reply {
    /// The ticket's number.
    number: u32,
    /// What the customer is told.
    text: String,
}

/// Why a tool failed.
#[derive(Debug, thiserror::Error)]
enum DeskError {
    #[error("there is no ticket of that number")]
    NoSuchTicket,
    #[error("the customer's mail relay does not answer")]
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
    #[tool]
    async fn read_ticket(&self, Parameters(read): Parameters<Read>) -> Result<String, DeskError> {
        let ticket = desk::ticket(read.number).await;
        let ticket = ticket.ok_or(DeskError::NoSuchTicket)?;
        Ok(format!("{} asks: {}", ticket.customer, ticket.text))
    }

    /// Answers a ticket by mail.
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
#[command(name = "tickets-plain")]
struct Flags {
    /// Serve over HTTP here, at /mcp; port 0 takes a free one
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let flags = Flags::parse();
    let tickets = Tickets {
        tool_router: Tickets::tool_router(),
    };
    match flags.listen {
        None => serving::over_stdio(tickets).await,
        Some(address) => {
            let stop = CancellationToken::new();
            let router = serving::endpoint(tickets, &stop);
            serving::over_http(address, router, stop).await
        }
    }
}
