//! A request that was sent, and can be cancelled.

use std::sync::Arc;

use rmcp::model::{ProgressToken, RequestId};
use rmcp::service::{RequestHandle, ServiceError};

use super::Options;
use super::answer::Ending;
use super::role::Role;
use crate::sent::awaited::Awaited;

/// A request that was sent: rmcp's [`RequestHandle`], observed. Dropped before the answer came, it was
/// cancelled, although as with rmcp's the peer is not told.
#[derive(Debug)]
pub struct ObservedRequest<R: Role> {
    pub(super) handle: RequestHandle<R>,
    pub(super) awaited: Option<Awaited>,
    pub(super) options: Arc<Options>,
}

impl<R: Role> ObservedRequest<R> {
    /// The id of the request.
    #[must_use]
    pub fn id(&self) -> &RequestId {
        &self.handle.id
    }

    /// The token that progress notifications for it have.
    #[must_use]
    pub fn progress_token(&self) -> &ProgressToken {
        &self.handle.progress_token
    }

    /// Waits for the answer.
    ///
    /// # Errors
    /// As [`RequestHandle::await_response`].
    pub async fn await_response(mut self) -> Result<R::PeerResp, ServiceError> {
        let answer = self.handle.await_response().await;
        if let Some(awaited) = &mut self.awaited {
            self.options.ending::<R>(awaited, &answer).close(awaited);
        }
        answer
    }

    /// Waits for the answer, and takes it apart: one of another type than what was asked for is an
    /// unexpected response.
    pub(super) async fn taken<T>(
        mut self,
        take: impl FnOnce(R::PeerResp) -> Option<T>,
    ) -> Result<T, ServiceError> {
        let answer = self.handle.await_response().await;
        let awaited = self.awaited.as_mut();
        let awaited = awaited.map(|it| (self.options.ending::<R>(it, &answer), it));
        let taken = answer.and_then(|answer| take(answer).ok_or(ServiceError::UnexpectedResponse));
        if let Some((ending, awaited)) = awaited {
            match taken {
                Err(ServiceError::UnexpectedResponse) => Ending::UNEXPECTED.close(awaited),
                _ => ending.close(awaited),
            }
        }
        taken
    }

    /// Cancels the request, and tells the peer.
    ///
    /// # Errors
    /// As [`RequestHandle::cancel`].
    pub async fn cancel(self, reason: Option<String>) -> Result<(), ServiceError> {
        // The operation is dropped on the way out, also if the peer cannot be told.
        let _awaited = self.awaited;
        self.handle.cancel(reason).await
    }
}
