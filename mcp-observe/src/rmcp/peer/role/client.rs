//! What a client sends to its server.

use rmcp::RoleClient;
use rmcp::model::{
    ClientNotification, ClientRequest, ConstString as _, Extensions, GetExtensions as _,
    InputResponses, RequestParamsMeta, ServerResult,
};
use rmcp::service::Peer;

use super::{Role, sealed};
use crate::call::classify::ToolResult as _;
use crate::closed::{Method, ProtocolVersion};
use crate::operation::outcome::{Outcome, ResultType};
use crate::rmcp::followed;
use crate::rmcp::message::version_of;
use crate::rmcp::peer::outgoing::{About, Named};
use crate::sent::rounds::Thread;

impl Role for RoleClient {}

impl sealed::Role for RoleClient {
    fn about(request: &ClientRequest) -> About<'_> {
        let about = About::of(Method::parse(request.method()));
        match request {
            ClientRequest::CallToolRequest(it) => about
                .params(&it.params)
                .named(Named::Tool(&it.params.name))
                .round(
                    it.params.request_state.as_deref(),
                    it.params.input_responses.as_ref(),
                ),
            ClientRequest::GetPromptRequest(it) => about
                .params(&it.params)
                .named(Named::Prompt(&it.params.name))
                .round(
                    it.params.request_state.as_deref(),
                    it.params.input_responses.as_ref(),
                ),
            ClientRequest::ReadResourceRequest(it) => {
                about.params(&it.params).uri(&it.params.uri).round(
                    it.params.request_state.as_deref(),
                    it.params.input_responses.as_ref(),
                )
            }
            ClientRequest::SubscribeRequest(it) => about.params(&it.params).uri(&it.params.uri),
            ClientRequest::UnsubscribeRequest(it) => about.params(&it.params).uri(&it.params.uri),
            ClientRequest::GetSkillRequest(it) => about.params(&it.params).uri(&it.params.uri),
            ClientRequest::ReadResourceDirectoryRequest(it) => {
                about.params(&it.params).uri(&it.params.uri)
            }
            ClientRequest::GetTaskRequest(it) => about.params(&it.params).task(&it.params.task_id),
            ClientRequest::UpdateTaskRequest(it) => {
                about.params(&it.params).task(&it.params.task_id)
            }
            ClientRequest::CancelTaskRequest(it) => {
                about.params(&it.params).task(&it.params.task_id)
            }
            ClientRequest::InitializeRequest(it) => about.params(&it.params),
            ClientRequest::CompleteRequest(it) => about.params(&it.params),
            ClientRequest::SetLevelRequest(it) => about.params(&it.params),
            ClientRequest::SubscriptionsListenRequest(it) => about.params(&it.params),
            ClientRequest::ListPromptsRequest(it) => about.optional(it.params.as_ref()),
            ClientRequest::ListResourcesRequest(it) => about.optional(it.params.as_ref()),
            ClientRequest::ListResourceTemplatesRequest(it) => about.optional(it.params.as_ref()),
            ClientRequest::ListToolsRequest(it) => about.optional(it.params.as_ref()),
            ClientRequest::ListSkillsRequest(it) => about.optional(it.params.as_ref()),
            _ => about,
        }
    }

    fn notification(notification: &ClientNotification) -> Method {
        Method::parse(match notification {
            ClientNotification::CancelledNotification(it) => it.method.as_str(),
            ClientNotification::ProgressNotification(it) => it.method.as_str(),
            ClientNotification::InitializedNotification(it) => it.method.as_str(),
            ClientNotification::RootsListChangedNotification(it) => it.method.as_str(),
            ClientNotification::CustomNotification(it) => it.method.as_str(),
            _ => "",
        })
    }

    fn notification_extensions(notification: &mut ClientNotification) -> &mut Extensions {
        notification.extensions_mut()
    }

    fn answered(answer: &ServerResult) -> Outcome {
        match answer {
            ServerResult::CallToolResult(result) => result.ending().0,
            ServerResult::InputRequiredResult(_) => Outcome::Success(ResultType::InputRequired),
            ServerResult::CreateTaskResult(_) => Outcome::Success(ResultType::Task),
            _ => Outcome::SUCCESS,
        }
    }

    fn followed_by(answer: &ServerResult) -> Option<Thread<'_>> {
        match answer {
            ServerResult::InputRequiredResult(it) => Some(followed::by(it)),
            ServerResult::CreateTaskResult(it) => Some(Thread::Task(&it.task.task_id)),
            _ => None,
        }
    }

    fn message(answer: &ServerResult) -> Option<String> {
        match answer {
            ServerResult::CallToolResult(result) => result.message(),
            _ => None,
        }
    }

    fn protocol_version(peer: &Peer<Self>) -> Option<ProtocolVersion> {
        version_of(peer)
    }
}

impl<'a> About<'a> {
    fn params(self, params: &'a impl RequestParamsMeta) -> Self {
        self.optional(Some(params))
    }

    fn optional(self, params: Option<&'a impl RequestParamsMeta>) -> Self {
        Self {
            meta: params.and_then(RequestParamsMeta::meta),
            ..self
        }
    }

    fn named(self, named: Named<'a>) -> Self {
        Self { named, ..self }
    }

    fn uri(self, uri: &'a str) -> Self {
        Self {
            resource_uri: Some(uri),
            ..self
        }
    }

    fn round(self, state: Option<&'a str>, responses: Option<&InputResponses>) -> Self {
        Self {
            follows: followed::from(state, responses),
            ..self
        }
    }

    fn task(self, id: &'a str) -> Self {
        Self {
            follows: Some(Thread::Task(id)),
            ..self
        }
    }
}
