//! Asking a server: as with rmcp's own methods, it is told of a request whose caller stopped waiting.

use std::pin::pin;
use std::task::{Context, Waker};

use rmcp::RoleClient;
use rmcp::model::{
    CancelledNotification, CancelledNotificationParam, ClientRequest, RequestId, ServerResult,
};
use rmcp::service::{Peer, PeerRequestOptions, ServiceError};

use super::outgoing::Earlier;
use super::{ObservedPeer, ObservedRequest};

impl ObservedPeer<RoleClient> {
    /// Sends a request and takes the answer apart; the peer is told if it is dropped.
    pub(super) async fn ask<T>(
        &self,
        request: impl Into<ClientRequest>,
        take: impl FnOnce(ServerResult) -> Option<T>,
    ) -> Result<T, ServiceError> {
        self.ask_after(&mut Earlier::default(), request, take).await
    }

    /// Likewise, as the next round of a call.
    pub(super) async fn ask_after<T>(
        &self,
        earlier: &mut Earlier,
        request: impl Into<ClientRequest>,
        take: impl FnOnce(ServerResult) -> Option<T>,
    ) -> Result<T, ServiceError> {
        self.send(request.into(), PeerRequestOptions::no_options(), earlier)
            .await?
            .take(take)
            .await
    }
}

impl ObservedRequest<RoleClient> {
    /// Waits for the answer, and takes it apart; the peer is told if nobody waits any more.
    async fn take<T>(
        self,
        take: impl FnOnce(ServerResult) -> Option<T>,
    ) -> Result<T, ServiceError> {
        let mut abandoned = Abandoned::new(self.handle.peer.clone(), self.handle.id.clone());
        let taken = self.taken(take).await;
        abandoned.disarm();
        taken
    }
}

/// Sends `notifications/cancelled` if it is dropped armed: as rmcp does for its own methods, whose
/// requests have no id that we could record.
pub(super) struct Abandoned {
    armed: Option<(Peer<RoleClient>, RequestId)>,
}

impl Abandoned {
    /// What rmcp gives as the reason.
    const REASON: &str = "request abandoned by the caller";

    pub(super) fn new(peer: Peer<RoleClient>, id: RequestId) -> Self {
        Self {
            armed: Some((peer, id)),
        }
    }

    pub(super) fn disarm(&mut self) {
        self.armed = None;
    }
}

impl Drop for Abandoned {
    fn drop(&mut self) {
        let Some((peer, id)) = self.armed.take() else {
            return;
        };
        let params = CancelledNotificationParam::new(Some(id), Some(Self::REASON.to_owned()));
        let notification = CancelledNotification::new(params);
        // Being polled once it puts the notification into rmcp's queue, if that has room; there is
        // no one to wait for more.
        let sending = pin!(peer.send_notification(notification.into()));
        let _ = sending.poll(&mut Context::from_waker(Waker::noop()));
    }
}
