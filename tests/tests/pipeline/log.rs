//! Log lines in a log store: found by the trace ids of the calls.

use crate::caller::{Call, Ending};
use crate::polling::until;
use crate::victoria::VictoriaLogs;

/// Asserts that the line of the security log about each call is found by the call's trace, and says of
/// it what happened.
pub(crate) async fn assert_found(logs: &VictoriaLogs, calls: &[Call]) {
    for call in calls {
        let record = until("the line is found", async || {
            let records = logs.of_trace(&call.trace).await?;
            let event = records
                .iter()
                .find(|it| it["event.category"] == "mcp.tool_call");
            event
                .cloned()
                .ok_or_else(|| format!("{call:?}: {records:?}"))
        })
        .await;
        let tool = match call.ending {
            Ending::UnknownTool => "_OTHER",
            _ => call.tool.as_str(),
        };
        assert_eq!(record["mcp.tool.name"], tool, "{record}");
        assert_eq!(record["status"], call.ending.status(), "{record}");
    }
}
