//! A client with an answer of its own for every method of rmcp's trait, a server that asks, and what
//! both export.

#![expect(
    deprecated,
    reason = "what is deprecated in the protocol is a method of the trait all the same"
)]

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mcp_observe::rmcp::{Endpoint, Observed, ObservedClient, ObservedPeer};
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::SpanKind;
use opentelemetry_sdk::trace::SpanData;
use rmcp::model::{
    CancelledNotificationParam, ClientConfig, CreateMessageRequestParams, CreateMessageResult,
    CustomNotification, CustomRequest, CustomResult, ElicitRequestParams, ElicitResult,
    ListRootsResult, LoggingMessageNotificationParam, ProgressNotificationParam, ProtocolVersion,
    ResourceUpdatedNotificationParam, SubscriptionsAcknowledgedNotificationParams,
    TaskStatusNotificationParams,
};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt, NotificationContext, RequestContext};
use rmcp::{ClientHandler, ErrorData, RoleClient, ServerHandler, ServiceExt};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// rmcp's types cannot be written down as literals outside of it.
pub(crate) fn of<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).expect("valid JSON of that type")
}

/// The user of a client. Clones share what they remember.
#[derive(Debug, Clone, Default)]
pub(crate) struct User {
    entered: Arc<Mutex<BTreeSet<String>>>,
    /// How long it takes to answer a form.
    pub(crate) thinks: Duration,
    /// Whether its client can do with tools in sampling.
    pub(crate) samples_with_tools: bool,
}

impl User {
    pub(crate) fn entered(&self) -> BTreeSet<String> {
        self.entered.lock().expect("not poisoned").clone()
    }

    pub(crate) fn names(&self) -> BTreeSet<String> {
        let name = |entry: String| entry.split(' ').next().unwrap_or_default().to_owned();
        self.entered().into_iter().map(name).collect()
    }

    fn enter(&self, method: &str, given: &dyn Debug) {
        let entry = format!("{method} {given:?}");
        self.entered.lock().expect("not poisoned").insert(entry);
    }
}

type Answer<T> = Result<T, ErrorData>;
type Told = NotificationContext<RoleClient>;

impl ClientHandler for User {
    async fn ping(&self, _context: RequestContext<RoleClient>) -> Answer<()> {
        self.enter("ping", &());
        Err(ErrorData::internal_error("do not disturb", None))
    }

    async fn create_message(
        &self,
        params: CreateMessageRequestParams,
        _context: RequestContext<RoleClient>,
    ) -> Answer<CreateMessageResult> {
        self.enter("create_message", &params);
        Ok(of(json!({
            "role": "assistant",
            "content": { "type": "text", "text": "sunny" },
            "model": "m",
        })))
    }

    async fn list_roots(&self, _context: RequestContext<RoleClient>) -> Answer<ListRootsResult> {
        self.enter("list_roots", &());
        Ok(of(json!({ "roots": [{ "uri": "file:///home" }] })))
    }

    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        context: RequestContext<RoleClient>,
    ) -> Answer<ElicitResult> {
        self.enter("create_elicitation", &request);
        let (ElicitRequestParams::FormElicitationParams { message, .. }
        | ElicitRequestParams::UrlElicitationParams { message, .. }) = &request
        else {
            return Err(ErrorData::invalid_params("unknown", None));
        };
        match message.as_str() {
            "refuse" => return Err(ErrorData::invalid_params("no", None)),
            "break" => return Err(ErrorData::internal_error("no", None)),
            "hang" => context.ct.cancelled().await,
            "panic" => panic!("the handler panics"),
            "decline" => return Ok(of(json!({ "action": "decline" }))),
            _ => tokio::time::sleep(self.thinks).await,
        }
        Ok(of(
            json!({ "action": "accept", "content": { "name": "Ada" } }),
        ))
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _context: RequestContext<RoleClient>,
    ) -> Answer<CustomResult> {
        self.enter("on_custom_request", &request);
        Ok(CustomResult(json!({ "custom": true })))
    }

    async fn on_cancelled(&self, params: CancelledNotificationParam, _context: Told) {
        self.enter("on_cancelled", &params);
    }

    async fn on_progress(&self, params: ProgressNotificationParam, _context: Told) {
        self.enter("on_progress", &params);
    }

    async fn on_logging_message(&self, params: LoggingMessageNotificationParam, _context: Told) {
        self.enter("on_logging_message", &params);
    }

    async fn on_resource_updated(&self, params: ResourceUpdatedNotificationParam, _context: Told) {
        self.enter("on_resource_updated", &params);
    }

    async fn on_resource_list_changed(&self, _context: Told) {
        self.enter("on_resource_list_changed", &());
    }

    async fn on_tool_list_changed(&self, _context: Told) {
        self.enter("on_tool_list_changed", &());
    }

    async fn on_prompt_list_changed(&self, _context: Told) {
        self.enter("on_prompt_list_changed", &());
    }

    async fn on_subscriptions_acknowledged(
        &self,
        params: SubscriptionsAcknowledgedNotificationParams,
        _context: Told,
    ) {
        self.enter("on_subscriptions_acknowledged", &params);
    }

    async fn on_task_status(&self, params: TaskStatusNotificationParams, _context: Told) {
        self.enter("on_task_status", &params);
    }

    async fn on_custom_notification(&self, notification: CustomNotification, _context: Told) {
        self.enter("on_custom_notification", &notification);
    }

    fn get_info(&self) -> ClientConfig {
        self.enter("get_info", &());
        let sampling = if self.samples_with_tools {
            json!({ "tools": {} })
        } else {
            json!({})
        };
        of(json!({
            "protocolVersion": "2025-11-25",
            "capabilities": {
                "elicitation": { "form": {}, "url": {} },
                "sampling": sampling,
                "roots": { "listChanged": true },
                "extensions": { "io.modelcontextprotocol/tasks": {} },
            },
            "clientInfo": { "name": "user", "version": "1" },
        }))
    }
}

