//! A client that answers what a server asks for before it can finish a call (protocol 2026-07-28):
//! rmcp's `RunningService`, observed.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use rmcp::RoleClient;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ClientResult, DEFAULT_MRTR_MAX_ROUNDS,
    ErrorData, GetExtensions, GetMeta, GetPromptRequestParams, GetPromptResponse, GetPromptResult,
    InputRequest, InputRequiredResult, InputResponses, NumberOrString, ReadResourceRequestParams,
    ReadResourceResponse, ReadResourceResult, RequestMetaObject, ServerRequest,
};
use rmcp::service::{RequestContext, RunningService, Service, ServiceError};

use super::ObservedPeer;
use super::outgoing::Earlier;
use crate::rmcp::embedded::Embedded;

/// A running client whose every message is observed: an [`ObservedPeer`], and rmcp's
/// [`RunningService`] for what only that can do.
///
/// Its `call_tool`, `get_prompt` and `read_resource` answer what the server asks for on the way, as
/// those of `RunningService` do. Each round is a span, linked to the one before and in the same trace;
/// the time in between, in which a person may be asked, is in none of them.
///
/// # Example
/// ```
/// # async fn call(session: rmcp::service::RunningService<rmcp::RoleClient, ()>)
/// # -> Result<(), Box<dyn std::error::Error>> {
/// use mcp_observe::rmcp::ObservedClient;
/// use rmcp::model::CallToolRequestParams;
///
/// let client = ObservedClient::new(session);
/// let result = client.call_tool(CallToolRequestParams::new("get_weather")).await?;
/// client.into_inner().cancel().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ObservedClient<S: Service<RoleClient>> {
    service: RunningService<RoleClient, S>,
    peer: ObservedPeer<RoleClient>,
}

impl<S: Service<RoleClient>> ObservedClient<S> {
    /// Observes what `service` sends, by the process's default [`Telemetry`](crate::Telemetry).
    #[must_use]
    pub fn new(service: RunningService<RoleClient, S>) -> Self {
        let peer = ObservedPeer::new(service.peer().clone());
        Self { service, peer }
    }

    /// Observes what `service` sends in the way that `set_up` says.
    ///
    /// # Example
    /// ```
    /// # fn wrap(session: rmcp::service::RunningService<rmcp::RoleClient, ()>) {
    /// use mcp_observe::rmcp::{Endpoint, ObservedClient};
    ///
    /// let client = ObservedClient::with(session, |peer| peer.endpoint(Endpoint::pipe()));
    /// # }
    /// ```
    #[must_use]
    pub fn with(
        service: RunningService<RoleClient, S>,
        set_up: impl FnOnce(
            super::ObservedPeerBuilder<RoleClient>,
        ) -> super::ObservedPeerBuilder<RoleClient>,
    ) -> Self {
        let peer = set_up(ObservedPeer::builder(service.peer().clone())).build();
        Self { service, peer }
    }

    /// The service. What is sent through it is not observed.
    #[must_use]
    pub fn service(&self) -> &RunningService<RoleClient, S> {
        &self.service
    }

    /// Takes the service out, to close it or to wait for its end.
    #[must_use]
    pub fn into_inner(self) -> RunningService<RoleClient, S> {
        self.service
    }

    /// Calls a tool, in as many rounds as it takes, up to rmcp's default of 10.
    ///
    /// # Errors
    /// As rmcp's `RunningService::call_tool`.
    pub async fn call_tool(
        &self,
        params: CallToolRequestParams,
    ) -> Result<CallToolResult, ServiceError> {
        self.call_tool_with_mrtr_max_rounds(params, DEFAULT_MRTR_MAX_ROUNDS)
            .await
    }

