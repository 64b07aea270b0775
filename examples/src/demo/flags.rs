//! What the demo is told on the command line.

use std::net::SocketAddr;
use std::num::NonZeroU32;

use clap::Parser;

/// An observed MCP weather server, and an agent that calls three of its tools.
///
/// Prints the trace and the metrics of the agent's session, then serves until Ctrl-C. Also exports
/// both, its logs and its security log by OTLP over HTTP if `OTEL_EXPORTER_OTLP_ENDPOINT` names a
/// collector.
#[derive(Debug, Parser)]
#[command(name = "demo")]
pub(crate) struct Flags {
    /// Where the MCP server listens; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    pub(crate) listen: SocketAddr,
    /// Where /metrics is served; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9464")]
    pub(crate) metrics: SocketAddr,
    /// A name by which the MCP server may be called, beside those of this machine; can be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_host: Vec<String>,
    /// Exit after the agent's session
    #[arg(long)]
    pub(crate) once: bool,
    /// Have the agent go on calling, with all that can go wrong, so many times a minute [default: 30]
    #[arg(
        long,
        value_name = "CALLS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "30",
        conflicts_with = "once"
    )]
    pub(crate) traffic: Option<NonZeroU32>,
}