/// A server and a client, and what each exports.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) server: Capture,
    pub(crate) client: Capture,
    pub(crate) peer: ObservedClient<Observed<User>>,
}

impl Session {
    /// With protocol 2025-11-25.
    pub(crate) async fn start(handler: impl ServerHandler, user: User) -> Self {
        Self::with(handler, user, ClientLifecycleMode::Initialize).await
    }

    /// With protocol 2026-07-28.
    pub(crate) async fn modern(handler: impl ServerHandler, user: User) -> Self {
        let modern = ClientLifecycleMode::Discover {
            preferred_versions: vec![ProtocolVersion::V_2026_07_28],
        };
        Self::with(handler, user, modern).await
    }

    async fn with(handler: impl ServerHandler, user: User, lifecycle: ClientLifecycleMode) -> Self {
        let server = Capture::new();
        let handler = Observed::builder(handler)
            .telemetry(&server.telemetry)
            .build();
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        tokio::spawn(async move {
            let running = handler.serve(ours).await.expect("a session begins");
            running.waiting().await
        });
        let client = Capture::new();
        let running = observed(&client, user)
            .serve_with_lifecycle(theirs, lifecycle)
            .await
            .expect("a session begins");
        let peer = ObservedClient::with(running, |peer| {
            peer.telemetry(&client.telemetry).endpoint(Endpoint::pipe())
        });
        Self {
            server,
            client,
            peer,
        }
    }

    /// Calls a tool without arguments; returns the result's text.
    pub(crate) async fn call(&self, tool: &'static str) -> String {
        let params = rmcp::model::CallToolRequestParams::new(tool);
        let result = self.peer.call_tool(params).await.expect("a result");
        let text = result.content.iter().find_map(|block| block.as_text());
        text.map(|text| text.text.clone()).unwrap_or_default()
    }

    /// The one exchange of `method` that the server began: its span there, and the client's.
    pub(crate) fn asked(&self, method: &str) -> (SpanData, SpanData) {
        let asked = self.server.span(method);
        let answered = self.client.span(method);
        assert_eq!(asked.span_kind, SpanKind::Client, "{asked:#?}");
        assert_eq!(answered.span_kind, SpanKind::Server, "{answered:#?}");
        assert_below(&answered, &asked);
        (asked, answered)
    }
}

/// The user's client.
pub(crate) fn observed(client: &Capture, user: User) -> Observed<User> {
    Observed::client_builder(user)
        .telemetry(&client.telemetry)
        .endpoint(&Endpoint::pipe())
        .build()
}

/// The peer that a tool asks.
pub(crate) type Peer = ObservedPeer<rmcp::RoleServer>;

pub(crate) fn assert_below(span: &SpanData, parent: &SpanData) {
    assert_eq!(
        (span.span_context.trace_id(), span.parent_span_id),
        (
            parent.span_context.trace_id(),
            parent.span_context.span_id()
        ),
        "{} is not below {}",
        span.name,
        parent.name
    );
}

/// The spans that it links, by their ids.
pub(crate) fn links(span: &SpanData) -> Vec<opentelemetry::trace::SpanId> {
    let ids = span.links.iter().map(|link| link.span_context.span_id());
    ids.collect()
}

/// The count of the duration `of` a side with these labels; `None` if there was none.
pub(crate) fn samples(capture: &Capture, of: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let name = format!("mcp_{of}_operation_duration_seconds_count");
    Some(capture.sum(&name, labels)).filter(|count| *count > 0.0)
}

pub(crate) fn error(span: &SpanData) -> Option<String> {
    attribute(span, "error.type")
}
