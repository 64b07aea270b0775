//! A call that becomes a task: what is asked of the task is linked to the call, on both sides, and so
//! is the work itself.

use std::sync::{Arc, OnceLock};

use mcp_observe::mcp_tool;
use mcp_observe_tests::attribute;
use mcp_observe_tests::wire::eventually;
use opentelemetry::trace::SpanKind;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CancelTaskParams, CreateTaskResult,
    GetTaskParams, GetTaskResult, ServerCapabilities, ServerConfig, TaskStatus,
    TaskStatusNotification, TaskStatusNotificationParams,
};
use rmcp::service::RequestContext;
use rmcp::task_manager::{TaskManager, TaskOptions};
use rmcp::{ErrorData, RoleServer, ServerHandler, tool, tool_handler, tool_router};
use tokio::sync::Notify;

use super::fixture::{Peer, Session, User, links};

#[derive(Clone)]
struct Tasks {
    tool_router: ToolRouter<Self>,
    manager: Arc<TaskManager>,
    go_on: Arc<Notify>,
    peer: Arc<OnceLock<Peer>>,
}

#[tool_router]
impl Tasks {
    fn new() -> Self {
        Self {
            tool_router: Self::tool_router(),
            manager: Arc::default(),
            go_on: Arc::default(),
            peer: Arc::default(),
        }
    }

    #[mcp_tool]
    #[tool]
    async fn accepted(&self, context: RequestContext<RoleServer>) -> CallToolResponse {
        self.peer.get_or_init(|| Peer::of(&context));
        let this = self.clone();
        let task = self.manager.spawn(TaskOptions::new(), |_task| {
            Box::pin(async move { Ok(this.work(context).await) })
        });
        CallToolResponse::Task(CreateTaskResult::new(task))
    }

    #[mcp_tool]
    async fn work(&self, _context: RequestContext<RoleServer>) -> CallToolResult {
        self.go_on.notified().await;
        CallToolResult::success(vec![])
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Tasks {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_tasks();
        ServerConfig::new(capabilities.build())
    }

    async fn get_task(
        &self,
        request: GetTaskParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<GetTaskResult, ErrorData> {
        Ok(GetTaskResult::new(self.manager.get_task(&request.task_id)?))
    }

    async fn cancel_task(
        &self,
        request: CancelTaskParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.manager.cancel_task(&request.task_id)
    }
}

async fn accepted(session: &Session) -> String {
    let params = CallToolRequestParams::new("accepted");
    let answer = session.peer.call_tool_once(params).await;
    let CallToolResponse::Task(accepted) = answer.expect("an answer") else {
        panic!("it becomes a task");
    };
    accepted.task.task_id
}

async fn status(session: &Session, task: &str) -> TaskStatus {
    let answer = session.peer.get_task(GetTaskParams::new(task)).await;
    answer.expect("an answer").task.task.status
}

#[tokio::test]
async fn polls_and_result_are_linked_to_the_call() {
    let tasks = Tasks::new();
    let session = Session::modern(tasks.clone(), User::default()).await;
    let task = accepted(&session).await;
    assert_eq!(status(&session, &task).await, TaskStatus::Working);
    tasks.go_on.notify_one();
    while status(&session, &task).await != TaskStatus::Completed {
        tokio::task::yield_now().await;
    }

    for (capture, kind) in [
        (&session.client, SpanKind::Client),
        (&session.server, SpanKind::Server),
    ] {
        let call = capture.span("tools/call accepted");
        let result_type = attribute(&call, "mcp.result.type");
        assert_eq!(result_type.as_deref(), Some("task"));
        let polls = capture.spans_named("tasks/get");
        assert!(polls.len() >= 2);
        for poll in polls {
            assert_eq!(poll.span_kind, kind);
            assert_eq!(links(&poll), [call.span_context.span_id()]);
        }
    }
    let work = session.server.span("execute_tool work");
    let call = session.server.span("tools/call accepted");
    assert_eq!(work.span_kind, SpanKind::Internal);
    assert_eq!(links(&work), [call.span_context.span_id()]);
    // A task is no round.
    let rounds = |state| {
        let labels = [("state", state)];
        session.server.metric("mcp_rounds_total", &labels)
    };
    assert_eq!(rounds("input_required"), Some(0.0));
    assert_eq!(rounds("resumed"), Some(0.0));
}

#[tokio::test]
async fn cancelling_it_is_linked_to_the_call() {
    let session = Session::modern(Tasks::new(), User::default()).await;
    let task = accepted(&session).await;
    let cancelled = session
        .peer
        .cancel_task(CancelTaskParams::new(&*task))
        .await;
    cancelled.expect("it is cancelled");
    for capture in [&session.client, &session.server] {
        let call = capture.span("tools/call accepted");
        let cancel = capture.span("tasks/cancel");
        assert_eq!(links(&cancel), [call.span_context.span_id()]);
    }
}

#[tokio::test]
async fn what_the_client_is_told_of_it_is_linked_to_the_call() {
    let tasks = Tasks::new();
    let session = Session::start(tasks.clone(), User::default()).await;
    let task = accepted(&session).await;
    let task = tasks.manager.get_task(&task).expect("it is there");
    let told = TaskStatusNotification::new(TaskStatusNotificationParams::new(task));
    let peer = tasks.peer.get().expect("it was called");
    peer.send_notification(told.into())
        .await
        .expect("it is sent");
    let method = "notifications/tasks";
    eventually(method, || !session.client.spans_named(method).is_empty()).await;
    let (_, heard) = session.asked(method);
    let call = session.client.span("tools/call accepted");
    assert_eq!(links(&heard), [call.span_context.span_id()]);
}
