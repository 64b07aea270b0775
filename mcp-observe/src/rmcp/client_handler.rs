//! A client's handler: every method of rmcp's `ClientHandler` goes to the handler inside, and what the
//! server asks or tells is an operation on the way, with the roles swapped.
//!
//! A method that were left out here would silently have rmcp's default behaviour instead of the
//! inner handler's; a test compares this file with the trait.

#![expect(
    deprecated,
    reason = "what is deprecated in the protocol still has to be handed on"
)]

use rmcp::model::{
    CancelledNotificationParam, ClientConfig, CreateMessageRequestParams, CreateMessageResult,
    CustomNotification, CustomRequest, CustomResult, ElicitRequestParams, ElicitResult,
    ListRootsResult, LoggingMessageNotificationParam, ProgressNotificationParam,
    ResourceUpdatedNotificationParam, SubscriptionsAcknowledgedNotificationParams,
    TaskStatusNotificationParams,
};
use rmcp::service::{MaybeSendFuture, NotificationContext, RequestContext};
use rmcp::{ClientHandler, ErrorData, RoleClient};

use super::embedded::Embedded;
use super::ending;
use super::message::{meta_of, version_of};
use super::observed::{Incoming, Observed, ObservedBuilder, Options};
use super::request::{Opened, Request};
use crate::closed::Method;
use crate::operation::message::{Message, RequestId};
use crate::operation::target::Target;
use crate::sent::endpoint::Endpoint;
use crate::sent::rounds::{Follows, Thread};

impl<H: ClientHandler> Observed<H> {
    /// Observes what a server asks of a client's `handler` (sampling, elicitation, roots) and tells it,
    /// by the process's default [`Telemetry`](crate::Telemetry). Each message is a span of kind
    /// `SERVER`, since here it is the client that serves.
    ///
    /// # Example
    /// ```no_run
    /// use mcp_observe::rmcp::{Observed, ObservedClient};
    /// use rmcp::{ClientHandler, ServiceExt};
    ///
    /// struct Asks;
    ///
    /// // `create_elicitation`, and whatever else servers may ask.
    /// impl ClientHandler for Asks {}
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # let transport = tokio::io::duplex(1).0;
    /// let session = Observed::client(Asks).serve(transport).await?;
    /// let client = ObservedClient::new(session);
    /// # Ok(())
    /// # }
    /// ```
    pub fn client(handler: H) -> Self {
        Self::client_builder(handler).build()
    }

    /// Starts setting up how a client's `handler` is observed.
    ///
    /// # Example
    /// ```
    /// use mcp_observe::rmcp::{Endpoint, Observed};
    ///
    /// let handler = Observed::client_builder(()).endpoint(&Endpoint::pipe()).build();
    /// ```
    pub fn client_builder(handler: H) -> ObservedBuilder<H> {
        ObservedBuilder {
            inner: handler,
            options: Options::default(),
            finish: |_| {},
        }
    }
}

impl<H: ClientHandler> ObservedBuilder<H> {
    /// Says how the server is reached, which rmcp does not tell a client: `network.transport`. Its
    /// address is no attribute of messages that come from there. Default: unknown, and left out.
    pub fn endpoint(mut self, endpoint: &Endpoint) -> Self {
        self.options.transport = endpoint.transport;
        self
    }
}

macro_rules! request {
    ($name:ident($($params:ty)?) -> $result:ty, $method:expr) => {
        request!(@ $name, $($params)?, $result, $method);
    };
    (@ $name:ident, $params:ty, $result:ty, $method:expr) => {
        fn $name(
            &self,
            request: $params,
            context: RequestContext<RoleClient>,
        ) -> impl Future<Output = Result<$result, ErrorData>> + MaybeSendFuture + '_ {
            let method: fn(&$params) -> Method = $method;
            let opened = self.open_asked(method(&request), &context);
            let inner = || self.inner.$name(request, context);
            self.carry_out(opened, inner, |result, _| ending::of_request(result))
        }
    };
    (@ $name:ident, , $result:ty, $method:expr) => {
        fn $name(
            &self,
            context: RequestContext<RoleClient>,
        ) -> impl Future<Output = Result<$result, ErrorData>> + MaybeSendFuture + '_ {
            let opened = self.open_asked($method, &context);
            let inner = || self.inner.$name(context);
            self.carry_out(opened, inner, |result, _| ending::of_request(result))
        }
    };
}

