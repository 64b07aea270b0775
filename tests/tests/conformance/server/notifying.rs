//! Tools that send notifications before they answer: of the log, of progress, of changed lists.

use mcp_observe::mcp_tool;
use rmcp::model::{
    LoggingLevel, LoggingMessageNotificationParam, ProgressNotificationParam, ProtocolVersion,
};
use rmcp::{tool, tool_router};
use serde_json::json;

use super::{Change, Context, Server};

#[tool_router(router = notifying_tools, vis = "pub(super)")]
impl Server {
    /// Writes to the log.
    #[mcp_tool]
    #[tool]
    async fn test_tool_with_logging(&self, context: Context) -> String {
        for line in [
            "Tool execution started",
            "Tool processing data",
            "Tool execution completed",
        ] {
            self.log(&context, line).await;
        }
        "logged".to_owned()
    }

    /// Writes to the log of a client without a session, if it asks for that.
    #[mcp_tool]
    #[tool]
    async fn test_logging_tool(&self, context: Context) -> String {
        self.log(&context, "a line").await;
        "logged".to_owned()
    }

    /// Tells how far it is.
    #[mcp_tool]
    #[tool]
    async fn test_tool_with_progress(&self, context: Context) -> String {
        if let Some(token) = context.meta.get_progress_token() {
            for progress in [0.0, 50.0, 100.0] {
                let progress =
                    ProgressNotificationParam::new(token.clone(), progress).with_total(100.0);
                // A client that has gone misses it.
                let _ = context.peer.notify_progress(progress).await;
            }
        }
        "done".to_owned()
    }

    /// Is there for clients that lose the stream of a call and come back to it. rmcp gives a tool no
    /// way to close its stream, so it answers on that.
    #[mcp_tool]
    #[tool]
    fn test_reconnection(&self) -> String {
        "still on the same stream".to_owned()
    }

    /// Says that the list of tools has changed.
    #[mcp_tool]
    #[tool]
    fn test_trigger_tool_change(&self) -> String {
        self.announce(Change::Tools)
    }

    /// Says that the list of prompts has changed.
    #[mcp_tool]
    #[tool]
    fn test_trigger_prompt_change(&self) -> String {
        self.announce(Change::Prompts)
    }
}

impl Server {
    fn announce(&self, change: Change) -> String {
        let heard = self.shared.changes.send(change);
        heard.expect("this server's own receiver is there");
        "announced".to_owned()
    }

    /// Since 2026-07-28 each request says what it wants of the log, before that the session does.
    async fn log(&self, context: &Context, line: &str) {
        let version = context.protocol_version();
        let wanted = if version.is_some_and(|it| it >= ProtocolVersion::V_2026_07_28) {
            context.meta.log_level()
        } else {
            Some(*self.log_level.lock().expect("not poisoned"))
        };
        if let Some(LoggingLevel::Debug | LoggingLevel::Info) = wanted {
            let line = LoggingMessageNotificationParam::new(LoggingLevel::Info, json!(line));
            // A client that has gone misses it.
            let _ = context.peer.notify_logging_message(line).await;
        }
    }
}
