//! A server whose messages end in every way that there is.

use std::future::pending;
use std::time::Duration;

use mcp_observe::{ErrorType, LabelValue, mcp_tool};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{
    CallToolResponse, CallToolResult, ContentBlock, ErrorCode, InputRequiredResult, IntoContents,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use tokio::time::error::Elapsed;

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

#[derive(Debug, Deserialize, JsonSchema)]
struct Code {
    code: i32,
}

#[derive(Debug, thiserror::Error, ErrorType)]
enum Failure {
    #[error("there is no such city")]
    NoSuchCity,
    #[error(transparent)]
    #[error_type(transparent)]
    Late(#[from] Elapsed),
}

impl IntoContents for Failure {
    fn into_contents(self) -> Vec<ContentBlock> {
        vec![ContentBlock::text(self.to_string())]
    }
}

#[tool_router]
impl Server {
    /// Returns, with a label of its own.
    #[mcp_tool(labels(size: Size = Size::of(*metres)))]
    #[tool]
    async fn measured(&self, Parameters(Length { metres }): Parameters<Length>) -> String {
        tokio::task::yield_now().await;
        format!("{metres} m")
    }

    /// Fails in band.
    #[mcp_tool]
    #[tool]
    async fn flagged(&self) -> CallToolResult {
        CallToolResult::error(vec![ContentBlock::text("no")])
    }

    /// Fails with an error that says what it is.
    #[mcp_tool]
    #[tool]
    async fn classified(&self) -> Result<String, Failure> {
        Err(Failure::NoSuchCity)
    }

    /// Takes too long.
    #[mcp_tool]
    #[tool]
    async fn expired(&self) -> Result<String, Failure> {
        Ok(tokio::time::timeout(Duration::ZERO, pending()).await?)
    }

    /// Fails the request with the code that is asked for.
    #[mcp_tool]
    #[tool]
    async fn coded(
        &self,
        Parameters(Code { code }): Parameters<Code>,
    ) -> Result<String, ErrorData> {
        Err(ErrorData::new(ErrorCode(code), "as asked for", None))
    }

    /// Panics, without the noise of the hook, which only `panic!` calls.
    #[mcp_tool]
    #[tool]
    async fn panicked(&self) -> String {
        std::panic::resume_unwind(Box::new(()))
    }

    /// Runs until it is cancelled.
    #[mcp_tool]
    #[tool]
    async fn waiting(&self, context: RequestContext<RoleServer>) -> String {
        context.ct.cancelled().await;
        "too late".to_owned()
    }

    /// Asks for more.
    #[mcp_tool]
    #[tool]
    async fn asking(&self) -> CallToolResponse {
        CallToolResponse::InputRequired(InputRequiredResult::from_request_state("state"))
    }

    /// Becomes a task, that nobody works on.
    #[mcp_tool]
    #[tool]
    async fn accepted(&self) -> CallToolResponse {
        let task = json!({
            "resultType": "task",
            "taskId": "one",
            "status": "working",
            "createdAt": "2026-12-01T00:00:00Z",
            "lastUpdatedAt": "2026-12-01T00:00:00Z",
            "ttlMs": null,
        });
        CallToolResponse::Task(serde_json::from_value(task).expect("it is a task"))
    }

    /// Has no `#[mcp_tool]`.
    #[tool]
    async fn plain(&self) -> String {
        "plain".to_owned()
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_prompts()
            .enable_resources()
            .enable_tasks()
            .build();
        ServerConfig::new(capabilities)
    }

    async fn read_resource(
        &self,
        _: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        Err(ErrorData::resource_not_found("there is none", None))
    }
}
