//! What differs between the messages of a client and those of a server.

#[cfg(feature = "client")]
mod client;
mod server;

use rmcp::model::Extensions;
use rmcp::service::{Peer, ServiceRole};

use super::outgoing::About;
use crate::closed::{Method, ProtocolVersion};
use crate::operation::outcome::Outcome;
use crate::sent::rounds::Thread;

/// The side that sends: rmcp's `RoleClient` (feature `client`) or `RoleServer`.
pub trait Role: sealed::Role {}

pub(in crate::rmcp) mod sealed {
    use super::{About, Extensions, Method, Outcome, Peer, ProtocolVersion, ServiceRole, Thread};

    /// See [`Role`](super::Role).
    pub trait Role: ServiceRole<PeerInfo: Clone> {
        /// What a request is about.
        fn about(request: &Self::Req) -> About<'_>;

        fn notification(notification: &Self::Not) -> Method;

        fn notification_extensions(notification: &mut Self::Not) -> &mut Extensions;

        /// What an answer says of how the request ended.
        fn answered(answer: &Self::PeerResp) -> Outcome;

        /// What messages that go on with the request have in common with it.
        fn followed_by(answer: &Self::PeerResp) -> Option<Thread<'_>>;

        /// The text of a failed answer.
        fn message(answer: &Self::PeerResp) -> Option<String>;

        /// The protocol version that the session has, if it has one.
        fn protocol_version(peer: &Peer<Self>) -> Option<ProtocolVersion>;
    }
}
