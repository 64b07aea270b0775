//! The server that is measured: its tools differ in what they do themselves.

use std::fmt;
use std::hash::{DefaultHasher, Hasher as _};
use std::time::Duration;

use clap::ValueEnum;
use mcp_observe::{LabelValue, mcp_tool};
use mcp_observe_tests::wire::request;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::{ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

/// Some 100 µs of processor time, on a processor of today.
const ROUNDS: u64 = 50_000;

/// What a tool does before it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Load {
    Nothing,
    /// Computes for some 100 µs.
    Computing,
    /// Waits for 1 ms.
    Waiting,
}

impl Load {
    fn tool(self) -> &'static str {
        match self {
            Self::Nothing => "idle",
            Self::Computing => "computing",
            Self::Waiting => "sleeping",
        }
    }

    /// The call of its tool.
    pub(super) fn message(self, id: u64) -> String {
        let params = json!({ "name": self.tool(), "arguments": { "metres": 1 } });
        request(id, "tools/call", &params).to_string()
    }
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing",
            Self::Computing => "computes",
            Self::Waiting => "waits 1 ms",
        })
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Length {
    metres: u32,
}

#[derive(Debug, LabelValue)]
enum Size {
    Small,
    Large,
}

impl Size {
    fn of(metres: u32) -> Self {
        if metres < 10 {
            Self::Small
        } else {
            Self::Large
        }
    }
}

/// The server.
#[derive(Debug, Clone)]
pub struct Server {
    tool_router: ToolRouter<Self>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            tool_router: Self::tool_router(),
        }
    }
}

#[tool_router]
impl Server {
    /// Answers.
    #[mcp_tool(labels(size: Size = Size::of(*metres)))]
    #[tool]
    async fn idle(&self, Parameters(Length { metres }): Parameters<Length>) -> String {
        format!("{metres} m")
    }

    /// Computes, and answers.
    #[mcp_tool(labels(size: Size = Size::of(*metres)))]
    #[tool]
    async fn computing(&self, Parameters(Length { metres }): Parameters<Length>) -> String {
        let mut hasher = DefaultHasher::new();
        (0..ROUNDS).for_each(|round| hasher.write_u64(round));
        std::hint::black_box(hasher.finish());
        format!("{metres} m")
    }

    // Not `waiting`: a tool of that name is in the program already, with other labels.
    /// Waits, and answers.
    #[mcp_tool(labels(size: Size = Size::of(*metres)))]
    #[tool]
    async fn sleeping(&self, Parameters(Length { metres }): Parameters<Length>) -> String {
        tokio::time::sleep(Duration::from_millis(1)).await;
        format!("{metres} m")
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Server {}
