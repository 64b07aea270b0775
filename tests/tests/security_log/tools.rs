//! A server whose tools have `#[mcp_tool]`, each of which ends in its own way.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use mcp_observe::rmcp::Observed;
use mcp_observe::{ErrorType, mcp_tool};
use mcp_observe_tests::Capture;
use mcp_observe_tests::security::{Event, Lines};
use mcp_observe_tests::wire::{Wire, request};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{
    CallToolResponse, CallToolResult, ContentBlock, CreateTaskResult, InputRequiredResult,
    IntoContents,
};
use rmcp::task_manager::{TaskManager, TaskOptions};
use rmcp::{ErrorData, ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::error::Elapsed;

pub(crate) const VERSION: &str = "2025-11-25";

#[derive(Clone)]
pub(crate) struct Tools {
    tool_router: ToolRouter<Self>,
    manager: Arc<TaskManager>,
    /// The work of a task is done.
    pub(crate) worked: Arc<Notify>,
}

#[mcp_tool]
fn work() {}

#[derive(Debug, Deserialize, JsonSchema)]
struct Sum {
    a: i64,
    b: i64,
}

#[derive(Debug, thiserror::Error, ErrorType)]
#[error("no such city: {0}")]
struct UnknownCity(String);

impl IntoContents for UnknownCity {
    fn into_contents(self) -> Vec<ContentBlock> {
        vec![ContentBlock::text(self.to_string())]
    }
}

#[derive(Debug, thiserror::Error, ErrorType)]
#[error("too late")]
#[error_type(transparent)]
struct Late {
    #[from]
    source: Elapsed,
}

impl IntoContents for Late {
    fn into_contents(self) -> Vec<ContentBlock> {
        vec![ContentBlock::text(self.to_string())]
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
struct City {
    city: String,
}

impl Default for Tools {
    fn default() -> Self {
        Self {
            tool_router: Self::tool_router(),
            manager: Arc::default(),
            worked: Arc::default(),
        }
    }
}

#[tool_router]
impl Tools {
    #[mcp_tool]
    #[tool]
    async fn add(&self, Parameters(Sum { a, b }): Parameters<Sum>) -> String {
        (a + b).to_string()
    }

    #[mcp_tool]
    #[tool]
    async fn untold(
        &self,
        Parameters(City { city }): Parameters<City>,
    ) -> Result<String, UnknownCity> {
        Err(UnknownCity(city))
    }

    #[mcp_tool(error_message = true)]
    #[tool]
    async fn told(
        &self,
        Parameters(City { city }): Parameters<City>,
    ) -> Result<String, UnknownCity> {
        Err(UnknownCity(city))
    }

    #[mcp_tool]
    #[tool]
    async fn in_band(&self) -> Result<CallToolResult, ErrorData> {
        Ok(CallToolResult::error(vec![ContentBlock::text("no")]))
    }

    #[mcp_tool]
    #[tool]
    async fn late(&self) -> Result<String, Late> {
        Ok(tokio::time::timeout(Duration::ZERO, pending()).await?)
    }

    #[mcp_tool]
    #[tool]
    async fn panics(&self) -> String {
        panic!("a secret")
    }

    /// An interim round, for clients that can do with it.
    #[mcp_tool]
    #[tool]
    async fn asks(&self) -> CallToolResponse {
        CallToolResponse::InputRequired(InputRequiredResult::from_request_state("state"))
    }

    /// Becomes a task, whose work is another attributed function's.
    #[mcp_tool]
    #[tool]
    async fn accepts(&self) -> CallToolResponse {
        let worked = Arc::clone(&self.worked);
        let task = self.manager.spawn(TaskOptions::new(), |_task| {
            Box::pin(async move {
                work();
                worked.notify_one();
                Ok(CallToolResult::success(vec![]))
            })
        });
        CallToolResponse::Task(CreateTaskResult::new(task))
    }

    #[mcp_tool]
    #[tool]
    async fn outer(&self) -> String {
        self.add(Parameters(Sum { a: 1, b: 2 })).await
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Tools {}

/// An observed server with a security log, whose client has initialised.
#[derive(Debug)]
pub(crate) struct Logged {
    pub(crate) capture: Capture,
    pub(crate) lines: Lines,
    pub(crate) wire: Wire,
}

impl Logged {
    /// Serves the handler over a pipe.
    pub(crate) async fn serve(handler: impl ServerHandler) -> Self {
        let lines = Lines::default();
        let capture = lines.capture(|log| log, |builder| builder);
        Self::with(handler, lines, capture).await
    }

    pub(crate) async fn with(handler: impl ServerHandler, lines: Lines, capture: Capture) -> Self {
        let observed = Observed::builder(handler).telemetry(&capture.telemetry);
        let wire = Wire::initialized(observed.catch_panics(true).build(), VERSION).await;
        Self {
            capture,
            lines,
            wire,
        }
    }

    /// Sends a request, and returns its answer and the events that it led to.
    pub(crate) async fn ask(&mut self, method: &str, params: &Value) -> (Value, Vec<Event>) {
        let before = self.events().len();
        let answer = self.wire.ask(&request(7, method, params)).await;
        (answer, self.events().split_off(before))
    }

    /// The one event of a call.
    pub(crate) async fn call(&mut self, tool: &str, arguments: Value) -> Event {
        let params = json!({ "name": tool, "arguments": arguments });
        let (answer, mut events) = self.ask("tools/call", &params).await;
        assert_eq!(events.len(), 1, "{answer}: {events:#?}");
        events.remove(0)
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.lines.events(&self.capture.telemetry)
    }
}
