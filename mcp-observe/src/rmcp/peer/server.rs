//! What a server asks its client for: the methods of rmcp's `Peer<RoleServer>`, by the same names.

#![allow(
    deprecated,
    reason = "what is deprecated in the protocol is observed like all else"
)]

use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CancelledNotification, CancelledNotificationParam, ClientResult, CreateMessageRequest,
    CreateMessageRequestParams, CreateMessageResult, ElicitRequest, ElicitRequestParams,
    ElicitResult, InitializeRequestParams, ListRootsRequest, ListRootsResult,
    LoggingMessageNotification, LoggingMessageNotificationParam, ProgressNotification,
    ProgressNotificationParam, PromptListChangedNotification, ResourceListChangedNotification,
    ResourceUpdatedNotification, ResourceUpdatedNotificationParam, ServerRequest,
    ToolListChangedNotification,
};
use rmcp::service::{PeerRequestOptions, RequestContext, ServiceError};
use rmcp::{ErrorData, RoleServer};

use super::notification::notification;
use super::{ObservedPeer, ObservedPeerBuilder};
use crate::rmcp::carrier::InFlight;
use crate::rmcp::message::of_request;
use crate::rmcp::session::claimed_id;
use crate::sent::endpoint::Endpoint;

/// What a server asks its client for, and tells it.
///
/// Protocol 2026-07-28 has no requests of servers: there a tool answers with an
/// `InputRequiredResult`, and these methods fail as rmcp's do.
impl ObservedPeer<RoleServer> {
    /// The client whose request `context` is of. Transport, protocol version and session are those of
    /// the request, and where [`Observed`](crate::rmcp::Observed) wraps the handler, so is the
    /// [`Telemetry`](crate::Telemetry).
    ///
    /// # Example
    /// ```
    /// use mcp_observe::mcp_tool;
    /// use mcp_observe::rmcp::ObservedPeer;
    /// use rmcp::RoleServer;
    /// use rmcp::model::ElicitRequestParams;
    /// use rmcp::service::RequestContext;
    ///
    /// /// Has the user sign in.
    /// #[mcp_tool]
    /// async fn sign_in(context: RequestContext<RoleServer>) -> Result<String, String> {
    ///     let visit = ElicitRequestParams::UrlElicitationParams {
    ///         meta: None,
    ///         message: "Please sign in".to_owned(),
    ///         url: "https://example.com/sign-in".to_owned(),
    ///         elicitation_id: "sign-in".to_owned(),
    ///     };
    ///     // A CLIENT span `elicitation/create` below that of the tool.
    ///     let answer = ObservedPeer::of(&context).create_elicitation(visit).await;
    ///     let answer = answer.map_err(|error| error.to_string())?;
    ///     Ok(format!("{:?}", answer.action))
    /// }
    /// ```
    #[must_use]
    pub fn of(context: &RequestContext<RoleServer>) -> Self {
        Self::builder_of(context).build()
    }

    /// Likewise, to be set up further.
    pub fn builder_of(context: &RequestContext<RoleServer>) -> ObservedPeerBuilder<RoleServer> {
        let message = of_request(context).0;
        let mut builder = Self::builder(context.peer.clone());
        builder.options.version = message.protocol_version;
        builder.options.endpoint = Some(Arc::new(Endpoint::through(message.transport)));
        if let Some(in_flight) = context.extensions.get::<InFlight>() {
            builder.options.telemetry = Some(in_flight.handling.telemetry.clone());
            if in_flight.has_session {
                builder.options.session = claimed_id(&context.extensions).map(Into::into);
            }
        }
        builder
    }

    notification!(notify_cancelled(CancelledNotification(
        CancelledNotificationParam
    )));
    notification!(notify_progress(ProgressNotification(
        ProgressNotificationParam
    )));
    notification!(notify_logging_message(LoggingMessageNotification(
        LoggingMessageNotificationParam
    )));
    notification!(notify_resource_updated(ResourceUpdatedNotification(
        ResourceUpdatedNotificationParam
    )));
    notification!(notify_resource_list_changed(
        ResourceListChangedNotification
    ));
    notification!(notify_tool_list_changed(ToolListChangedNotification));
    notification!(notify_prompt_list_changed(PromptListChangedNotification));

    /// Asks the client's model. What rmcp refuses to send is refused here too, and is no operation.
    ///
    /// # Errors
    /// As rmcp's `Peer::create_message`.
    pub async fn create_message(
        &self,
        params: CreateMessageRequestParams,
    ) -> Result<CreateMessageResult, ServiceError> {
        let has_tools = params.tools.is_some() || params.tool_choice.is_some();
        if has_tools && !self.supports_sampling_tools() {
            return Err(invalid(
                "tools or toolChoice provided but client does not support sampling tools capability",
            ));
        }
        params.validate().map_err(invalid)?;
        self.ask(
            CreateMessageRequest::new(params).into(),
            None,
            |answer| match answer {
                ClientResult::CreateMessageResult(result) => Some(*result),
                _ => None,
            },
        )
        .await
    }

    /// As rmcp's `Peer::list_roots`.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn list_roots(&self) -> Result<ListRootsResult, ServiceError> {
        self.ask(
            ListRootsRequest::default().into(),
            None,
            |answer| match answer {
                ClientResult::ListRootsResult(result) => Some(result),
                _ => None,
            },
        )
        .await
    }

    /// As rmcp's `Peer::create_elicitation`. The span lasts as long as the user takes to answer.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn create_elicitation(
        &self,
        params: ElicitRequestParams,
    ) -> Result<ElicitResult, ServiceError> {
        self.create_elicitation_with_timeout(params, None).await
    }

    /// As rmcp's `Peer::create_elicitation_with_timeout`. Default: waits as long as it takes.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn create_elicitation_with_timeout(
        &self,
        params: ElicitRequestParams,
        timeout: Option<Duration>,
    ) -> Result<ElicitResult, ServiceError> {
        self.ask(
            ElicitRequest::new(params).into(),
            timeout,
            |answer| match answer {
                ClientResult::ElicitResult(result) => Some(result),
                _ => None,
            },
        )
        .await
    }

    /// As rmcp's `Peer::supports_sampling_tools`.
    #[must_use]
    pub fn supports_sampling_tools(&self) -> bool {
        self.peer.supports_sampling_tools()
    }

    /// What the client said of itself, as rmcp's `Peer::peer_info`.
    #[must_use]
    pub fn peer_info(&self) -> Option<Arc<InitializeRequestParams>> {
        self.peer.peer_info()
    }

    async fn ask<T>(
        &self,
        request: ServerRequest,
        timeout: Option<Duration>,
        take: impl FnOnce(ClientResult) -> Option<T>,
    ) -> Result<T, ServiceError> {
        let mut options = PeerRequestOptions::no_options();
        options.timeout = timeout;
        self.send_request_with_option(request, options)
            .await?
            .taken(take)
            .await
    }
}

fn invalid(reason: impl Into<std::borrow::Cow<'static, str>>) -> ServiceError {
    ServiceError::McpError(ErrorData::invalid_params(reason, None))
}
