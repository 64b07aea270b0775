//! The handler itself: every method of rmcp's `ServerHandler` goes to the handler inside, and those
//! that handle a message are operations on the way.
//!
//! A method that were left out here would silently have rmcp's default behaviour instead of the
//! inner handler's; a test compares this file with the trait.

#![expect(
    deprecated,
    reason = "what is deprecated in the protocol still has to be handed on"
)]

use std::borrow::Cow;
use std::time::Instant;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CancelTaskParams, CancelledNotificationParam,
    CompleteRequestParams, CompleteResult, CustomNotification, CustomRequest, CustomResult,
    DiscoverResult, GetPromptRequestParams, GetPromptResponse, GetSkillRequestParams,
    GetSkillResult, GetTaskParams, GetTaskResult, InitializeRequestParams, InitializeResult,
    ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult, ListSkillsResult,
    ListToolsResult, PaginatedRequestParams, ProgressNotificationParam, ProtocolVersion as Version,
    ReadResourceDirectoryRequestParams, ReadResourceRequestParams, ReadResourceResponse,
    ServerConfig, SetLevelRequestParams, SubscribeRequestParams, SubscriptionFilter, Tool,
    UnsubscribeRequestParams, UpdateTaskParams,
};
use rmcp::service::{MaybeSendFuture, NotificationContext, RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};

use super::ending::{self, Called};
use super::followed;
use super::observed::Observed;
use super::request::{Client, Request};
use crate::closed::{Method, ProtocolVersion};
use crate::operation::target::Target;
use crate::sent::rounds::Thread;

/// A request that needs nothing but its method, and the URI of its resource or the id of its task if
/// it has one.
macro_rules! request {
    (
        $name:ident($params:ty) -> $result:ty,
        $method:literal
        $(, uri = $uri:ident)?
        $(, task = $task:ident)?
    ) => {
        fn $name(
            &self,
            request: $params,
            mut context: RequestContext<RoleServer>,
        ) -> impl Future<Output = Result<$result, ErrorData>> + MaybeSendFuture + '_ {
            let about = Request {
                $(resource_uri: Some(&request.$uri),)?
                $(follows: Some(Thread::Task(&request.$task)),)?
                ..Request::of(const { Method::known($method) })
            };
            let opened = self.open_request(&about, &mut context);
            let inner = || self.inner.$name(request, context);
            self.carry_out(opened, inner, |result, _| ending::of_request(result))
        }
    };
    ($name:ident() -> $result:ty, $method:literal) => {
        fn $name(
            &self,
            mut context: RequestContext<RoleServer>,
        ) -> impl Future<Output = Result<$result, ErrorData>> + MaybeSendFuture + '_ {
            let about = Request::of(const { Method::known($method) });
            let opened = self.open_request(&about, &mut context);
            let inner = || self.inner.$name(context);
            self.carry_out(opened, inner, |result, _| ending::of_request(result))
        }
    };
}

macro_rules! notification {
    ($name:ident($($params:ty)?), $method:expr) => {
        notification!(@ $name, $($params)?, $method);
    };
    (@ $name:ident, $params:ty, $method:expr) => {
        async fn $name(&self, notification: $params, context: NotificationContext<RoleServer>) {
            let method: fn(&$params) -> Method = $method;
            let Some(opened) = self.open_notification(method(&notification), &context) else {
                return self.inner.$name(notification, context).await;
            };
            let inner = async { self.inner.$name(notification, context).await };
            self.carry_on(opened, inner).await;
        }
    };
    (@ $name:ident, , $method:expr) => {
        async fn $name(&self, context: NotificationContext<RoleServer>) {
            let Some(opened) = self.open_notification($method, &context) else {
                return self.inner.$name(context).await;
            };
            let inner = async { self.inner.$name(context).await };
            self.carry_on(opened, inner).await;
        }
    };
}

