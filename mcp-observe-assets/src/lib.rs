//! What runs beside an MCP server that `mcp-observe` observes, made from that server's own tools:
//! Prometheus's rules with their tests and a runbook, a Grafana dashboard, and the configuration of an
//! OpenTelemetry Collector and of what is behind it.
//!
//! Queries are made from the metrics' definitions and from the linked catalogue of tools, so that none
//! names a series, a label or a value that the server cannot emit.
//!
//! # Example
//! A program of your server's package, which links its tools:
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let assets = mcp_observe_assets::Assets::builder("weather").build()?;
//! assets.write_to("deploy")?;
//! # Ok(())
//! # }
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

mod assets;
mod catalogue;
#[cfg(feature = "command")]
mod command;
mod dashboard;
mod promql;
mod rules;
mod settings;
mod stack;

pub use assets::{Asset, Assets, Expression};
#[cfg(feature = "command")]
pub use command::command;
pub use settings::{AssetsBuilder, AssetsError};

/// The README's code, compiled.
#[cfg(all(doctest, feature = "command"))]
#[doc = include_str!("../README.md")]
struct Readme;
