//! An observed server that clients of another make call, over stdio or streamable HTTP.
//!
//! `interop-server stdio`, or `interop-server http`, which prints its URL and ends with its stdin.
//! Exports where `OTEL_EXPORTER_OTLP_ENDPOINT` says.

use std::error::Error;
use std::io::Read as _;
use std::time::Duration;

use mcp_observe::http::ObserveLayer;
use mcp_observe::rmcp::Observed;
use mcp_observe::{ErrorType, Telemetry, mcp_tool};
use mcp_observe_tests::web::Web;
use opentelemetry::global;
use opentelemetry::trace::{SpanKind, Tracer as _};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{ContentBlock, IntoContents, ServerCapabilities, ServerConfig};
use rmcp::{ServerHandler, ServiceExt as _, tool, tool_handler, tool_router};
use tokio::task::spawn_blocking;

/// Has a tool with spans below its own, and one that fails.
struct Archive {
    tool_router: ToolRouter<Self>,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Period {
    city: String,
    days: u16,
}

#[derive(Debug, ErrorType)]
enum Refused {
    Closed,
}

impl IntoContents for Refused {
    fn into_contents(self) -> Vec<ContentBlock> {
        vec![ContentBlock::text("the archive is closed")]
    }
}

/// A tool that another calls: no message of its own.
#[mcp_tool]
async fn mean(readings: Vec<u16>) -> u16 {
    readings.iter().sum::<u16>() / u16::try_from(readings.len()).unwrap_or(u16::MAX)
}

#[tool_router]
impl Archive {
    /// The mean temperature of a city over the last days.
    #[mcp_tool]
    #[tool]
    async fn query_archive(&self, Parameters(Period { city, days }): Parameters<Period>) -> String {
        // As a database's driver makes it.
        let tracer = global::tracer("driver");
        let query = tracer.span_builder("db.query").with_kind(SpanKind::Client);
        drop(query.start(&tracer));
        let mean = mean(vec![18; days.into()]).await;
        format!("{city}: {mean} °C on average over {days} days")
    }

    /// Closes the archive, which cannot be closed twice.
    #[mcp_tool]
    #[tool]
    async fn close_archive(&self) -> Result<String, Refused> {
        Err(Refused::Closed)
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Archive {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }
}

fn archive() -> Observed<Archive> {
    Observed::new(Archive {
        tool_router: Archive::tool_router(),
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let telemetry = Telemetry::builder().service_name("rust-server").install()?;
    match std::env::args().nth(1).as_deref() {
        Some("stdio") => {
            let server = archive().serve(rmcp::transport::stdio()).await?;
            server.waiting().await?;
        }
        Some("http") => {
            let web = Web::serve(archive, true, |router| router.layer(ObserveLayer::new())).await;
            println!("{}", web.url);
            spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
        }
        _ => return Err("usage: interop-server stdio|http".into()),
    }
    spawn_blocking(move || telemetry.shutdown(Duration::from_secs(5))).await??;
    Ok(())
}