    /// Likewise, in at most `max_rounds` rounds.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn call_tool_with_mrtr_max_rounds(
        &self,
        params: CallToolRequestParams,
        max_rounds: usize,
    ) -> Result<CallToolResult, ServiceError> {
        self.rounds(params, max_rounds, async |earlier, params| {
            Ok(match self.peer.call_tool_after(earlier, params).await? {
                CallToolResponse::Complete(result) => Round::Last(result),
                CallToolResponse::InputRequired(asked) => Round::Asked(asked),
                // As in rmcp: who declares that extension polls by `call_tool_once` and `get_task`.
                _ => return Err(ServiceError::UnexpectedResponse),
            })
        })
        .await
    }

    /// Gets a prompt, in as many rounds as it takes, up to rmcp's default of 10.
    ///
    /// # Errors
    /// As rmcp's `RunningService::get_prompt`.
    pub async fn get_prompt(
        &self,
        params: GetPromptRequestParams,
    ) -> Result<GetPromptResult, ServiceError> {
        self.get_prompt_with_mrtr_max_rounds(params, DEFAULT_MRTR_MAX_ROUNDS)
            .await
    }

    /// Likewise, in at most `max_rounds` rounds.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn get_prompt_with_mrtr_max_rounds(
        &self,
        params: GetPromptRequestParams,
        max_rounds: usize,
    ) -> Result<GetPromptResult, ServiceError> {
        self.rounds(params, max_rounds, async |earlier, params| {
            Ok(match self.peer.get_prompt_after(earlier, params).await? {
                GetPromptResponse::Complete(result) => Round::Last(result),
                GetPromptResponse::InputRequired(asked) => Round::Asked(asked),
                _ => return Err(ServiceError::UnexpectedResponse),
            })
        })
        .await
    }

    /// Reads a resource, in as many rounds as it takes, up to rmcp's default of 10.
    ///
    /// # Errors
    /// As rmcp's `RunningService::read_resource`.
    pub async fn read_resource(
        &self,
        params: ReadResourceRequestParams,
    ) -> Result<ReadResourceResult, ServiceError> {
        self.read_resource_with_mrtr_max_rounds(params, DEFAULT_MRTR_MAX_ROUNDS)
            .await
    }

    /// Likewise, in at most `max_rounds` rounds.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn read_resource_with_mrtr_max_rounds(
        &self,
        params: ReadResourceRequestParams,
        max_rounds: usize,
    ) -> Result<ReadResourceResult, ServiceError> {
        self.rounds(params, max_rounds, async |earlier, params| {
            Ok(
                match self.peer.read_resource_after(Some(earlier), params).await? {
                    ReadResourceResponse::Complete(result) => Round::Last(result),
                    ReadResourceResponse::InputRequired(asked) => Round::Asked(asked),
                    _ => return Err(ServiceError::UnexpectedResponse),
                },
            )
        })
        .await
    }

    /// Makes rounds until one is the last. As in rmcp.
    async fn rounds<P: Rounds, T>(
        &self,
        mut params: P,
        max_rounds: usize,
        mut round: impl AsyncFnMut(&mut Earlier, P) -> Result<Round<T>, ServiceError>,
    ) -> Result<T, ServiceError> {
        let mut earlier = Earlier::default();
        let mut without_requests = 0;
        for _ in 0..max_rounds {
            match round(&mut earlier, params.clone()).await? {
                Round::Last(result) => return Ok(result),
                Round::Asked(asked) => {
                    let state = asked.request_state.clone();
                    let call = Embedded(earlier.context());
                    let responses = self.answer(asked, &call, &mut without_requests).await?;
                    params.go_on(responses, state);
                }
            }
        }
        Err(ServiceError::InputRequiredRoundsExceeded { max_rounds })
    }

    /// Has the client's handler answer what the server asked for.
    async fn answer(
        &self,
        asked: InputRequiredResult,
        call: &Embedded,
        without_requests: &mut u32,
    ) -> Result<Option<InputResponses>, ServiceError> {
        let requests = asked.input_requests.unwrap_or_default();
        if requests.is_empty() {
            if asked.request_state.is_none() {
                return Err(ServiceError::UnexpectedResponse);
            }
            // The server only wants to be asked again: as rmcp does, not at once.
            let pause = Duration::from_millis(50) * (1 << (*without_requests).min(3));
            tokio::time::sleep(pause.min(Duration::from_millis(250))).await;
            *without_requests += 1;
            return Ok(None);
        }
        *without_requests = 0;
        let answers = requests
            .into_iter()
            .map(async |(key, request)| Ok((key.clone(), self.handle(&key, request, call).await?)));
        Ok(Some(try_join_all(answers).await?.into_iter().collect()))
    }

    async fn handle(
        &self,
        key: &str,
        request: InputRequest,
        call: &Embedded,
    ) -> Result<serde_json::Value, ServiceError> {
        let mut request = match request {
            InputRequest::CreateMessage(request) => ServerRequest::CreateMessageRequest(request),
            InputRequest::Elicitation(request) => ServerRequest::ElicitRequest(request),
            InputRequest::ListRoots(request) => ServerRequest::ListRootsRequest(request),
            _ => return Err(ServiceError::UnexpectedResponse),
        };
        let id = NumberOrString::String(Arc::from(key));
        let mut context = RequestContext::new(id, self.service.peer().clone());
        context.meta = std::mem::take::<RequestMetaObject>(request.get_meta_mut());
        context.extensions = std::mem::take(request.extensions_mut());
        context.extensions.insert(call.clone());
        let handler = self.service.service();
        let answer = handler
            .handle_request(request, context)
            .await
            .map_err(ServiceError::McpError)?;
        let answer = match answer {
            ClientResult::CreateMessageResult(result) => serde_json::to_value(result),
            ClientResult::ElicitResult(result) => serde_json::to_value(result),
            ClientResult::ListRootsResult(result) => serde_json::to_value(result),
            _ => return Err(ServiceError::UnexpectedResponse),
        };
        answer.map_err(|error| {
            let text = format!("failed to serialize MRTR input response: {error}");
            ServiceError::McpError(ErrorData::internal_error(text, None))
        })
    }
}

impl<S: Service<RoleClient>> Deref for ObservedClient<S> {
    type Target = ObservedPeer<RoleClient>;

    fn deref(&self) -> &ObservedPeer<RoleClient> {
        &self.peer
    }
}

/// How a round ended.
enum Round<T> {
    Last(T),
    Asked(InputRequiredResult),
}

/// Parameters that have the answers of the round before.
trait Rounds: Clone {
    fn go_on(&mut self, responses: Option<InputResponses>, state: Option<String>);
}

macro_rules! rounds {
    ($($params:ty),*) => {$(
        impl Rounds for $params {
            fn go_on(&mut self, responses: Option<InputResponses>, state: Option<String>) {
                self.input_responses = responses;
                self.request_state = state;
            }
        }
    )*};
}

rounds!(
    CallToolRequestParams,
    GetPromptRequestParams,
    ReadResourceRequestParams
);
