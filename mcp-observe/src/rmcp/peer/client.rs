//! What a client asks its server for: the methods of rmcp's `Peer<RoleClient>`, by the same names.

#![allow(
    deprecated,
    reason = "what is deprecated in the protocol is observed like all else"
)]

use rmcp::RoleClient;
use rmcp::model::{
    ArgumentInfo, CallToolRequest, CallToolRequestParams, CallToolResponse, CallToolResult,
    CancelTaskParams, CancelTaskRequest, CancelledNotification, CancelledNotificationParam,
    CompleteRequest, CompleteRequestParams, CompleteResult, CompletionContext, CompletionInfo,
    GetPromptRequest, GetPromptRequestParams, GetPromptResponse, GetPromptResult, GetTaskParams,
    GetTaskRequest, GetTaskResult, InitializedNotification, ProgressNotification,
    ProgressNotificationParam, Reference, RootsListChangedNotification, ServerPeerInfo,
    ServerResult, SetLevelRequest, SetLevelRequestParams, SubscribeRequest, SubscribeRequestParams,
    SubscriptionFilter, UnsubscribeRequest, UnsubscribeRequestParams, UpdateTaskParams,
    UpdateTaskRequest,
};
use rmcp::service::{ServiceError, Subscription};

use super::ObservedPeer;
use super::notification::notification;
use super::outgoing::Earlier;

/// A request whose answer is of one type.
macro_rules! request {
    ($name:ident($request:ident($params:ty)) -> $result:ident) => {
        #[doc = concat!("As rmcp's `Peer::", stringify!($name), "`.")]
        ///
        /// # Errors
        /// As rmcp's method of that name.
        pub async fn $name(&self, params: $params) -> Result<$result, ServiceError> {
            self.ask($request::new(params), |answer| match answer {
                ServerResult::$result(result) => Some(result),
                _ => None,
            })
            .await
        }
    };
    ($name:ident($request:ident($params:ty))) => {
        #[doc = concat!("As rmcp's `Peer::", stringify!($name), "`.")]
        ///
        /// # Errors
        /// As rmcp's method of that name.
        pub async fn $name(&self, params: $params) -> Result<(), ServiceError> {
            self.ask($request::new(params), |answer| match answer {
                ServerResult::EmptyResult(_) | ServerResult::TaskAckResult(_) => Some(()),
                _ => None,
            })
            .await
        }
    };
}

impl ObservedPeer<RoleClient> {
    request!(complete(CompleteRequest(CompleteRequestParams)) -> CompleteResult);
    request!(get_prompt(GetPromptRequest(GetPromptRequestParams)) -> GetPromptResult);
    request!(get_task(GetTaskRequest(GetTaskParams)) -> GetTaskResult);
    request!(update_task(UpdateTaskRequest(UpdateTaskParams)));
    request!(cancel_task(CancelTaskRequest(CancelTaskParams)));
    request!(set_level(SetLevelRequest(SetLevelRequestParams)));
    request!(subscribe(SubscribeRequest(SubscribeRequestParams)));
    request!(unsubscribe(UnsubscribeRequest(UnsubscribeRequestParams)));

    notification!(notify_cancelled(CancelledNotification(
        CancelledNotificationParam
    )));
    notification!(notify_progress(ProgressNotification(
        ProgressNotificationParam
    )));
    notification!(notify_initialized(InitializedNotification));
    notification!(notify_roots_list_changed(RootsListChangedNotification));

    /// Calls a tool. A result that asks for input, or a task, is an unexpected response; see
    /// [`call_tool_once`](Self::call_tool_once), and [`ObservedClient`](super::ObservedClient).
    ///
    /// # Errors
    /// As rmcp's `Peer::call_tool`.
    pub async fn call_tool(
        &self,
        params: CallToolRequestParams,
    ) -> Result<CallToolResult, ServiceError> {
        match self.call_tool_once(params).await? {
            CallToolResponse::Complete(result) => Ok(result),
            _ => Err(ServiceError::UnexpectedResponse),
        }
    }

    /// Calls a tool, for one round: the result may ask for input, or be a task.
    ///
    /// # Errors
    /// As rmcp's `Peer::call_tool_once`.
    pub async fn call_tool_once(
        &self,
        params: CallToolRequestParams,
    ) -> Result<CallToolResponse, ServiceError> {
        self.call_tool_after(&mut Earlier::default(), params).await
    }

    pub(super) async fn call_tool_after(
        &self,
        earlier: &mut Earlier,
        params: CallToolRequestParams,
    ) -> Result<CallToolResponse, ServiceError> {
        let request = CallToolRequest::new(params);
        self.ask_after(earlier, request, |answer| match answer {
            ServerResult::CallToolResult(result) => Some(CallToolResponse::Complete(result)),
            ServerResult::InputRequiredResult(result) => {
                Some(CallToolResponse::InputRequired(result))
            }
            ServerResult::CreateTaskResult(result) => Some(CallToolResponse::Task(result)),
            other => without_content(other).map(CallToolResponse::Complete),
        })
        .await
    }

