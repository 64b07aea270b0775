//! Sending any message.

use std::sync::Arc;

#[cfg(feature = "client")]
use rmcp::model::GetExtensions as _;
use rmcp::model::{GetMeta as _, NotificationMetaObject, RequestId as Id};
use rmcp::service::{PeerRequestOptions, ServiceError};
use serde_json::Value;

use super::answer::Ending;
use super::outgoing::{About, Earlier, Layers};
use super::role::{Role, sealed};
use super::{ObservedPeer, ObservedRequest};
use crate::operation::message::RequestId;
#[cfg(feature = "client")]
use crate::rmcp::sent::Sent;
use crate::sent::awaited::Awaited;

impl<R: Role> ObservedPeer<R> {
    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// As rmcp's `Peer::send_request`.
    pub async fn send_request(&self, request: R::Req) -> Result<R::PeerResp, ServiceError> {
        self.send_request_with_option(request, PeerRequestOptions::no_options())
            .await?
            .await_response()
            .await
    }

    /// Sends a request that can be cancelled.
    ///
    /// # Errors
    /// As rmcp's `Peer::send_cancellable_request`.
    pub async fn send_cancellable_request(
        &self,
        request: R::Req,
        options: PeerRequestOptions,
    ) -> Result<ObservedRequest<R>, ServiceError> {
        self.send_request_with_option(request, options).await
    }

    /// Sends a request with options, such as a timeout.
    ///
    /// # Errors
    /// As rmcp's `Peer::send_request_with_option`.
    pub async fn send_request_with_option(
        &self,
        request: R::Req,
        options: PeerRequestOptions,
    ) -> Result<ObservedRequest<R>, ServiceError> {
        self.send(request, options, &mut Earlier::default()).await
    }

    pub(super) async fn send(
        &self,
        mut request: R::Req,
        mut options: PeerRequestOptions,
        earlier: &mut Earlier,
    ) -> Result<ObservedRequest<R>, ServiceError> {
        let mut awaited = {
            let about = <R as sealed::Role>::about(&request);
            let layers = Layers([options.meta.as_ref(), Some(request.get_meta()), about.meta]);
            self.open(&about, Some(&layers), earlier)
        };
        if let Some(awaited) = &awaited {
            // What the options have goes before what the request has.
            let meta = match &mut options.meta {
                Some(meta) => meta,
                None => request.get_meta_mut(),
            };
            awaited.inject(|key, value| {
                meta.insert(key.to_owned(), Value::String(value));
            });
            #[cfg(feature = "client")]
            if R::IS_CLIENT {
                request.extensions_mut().insert(Sent::of(awaited));
            }
        }
        let sent = self.peer.send_request_with_option(request, options).await;
        if let Some(awaited) = &mut awaited {
            match &sent {
                Ok(handle) => identify(awaited, &handle.id),
                Err(error) => self.options.failure(awaited, error).close(awaited),
            }
        }
        Ok(ObservedRequest {
            handle: sent?,
            awaited,
            options: Arc::clone(&self.options),
        })
    }

    /// Sends a notification.
    ///
    /// # Errors
    /// As rmcp's `Peer::send_notification`.
    pub async fn send_notification(&self, mut notification: R::Not) -> Result<(), ServiceError> {
        let about = About::of(<R as sealed::Role>::notification(&notification));
        let extensions = <R as sealed::Role>::notification_extensions(&mut notification);
        let meta = extensions.get_or_insert_default::<NotificationMetaObject>();
        let mut awaited = self.open(&about, Some(meta), &mut Earlier::default());
        if let Some(awaited) = &awaited {
            awaited.inject(|key, value| {
                meta.insert(key.to_owned(), Value::String(value));
            });
            #[cfg(feature = "client")]
            if R::IS_CLIENT {
                extensions.insert(Sent::of(awaited));
            }
        }
        let sent = self.peer.send_notification(notification).await;
        if let Some(awaited) = &mut awaited {
            match &sent {
                Ok(()) => Ending::SUCCESS.close(awaited),
                Err(error) => self.options.failure(awaited, error).close(awaited),
            }
        }
        sent
    }
}

/// The request got its id.
fn identify(awaited: &Awaited, id: &Id) {
    if let Some(span) = awaited.span().filter(|span| span.is_recording()) {
        span.set_attribute(RequestId::of(id).attribute());
    }
}