impl<H: ServerHandler> ServerHandler for Observed<H> {
    request!(ping() -> (), "ping");
    request!(discover() -> DiscoverResult, "server/discover");
    request!(complete(CompleteRequestParams) -> CompleteResult, "completion/complete");
    request!(set_level(SetLevelRequestParams) -> (), "logging/setLevel");
    request!(
        list_tools(Option<PaginatedRequestParams>) -> ListToolsResult,
        "tools/list"
    );
    request!(
        list_resources(Option<PaginatedRequestParams>) -> ListResourcesResult,
        "resources/list"
    );
    request!(
        list_resource_templates(Option<PaginatedRequestParams>) -> ListResourceTemplatesResult,
        "resources/templates/list"
    );
    request!(subscribe(SubscribeRequestParams) -> (), "resources/subscribe", uri = uri);
    request!(unsubscribe(UnsubscribeRequestParams) -> (), "resources/unsubscribe", uri = uri);
    request!(get_task(GetTaskParams) -> GetTaskResult, "tasks/get", task = task_id);
    request!(update_task(UpdateTaskParams) -> (), "tasks/update", task = task_id);
    request!(cancel_task(CancelTaskParams) -> (), "tasks/cancel", task = task_id);
    request!(
        list_skills(Option<PaginatedRequestParams>) -> ListSkillsResult,
        "skills/list"
    );
    request!(get_skill(GetSkillRequestParams) -> GetSkillResult, "skills/get", uri = uri);
    request!(read_resource_directory(ReadResourceDirectoryRequestParams) -> ListResourcesResult, "resources/directory/read", uri = uri);

    notification!(on_cancelled(CancelledNotificationParam), |_| const {
        Method::known("notifications/cancelled")
    });
    notification!(on_progress(ProgressNotificationParam), |_| const {
        Method::known("notifications/progress")
    });
    notification!(
        on_initialized(),
        const { Method::known("notifications/initialized") }
    );
    notification!(
        on_roots_list_changed(),
        const { Method::known("notifications/roots/list_changed") }
    );
    notification!(on_custom_notification(CustomNotification), |it| {
        Method::parse(&it.method)
    });

    fn initialize(
        &self,
        request: InitializeRequestParams,
        mut context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<InitializeResult, ErrorData>> + MaybeSendFuture + '_ {
        let at = Instant::now();
        let about = Request {
            // What the client asks for; what is agreed on is known only at the end.
            settles_version: true,
            ..Request::of(Method::INITIALIZE)
        };
        let opened = self.open_request(&about, &mut context);
        let inner = || {
            let initialise = self.inner.initialize(request, context);
            self.session.initialising(initialise)
        };
        self.carry_out(opened, inner, move |result, ending| {
            if let Ok(result) = result {
                let telemetry = &ending.handling.telemetry;
                let version = ProtocolVersion::parse(result.protocol_version.as_str());
                ending.operation.negotiated(telemetry, version);
                self.session.begin(at, telemetry, version, ending.transport);
            }
            ending::of_request(result)
        })
    }

    fn call_tool(
        &self,
        request: CallToolRequestParams,
        mut context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<CallToolResponse, ErrorData>> + MaybeSendFuture + '_ {
        let opened = self.telemetry_of(&context.extensions).map(|telemetry| {
            let about = Request {
                target: Target::Tool(self.tool(&telemetry, &request.name)),
                asked_for: Some(&request.name),
                follows: followed::from(
                    request.request_state.as_deref(),
                    request.input_responses.as_ref(),
                ),
                ..Request::of(Method::TOOLS_CALL)
            };
            self.open_request_of(&telemetry, &about, &mut context)
        });
        let client = Client::of(&context, opened.as_ref());
        let inner = || self.inner.call_tool(request, context);
        self.carry_out(opened, inner, move |result, ending| {
            let answer = client.answered(result);
            match result {
                Ok(CallToolResponse::InputRequired(round)) => {
                    ending.remember(followed::by(round), answer);
                }
                Ok(CallToolResponse::Task(accepted)) => {
                    ending.remember(Thread::Task(&accepted.task.task_id), answer);
                }
                _ => {}
            }
            let entered = ending.handling.was_entered();
            Called {
                answer,
                attributed: ending.handling.is_attributed(),
                entered,
                refuses_arguments: !entered && ending::refuses_arguments(result),
                reported: ending.handling.ending().map(|ending| ending.0),
            }
            .outcome()
        })
    }

    fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        mut context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<GetPromptResponse, ErrorData>> + MaybeSendFuture + '_ {
        let opened = self.telemetry_of(&context.extensions).map(|telemetry| {
            let about = Request {
                target: Target::Prompt(self.served(&telemetry).prompt(&request.name)),
                follows: followed::from(
                    request.request_state.as_deref(),
                    request.input_responses.as_ref(),
                ),
                ..Request::of(const { Method::known("prompts/get") })
            };
            self.open_request_of(&telemetry, &about, &mut context)
        });
        let client = Client::of(&context, opened.as_ref());
        let inner = || self.inner.get_prompt(request, context);
        self.carry_out(opened, inner, move |result, ending| match result {
            Ok(GetPromptResponse::InputRequired(round)) => {
                let answer = client.interim();
                ending.remember(followed::by(round), answer);
                answer
            }
            _ => ending::of_request(result),
        })
    }

    fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        mut context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<ReadResourceResponse, ErrorData>> + MaybeSendFuture + '_ {
        let about = Request {
            resource_uri: Some(&request.uri),
            follows: followed::from(
                request.request_state.as_deref(),
                request.input_responses.as_ref(),
            ),
            ..Request::of(const { Method::known("resources/read") })
        };
        let opened = self.open_request(&about, &mut context);
        let client = Client::of(&context, opened.as_ref());
        let inner = || self.inner.read_resource(request, context);
        self.carry_out(opened, inner, move |result, ending| match result {
            Ok(ReadResourceResponse::InputRequired(round)) => {
                let answer = client.interim();
                ending.remember(followed::by(round), answer);
                answer
            }
            _ => ending::of_request(result),
        })
    }

    fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        mut context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<ListPromptsResult, ErrorData>> + MaybeSendFuture + '_ {
        let about = Request::of(const { Method::known("prompts/list") });
        let opened = self.open_request(&about, &mut context);
        let inner = || self.inner.list_prompts(request, context);
        self.carry_out(opened, inner, |result, ending| {
            if let Ok(listed) = result {
                self.served(&ending.handling.telemetry).learn(listed);
            }
            ending::of_request(result)
        })
    }

    fn on_custom_request(
        &self,
        request: CustomRequest,
        mut context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<CustomResult, ErrorData>> + MaybeSendFuture + '_ {
        // A known method whose parameters were malformed comes here as well.
        let about = Request {
            asked_for: Some(&request.method),
            ..Request::of(Method::parse(&request.method))
        };
        let opened = self.open_request(&about, &mut context);
        let inner = || self.inner.on_custom_request(request, context);
        self.carry_out(opened, inner, |result, _| ending::of_request(result))
    }

    fn listen(
        &self,
        context: SubscriptionContext,
    ) -> impl Future<Output = Result<(), ErrorData>> + MaybeSendFuture + '_ {
        let method = const { Method::known("subscriptions/listen") };
        let opened = self.open_subscription(method, context.request_context());
        let inner = || self.inner.listen(context);
        self.carry_out(opened, inner, |result, _| ending::of_request(result))
    }

    fn negotiate_initialize(
        &self,
        request: &InitializeRequestParams,
    ) -> Result<InitializeResult, ErrorData> {
        self.inner.negotiate_initialize(request)
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [Version]> {
        self.inner.supported_protocol_versions()
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        self.inner.accepted_subscription_filter(requested)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.inner.get_tool(name)
    }

    fn get_info(&self) -> ServerConfig {
        self.inner.get_info()
    }
}
