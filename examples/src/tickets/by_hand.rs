//! The ticket server with OpenTelemetry written by hand, as one finds it: `tickets-by-hand`.
//!
//! `docs/migrate.md` makes `migrated.rs` of it. What `measured.rs` has is all that goes.

mod desk;
mod measured;
mod own_span;
mod providers;
mod serving;

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::routing::get;
use clap::Parser;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{ContentBlock, IntoContents};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::runtime::Runtime;
use tokio::time::error::Elapsed;
use tokio_util::sync::CancellationToken;

use crate::measured::measured;
use crate::own_span::in_span;
use crate::providers::Providers;

/// How long exporting what is left may take.
const FLUSH_BOUND: Duration = Duration::from_secs(3);

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
    async fn search_tickets(
        &self,
        Parameters(search): Parameters<Search>,
        context: RequestContext<RoleServer>,
    ) -> Result<String, DeskError> {
        measured("search_tickets", &context.meta, async {
            let found = desk::search(&search.words).await;
            let wanted =
                found.filter(|it| it.is_urgent || matches!(search.priority, Priority::Any));
            let lines: Vec<_> = wanted
                .map(|ticket| format!("{}: {}", ticket.number, ticket.subject))
                .collect();
            Ok(lines.join("\n"))
        })
        .await
    }

    /// Reads a ticket.
    #[tool]
    async fn read_ticket(
        &self,
        Parameters(read): Parameters<Read>,
        context: RequestContext<RoleServer>,
    ) -> Result<String, DeskError> {
        measured("read_ticket", &context.meta, async {
            let ticket = desk::ticket(read.number).await;
            let ticket = ticket.ok_or(DeskError::NoSuchTicket)?;
            Ok(format!("{} asks: {}", ticket.customer, ticket.text))
        })
        .await
    }

    /// Answers a ticket by mail.
    #[tool]
    async fn send_reply(
        &self,
        Parameters(reply): Parameters<Reply>,
        context: RequestContext<RoleServer>,
    ) -> Result<String, DeskError> {
        measured("send_reply", &context.meta, async {
            let ticket = desk::ticket(reply.number).await;
            let ticket = ticket.ok_or(DeskError::NoSuchTicket)?;
            in_span("relay", desk::mail(ticket.customer, &reply.text)).await?;
            Ok(format!("sent to {}", ticket.customer))
        })
        .await
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Tickets {}

/// A support desk's tickets, for MCP clients: over stdio, or over HTTP where it is told an address.
#[derive(Debug, Parser)]
#[command(name = "tickets-by-hand")]
struct Flags {
    /// Serve over HTTP here, at /mcp, with the metrics at /metrics; port 0 takes a free one
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let flags = Flags::parse();
    let providers = Arc::new(Providers::install()?);
    let served = Runtime::new()?.block_on(serve(flags.listen, &providers));
    providers.shutdown(FLUSH_BOUND);
    Ok(served?)
}

async fn serve(listen: Option<SocketAddr>, providers: &Arc<Providers>) -> io::Result<()> {
    let tickets = Tickets {
        tool_router: Tickets::tool_router(),
    };
    match listen {
        None => serving::over_stdio(tickets).await,
        Some(address) => {
            let stop = CancellationToken::new();
            let providers = Arc::clone(providers);
            let router = serving::endpoint(tickets, &stop)
                .route("/metrics", get(async move || providers.prometheus_text()));
            serving::over_http(address, router, stop).await
        }
    }
}
