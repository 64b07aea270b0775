//! The test's own client of the demo, and what it has seen of its calls.

use std::time::{Duration, Instant};

use opentelemetry_sdk::trace::{IdGenerator as _, RandomIdGenerator};
use rmcp::model::{
    CallToolRequest, CallToolRequestParams, ClientCapabilities, ClientConfig, ClientRequest,
    Implementation,
};
use rmcp::service::{PeerRequestOptions, RunningService, ServiceError};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Value, json};

use crate::demo::Demo;
use crate::polling::until;

/// How a call is meant to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Success,
    /// The tool gives up waiting, and says so.
    Timeout,
    InvalidArguments,
    Cancelled,
    UnknownTool,
}

impl Ending {
    /// What the call's `status` is.
    pub(crate) fn status(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Cancelled => "cancelled",
            Self::Timeout | Self::InvalidArguments | Self::UnknownTool => "error",
        }
    }

    /// Of which class the tool's error is.
    pub(crate) fn error(self) -> Option<&'static str> {
        match self {
            Self::Timeout => Some("timeout"),
            Self::InvalidArguments => Some("invalid_arguments"),
            Self::Success | Self::Cancelled | Self::UnknownTool => None,
        }
    }
}

/// A call that has ended as it was meant to.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) tool: String,
    pub(crate) ending: Ending,
    /// The trace that the client says it is in, and the span of the client's that it is below.
    pub(crate) trace: String,
    pub(crate) span: String,
    /// How long the client waited.
    pub(crate) took: Duration,
}

/// The client, in a session with the demo.
#[derive(Debug)]
pub(crate) struct Caller {
    session: RunningService<RoleClient, ClientConfig>,
    /// Sent with every call, beside the trace.
    meta: Value,
    /// What was called, in this order.
    pub(crate) calls: Vec<Call>,
}

impl Caller {
    /// Opens a session. Each of its calls has `meta` in its `_meta`.
    pub(crate) async fn connect(demo: &Demo, meta: Value) -> Self {
        let me = Implementation::new("pipeline-test", "1");
        let transport = StreamableHttpClientTransport::from_uri(demo.url.clone());
        let session = ClientConfig::new(ClientCapabilities::default(), me).serve(transport);
        Self {
            session: session.await.expect("the demo answers"),
            meta,
            calls: Vec::new(),
        }
    }

    /// Calls a tool, and waits for how it ends.
    ///
    /// # Panics
    /// If that is not as it was meant to.
    pub(crate) async fn call(&mut self, tool: &str, arguments: &Value, ending: Ending) {
        let (params, call) = self.begin(tool, arguments, ending);
        let start = Instant::now();
        let answer = self.session.call_tool(params).await;
        let waited = start.elapsed();
        let as_meant = match ending {
            Ending::Success => {
                matches!(&answer, Ok(result) if result.is_error != Some(true))
            }
            Ending::Timeout => matches!(&answer, Ok(result) if result.is_error == Some(true)
                && format!("{result:?}").contains("did not answer within")),
            Ending::InvalidArguments => {
                matches!(&answer, Ok(result) if result.is_error == Some(true)
                && format!("{result:?}").contains("failed to deserialize parameters"))
            }
            Ending::UnknownTool => matches!(&answer, Err(ServiceError::McpError(_))),
            Ending::Cancelled => false,
        };
        assert!(as_meant, "{tool} {arguments}: {ending:?}: {answer:?}");
        self.calls.push(Call {
            took: waited,
            ..call
        });
    }

    /// Calls a tool that takes its time, and cancels the call when it runs.
    pub(crate) async fn cancel(&mut self, demo: &Demo, tool: &str, arguments: &Value) {
        let (params, call) = self.begin(tool, arguments, Ending::Cancelled);
        let start = Instant::now();
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(params));
        let options = PeerRequestOptions::no_options();
        let sent = self
            .session
            .send_cancellable_request(request, options)
            .await;
        let sent = sent.expect("it is sent");
        let running = async |expected: f64| {
            let active = demo
                .scrape("mcp_tool_active", &[("tool_name", tool)])
                .await?;
            let reached = active.total_cmp(&expected).is_eq();
            reached
                .then_some(())
                .ok_or(format!("{active} of {tool} are active"))
        };
        until("the call runs", || running(1.0)).await;
        sent.cancel(None).await.expect("it is sent");
        until("the call has ended", || running(0.0)).await;
        self.calls.push(Call {
            took: start.elapsed(),
            ..call
        });
    }

    /// Ends the session, and returns the calls.
    pub(crate) async fn leave(self) -> Vec<Call> {
        self.session.cancel().await.expect("the session ends");
        self.calls
    }

    fn begin(
        &self,
        tool: &str,
        arguments: &Value,
        ending: Ending,
    ) -> (CallToolRequestParams, Call) {
        let ids = RandomIdGenerator::default();
        let (trace, span) = (
            ids.new_trace_id().to_string(),
            ids.new_span_id().to_string(),
        );
        let mut meta = self.meta.clone();
        meta["traceparent"] = json!(format!("00-{trace}-{span}-01"));
        let params = json!({ "name": tool, "arguments": arguments, "_meta": meta });
        let call = Call {
            tool: tool.to_owned(),
            ending,
            trace,
            span,
            took: Duration::ZERO,
        };
        (serde_json::from_value(params).expect("a call"), call)
    }
}
