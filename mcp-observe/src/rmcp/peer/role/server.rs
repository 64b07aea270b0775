//! What a server sends to its client.

use rmcp::RoleServer;
use rmcp::model::{
    ClientResult, ConstString as _, Extensions, GetExtensions as _, RequestParamsMeta as _,
    ServerNotification, ServerRequest,
};
use rmcp::service::Peer;

use super::{Role, sealed};
use crate::closed::{Method, ProtocolVersion};
use crate::operation::outcome::Outcome;
use crate::rmcp::peer::outgoing::About;
use crate::sent::rounds::Thread;

impl Role for RoleServer {}

impl sealed::Role for RoleServer {
    fn about(request: &ServerRequest) -> About<'_> {
        match request {
            ServerRequest::PingRequest(_) => About::of(const { Method::known("ping") }),
            ServerRequest::CreateMessageRequest(request) => About {
                meta: request.params.meta(),
                ..About::of(const { Method::known("sampling/createMessage") })
            },
            ServerRequest::ListRootsRequest(_) => About::of(const { Method::known("roots/list") }),
            ServerRequest::ElicitRequest(request) => About {
                meta: request.params.meta(),
                ..About::of(const { Method::known("elicitation/create") })
            },
            ServerRequest::CustomRequest(request) => About::of(Method::parse(&request.method)),
            _ => About::of(Method::OTHER),
        }
    }

    fn notification(notification: &ServerNotification) -> Method {
        Method::parse(match notification {
            ServerNotification::CancelledNotification(it) => it.method.as_str(),
            ServerNotification::ProgressNotification(it) => it.method.as_str(),
            ServerNotification::LoggingMessageNotification(it) => it.method.as_str(),
            ServerNotification::ResourceUpdatedNotification(it) => it.method.as_str(),
            ServerNotification::ResourceListChangedNotification(it) => it.method.as_str(),
            ServerNotification::ToolListChangedNotification(it) => it.method.as_str(),
            ServerNotification::PromptListChangedNotification(it) => it.method.as_str(),
            ServerNotification::SubscriptionsAcknowledgedNotification(it) => it.method.as_str(),
            ServerNotification::TaskStatusNotification(it) => it.method.as_str(),
            ServerNotification::CustomNotification(it) => it.method.as_str(),
            _ => "",
        })
    }

    fn notification_extensions(notification: &mut ServerNotification) -> &mut Extensions {
        notification.extensions_mut()
    }

    fn answered(_: &ClientResult) -> Outcome {
        Outcome::SUCCESS
    }

    fn followed_by(_: &ClientResult) -> Option<Thread<'_>> {
        None
    }

    fn message(_: &ClientResult) -> Option<String> {
        None
    }

    fn protocol_version(peer: &Peer<Self>) -> Option<ProtocolVersion> {
        peer.peer_info()
            .map(|info| ProtocolVersion::parse(info.protocol_version.as_str()))
    }
}