macro_rules! notification {
    ($name:ident($params:ty), $about:expr) => {
        async fn $name(&self, notification: $params, context: NotificationContext<RoleClient>) {
            let about: fn(&$params) -> Request<'_> = $about;
            let Some(opened) = self.open_told(&about(&notification), &context) else {
                return self.inner.$name(notification, context).await;
            };
            let inner = async { self.inner.$name(notification, context).await };
            self.carry_on(opened, inner).await;
        }
    };
    ($name:ident(), $about:expr) => {
        async fn $name(&self, context: NotificationContext<RoleClient>) {
            let Some(opened) = self.open_told(&$about, &context) else {
                return self.inner.$name(context).await;
            };
            let inner = async { self.inner.$name(context).await };
            self.carry_on(opened, inner).await;
        }
    };
}

impl<H: ClientHandler> ClientHandler for Observed<H> {
    request!(ping() -> (), const { Method::known("ping") });
    request!(create_message(CreateMessageRequestParams) -> CreateMessageResult, |_| const {
        Method::known("sampling/createMessage")
    });
    request!(list_roots() -> ListRootsResult, const { Method::known("roots/list") });
    request!(create_elicitation(ElicitRequestParams) -> ElicitResult, |_| const {
        Method::known("elicitation/create")
    });
    // A known method whose parameters were malformed comes here as well.
    request!(on_custom_request(CustomRequest) -> CustomResult, |it| Method::parse(&it.method));

    notification!(on_cancelled(CancelledNotificationParam), |_| Request::of(
        const { Method::known("notifications/cancelled") }
    ));
    notification!(on_progress(ProgressNotificationParam), |_| Request::of(
        const { Method::known("notifications/progress") }
    ));
    notification!(on_logging_message(LoggingMessageNotificationParam), |_| {
        Request::of(const { Method::known("notifications/message") })
    });
    notification!(
        on_resource_updated(ResourceUpdatedNotificationParam),
        |it| Request {
            resource_uri: Some(&it.uri),
            ..Request::of(const { Method::known("notifications/resources/updated") })
        }
    );
    notification!(
        on_resource_list_changed(),
        Request::of(const { Method::known("notifications/resources/list_changed") })
    );
    notification!(
        on_tool_list_changed(),
        Request::of(const { Method::known("notifications/tools/list_changed") })
    );
    notification!(
        on_prompt_list_changed(),
        Request::of(const { Method::known("notifications/prompts/list_changed") })
    );
    notification!(
        on_subscriptions_acknowledged(SubscriptionsAcknowledgedNotificationParams),
        |_| Request::of(const { Method::known("notifications/subscriptions/acknowledged") })
    );
    notification!(on_task_status(TaskStatusNotificationParams), |it| Request {
        follows: Some(Thread::Task(&it.task.task.task_id)),
        ..Request::of(const { Method::known("notifications/tasks") })
    });
    notification!(on_custom_notification(CustomNotification), |it| {
        Request::of(Method::parse(&it.method))
    });

    fn get_info(&self) -> ClientConfig {
        self.inner.get_info()
    }
}

impl<H: ClientHandler> Observed<H> {
    /// Opens the operation of a server's request; none if nothing is installed.
    fn open_asked(&self, method: Method, context: &RequestContext<RoleClient>) -> Option<Opened> {
        let telemetry = self.telemetry()?;
        let is_message = context.extensions.get::<Embedded>().is_none();
        let incoming = Incoming {
            message: Message {
                request_id: is_message.then(|| RequestId::of(&context.id)),
                protocol_version: version_of(&context.peer),
                transport: self.options.transport,
                ..Message::default()
            },
            meta: if is_message {
                Some(&context.meta)
            } else {
                None
            },
            extensions: &context.extensions,
            follows: None,
            initialized: None,
            cancelled: Some(&context.ct),
        };
        Some(self.open(&telemetry, method, &Target::None, &incoming))
    }

    /// Opens the operation of a server's notification; none if nothing is installed.
    fn open_told(
        &self,
        about: &Request<'_>,
        context: &NotificationContext<RoleClient>,
    ) -> Option<Opened> {
        let telemetry = self.telemetry()?;
        let incoming = Incoming {
            message: Message {
                protocol_version: version_of(&context.peer),
                transport: self.options.transport,
                resource_uri: about.resource_uri,
                ..Message::default()
            },
            meta: Some(meta_of(context)),
            extensions: &context.extensions,
            follows: about.follows.map(Follows::Sent),
            initialized: None,
            cancelled: None,
        };
        Some(self.open(&telemetry, about.method, &Target::None, &incoming))
    }
}
