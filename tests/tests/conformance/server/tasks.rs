//! Tools whose work becomes a task, for clients that take tasks.

use std::pin::Pin;
use std::time::Duration;

use mcp_observe::mcp_tool;
use rmcp::handler::server::tool::InputResponses;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{
    CallToolResponse, CallToolResult, ClientCapabilities, ContentBlock, CreateTaskResult,
    InputRequest,
};
use rmcp::task_manager::{TaskContext, TaskExit, TaskOptions};
use rmcp::{ErrorData, tool, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::rounds::{ask, given, question};
use super::{Context, Server, text};

#[derive(Deserialize, JsonSchema)]
struct Name {
    name: String,
}

#[derive(Deserialize, JsonSchema)]
struct Computation {
    seconds: u64,
    label: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct File {
    filename: String,
}

fn takes_tasks(context: &Context) -> bool {
    let able = context.client_capabilities();
    able.is_some_and(|able| able.supports_tasks())
}

fn must_take_tasks(context: &Context) -> Result<(), ErrorData> {
    if takes_tasks(context) {
        return Ok(());
    }
    let required = ClientCapabilities::builder().enable_tasks().build();
    Err(ErrorData::missing_required_client_capability(required))
}

fn to_confirm(what: &str) -> InputRequest {
    let question = question(what, "confirm", "boolean");
    serde_json::from_value(question).expect("a request that a server may make")
}

fn confirmed(answer: &Value) -> bool {
    answer["action"] == json!("accept")
}

#[tool_router(router = task_tools, vis = "pub(super)")]
impl Server {
    /// Greets, and is never a task.
    #[mcp_tool]
    #[tool]
    fn greet(&self, Parameters(Name { name }): Parameters<Name>) -> String {
        format!("Hello, {name}!")
    }

    /// Takes its time.
    #[mcp_tool]
    #[tool]
    async fn slow_compute(
        &self,
        Parameters(Computation { seconds, label }): Parameters<Computation>,
        context: Context,
    ) -> CallToolResponse {
        let label = label.unwrap_or_default();
        let result = text(format!("computed {label} for {seconds} s"));
        let computing = tokio::time::sleep(Duration::from_secs(seconds));
        if !takes_tasks(&context) {
            computing.await;
            return result.into();
        }
        self.task(move |task| async move {
            tokio::select! {
                () = task.cancelled() => Err(TaskExit::Cancelled),
                () = computing => Ok(result),
            }
        })
    }

    /// Fails in a task, and is nothing else.
    #[mcp_tool]
    #[tool]
    fn failing_job(&self, context: Context) -> Result<CallToolResponse, ErrorData> {
        must_take_tasks(&context)?;
        Ok(self.task(|_task| async {
            let failure = ContentBlock::text("the job has failed");
            Ok(CallToolResult::error(vec![failure]))
        }))
    }

    /// Breaks in a task, and is nothing else.
    #[mcp_tool]
    #[tool]
    fn protocol_error_job(&self, context: Context) -> Result<CallToolResponse, ErrorData> {
        must_take_tasks(&context)?;
        Ok(self.task(|_task| async {
            let error = ErrorData::internal_error("the job is broken", None);
            Err(TaskExit::Error(error))
        }))
    }

    /// Asks the user from within a task.
    #[mcp_tool]
    #[tool]
    fn confirm_delete(
        &self,
        Parameters(File { filename }): Parameters<File>,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        must_take_tasks(&context)?;
        Ok(self.task(move |task| async move {
            let request = to_confirm(&format!("Delete {filename}?"));
            let answer = task.request_input("delete", request).await?;
            let done = if confirmed(&answer) {
                "deleted"
            } else {
                "kept"
            };
            Ok(text(format!("{done} {filename}")))
        }))
    }

    /// Asks the user two things at once from within a task.
    #[mcp_tool]
    #[tool]
    fn multi_input(&self, context: Context) -> Result<CallToolResponse, ErrorData> {
        must_take_tasks(&context)?;
        Ok(self.task(|task| async move {
            let ask = |key| task.request_input(key, to_confirm("Go on?"));
            let (first, second) = tokio::try_join!(ask("first"), ask("second"))?;
            let both = confirmed(&first) && confirmed(&second);
            Ok(text(format!("both confirmed: {both}")))
        }))
    }

    /// Asks the user, and then becomes a task.
    #[mcp_tool]
    #[tool]
    fn test_tool_with_task(
        &self,
        responses: InputResponses,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        must_take_tasks(&context)?;
        let Some(name) = given(&responses, "user_name", "name") else {
            let question = question("What is your name?", "name", "string");
            return Ok(ask(json!({ "user_name": question }), Some("asking")).into());
        };
        let greeting = text(format!("Hello, {name}!"));
        Ok(self.task(|_task| async { Ok(greeting) }))
    }
}

impl Server {
    fn task<F>(&self, work: impl FnOnce(TaskContext) -> F) -> CallToolResponse
    where
        F: Future<Output = Result<CallToolResult, TaskExit>> + Send + 'static,
    {
        let options = TaskOptions::new().with_poll_interval_ms(100);
        let work = |task| -> Pin<Box<dyn Future<Output = _> + Send>> { Box::pin(work(task)) };
        CreateTaskResult::new(self.shared.tasks.spawn(options, work)).into()
    }
}
