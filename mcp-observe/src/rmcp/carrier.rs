//! rmcp's types as carriers of the caller's context.

use std::sync::Arc;

use rmcp::RoleServer;
use rmcp::model::{MetaObject, NotificationMetaObject, RequestMetaObject};
use rmcp::service::RequestContext;
use tokio_util::sync::CancellationToken;

use super::message::of_request;
use crate::call::source::{AsSource, Source, Watch};
use crate::context::carrier::Carrier;
use crate::operation::message::Message;
use crate::work::handling::Handling;

impl Carrier for MetaObject {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.as_str()
    }
}

impl Carrier for RequestMetaObject {
    fn get(&self, key: &str) -> Option<&str> {
        Carrier::get(&self.0, key)
    }
}

impl Carrier for NotificationMetaObject {
    fn get(&self, key: &str) -> Option<&str> {
        Carrier::get(&self.0, key)
    }
}

/// How an operation travels in a request's extensions: for work that leaves the task in which the
/// operation was opened.
#[derive(Debug, Clone)]
pub(super) struct InFlight {
    pub(super) handling: Arc<Handling>,
    /// The session id in the request's headers is the session's.
    pub(super) has_session: bool,
}

/// A request's context: everything there is to know of the message.
#[derive(Debug)]
pub struct ContextSource<'a>(&'a RequestContext<RoleServer>);

impl Source for ContextSource<'_> {
    type Watch = CancellationToken;

    fn carrier(&self) -> Option<&dyn Carrier> {
        Some(&self.0.meta)
    }

    fn message(&self) -> Message<'_> {
        of_request(self.0).0
    }

    fn watch(&self) -> CancellationToken {
        self.0.ct.clone()
    }

    #[cfg(feature = "http")]
    fn opened(&self) {
        if let Some(parts) = self.0.extensions.get() {
            crate::http::handled(parts, crate::http::Handler::Tool);
        }
    }

    fn handling(&self) -> Option<Arc<Handling>> {
        let in_flight: &InFlight = self.0.extensions.get()?;
        Some(Arc::clone(&in_flight.handling))
    }
}

impl Watch for CancellationToken {
    fn is_cancelled(&self) -> bool {
        CancellationToken::is_cancelled(self)
    }
}

impl AsSource for RequestContext<RoleServer> {
    type Source<'a> = ContextSource<'a>;

    fn as_source(&self) -> ContextSource<'_> {
        ContextSource(self)
    }
}

impl AsSource for &RequestContext<RoleServer> {
    type Source<'a>
        = ContextSource<'a>
    where
        Self: 'a;

    fn as_source(&self) -> ContextSource<'_> {
        ContextSource(self)
    }
}
