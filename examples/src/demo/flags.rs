//! What the demo is told on the command line.

use std::net::SocketAddr;

use clap::Parser;

/// An observed MCP weather server, and an agent that calls three of its tools.
///
/// Prints the trace and the metrics of the agent's session, then serves until Ctrl-C. Also exports
/// both by OTLP over HTTP if `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector.
#[derive(Debug, Parser)]
#[command(name = "demo")]
pub(crate) struct Flags {
    /// Where the MCP server listens; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    pub(crate) listen: SocketAddr,
    /// Where /metrics is served; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9464")]
    pub(crate) metrics: SocketAddr,
    /// Exit after the agent's session
    #[arg(long)]
    pub(crate) once: bool,
}