    /// Gets a prompt, for one round: the result may ask for input.
    ///
    /// # Errors
    /// As rmcp's `Peer::get_prompt_once`.
    pub async fn get_prompt_once(
        &self,
        params: GetPromptRequestParams,
    ) -> Result<GetPromptResponse, ServiceError> {
        self.get_prompt_after(&mut Earlier::default(), params).await
    }

    pub(super) async fn get_prompt_after(
        &self,
        earlier: &mut Earlier,
        params: GetPromptRequestParams,
    ) -> Result<GetPromptResponse, ServiceError> {
        let request = GetPromptRequest::new(params);
        self.ask_after(earlier, request, |answer| match answer {
            ServerResult::GetPromptResult(result) => Some(GetPromptResponse::Complete(result)),
            ServerResult::InputRequiredResult(result) => {
                Some(GetPromptResponse::InputRequired(result))
            }
            _ => None,
        })
        .await
    }

    /// As rmcp's `Peer::complete_prompt_argument`.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn complete_prompt_argument(
        &self,
        prompt_name: impl Into<String>,
        argument_name: impl Into<String>,
        current_value: impl Into<String>,
        context: Option<CompletionContext>,
    ) -> Result<CompletionInfo, ServiceError> {
        let of = Reference::for_prompt(prompt_name);
        self.complete_argument(of, argument_name.into(), current_value.into(), context)
            .await
    }

    /// As rmcp's `Peer::complete_resource_argument`.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn complete_resource_argument(
        &self,
        uri_template: impl Into<String>,
        argument_name: impl Into<String>,
        current_value: impl Into<String>,
        context: Option<CompletionContext>,
    ) -> Result<CompletionInfo, ServiceError> {
        let of = Reference::for_resource(uri_template);
        self.complete_argument(of, argument_name.into(), current_value.into(), context)
            .await
    }

    /// As rmcp's `Peer::complete_prompt_simple`.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn complete_prompt_simple(
        &self,
        prompt_name: impl Into<String>,
        argument_name: impl Into<String>,
        current_value: impl Into<String>,
    ) -> Result<Vec<String>, ServiceError> {
        self.complete_prompt_argument(prompt_name, argument_name, current_value, None)
            .await
            .map(|completion| completion.values)
    }

    /// As rmcp's `Peer::complete_resource_simple`.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn complete_resource_simple(
        &self,
        uri_template: impl Into<String>,
        argument_name: impl Into<String>,
        current_value: impl Into<String>,
    ) -> Result<Vec<String>, ServiceError> {
        self.complete_resource_argument(uri_template, argument_name, current_value, None)
            .await
            .map(|completion| completion.values)
    }

    async fn complete_argument(
        &self,
        of: Reference,
        name: String,
        value: String,
        context: Option<CompletionContext>,
    ) -> Result<CompletionInfo, ServiceError> {
        let mut params = CompleteRequestParams::new(of, ArgumentInfo::new(name, value));
        params.context = context;
        Ok(self.complete(params).await?.completion)
    }

    /// Subscribes to notifications, as rmcp's `Peer::listen`. rmcp makes that request by itself, so it
    /// is seen, and carries a context, only where the transport is observed.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn listen(
        &self,
        notifications: SubscriptionFilter,
    ) -> Result<Subscription, ServiceError> {
        self.peer.listen(notifications).await
    }

    /// What the server said of itself, as rmcp's `Peer::peer_info`.
    #[must_use]
    pub fn peer_info(&self) -> Option<std::sync::Arc<ServerPeerInfo>> {
        self.peer.peer_info()
    }
}

/// A tool's result without `content`, which rmcp's decoder takes for something else; rmcp's own
/// methods know it again, and so do these.
fn without_content(answer: ServerResult) -> Option<CallToolResult> {
    let mut result = CallToolResult::default();
    match answer {
        ServerResult::EmptyResult(_) => {}
        ServerResult::TaskAckResult(ack) => {
            result.result_type = Some(ack.result_type);
            result.meta = ack.meta;
        }
        ServerResult::CustomResult(custom) => {
            let serde_json::Value::Object(mut fields) = custom.0 else {
                return None;
            };
            let meta = fields.remove("_meta")?;
            if !fields.is_empty() {
                return None;
            }
            let serde_json::Value::Object(meta) = meta else {
                return None;
            };
            result.meta = Some(rmcp::model::MetaObject(meta));
        }
        _ => return None,
    }
    Some(result)
}
