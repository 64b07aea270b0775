//! Opening the operation of a message that is about to be sent.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt as _};
use rmcp::model::RequestMetaObject;
use rmcp::service::Peer;

use super::ObservedPeer;
use super::role::Role;
use crate::closed::{Method, ProtocolVersion};
use crate::context::carrier::Carrier;
use crate::operation::message::Message;
use crate::operation::target::Target;
use crate::sent::awaited::{Awaited, Outgoing};
use crate::sent::rounds::Thread;
use crate::span::OpenSpan;
use crate::telemetry::Telemetry;

/// What a message is about.
#[derive(Debug, Clone)]
pub struct About<'a> {
    pub(in crate::rmcp) method: Method,
    pub(super) named: Named<'a>,
    pub(in crate::rmcp) resource_uri: Option<&'a str>,
    /// What it goes on with.
    pub(in crate::rmcp) follows: Option<Thread<'a>>,
    /// `_meta` as it stands in the parameters.
    pub(in crate::rmcp) meta: Option<&'a RequestMetaObject>,
}

/// The round that a call has behind it, where its rounds are made here and need no `requestState` to
/// find each other.
#[derive(Debug, Default)]
pub(super) struct Earlier(Option<SpanContext>);

#[cfg(feature = "client")]
impl Earlier {
    /// The context of the call: the caller's, or where it has none, that of the round.
    pub(super) fn context(&self) -> Context {
        let current = Context::current();
        match &self.0 {
            Some(round) if !current.has_active_span() => {
                current.with_remote_span_context(round.clone())
            }
            _ => current,
        }
    }
}

/// What a request asks for by name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Named<'a> {
    Nothing,
    #[cfg_attr(not(feature = "client"), expect(dead_code, reason = "clients ask"))]
    Tool(&'a str),
    #[cfg_attr(not(feature = "client"), expect(dead_code, reason = "clients ask"))]
    Prompt(&'a str),
}

impl About<'_> {
    pub(in crate::rmcp) fn of(method: Method) -> Self {
        Self {
            method,
            named: Named::Nothing,
            resource_uri: None,
            follows: None,
            meta: None,
        }
    }
}

/// The places in which a request may have a `_meta`; the first goes before the others on the wire.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Layers<'a>(pub(super) [Option<&'a RequestMetaObject>; 3]);

impl Carrier for Layers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let mut layers = self.0.iter().flatten();
        layers.find_map(|meta| Carrier::get(*meta, key))
    }
}

impl<R: Role> ObservedPeer<R> {
    /// Opens the operation of a message; none if nothing is installed.
    pub(super) fn open(
        &self,
        about: &About<'_>,
        meta: Option<&dyn Carrier>,
        earlier: &mut Earlier,
    ) -> Option<Awaited> {
        let telemetry = self.options.telemetry()?;
        let followed = about.follows.and_then(|thread| {
            let trace = Context::current().span().span_context().trace_id();
            telemetry.inner().sent_rounds.previous(thread, trace)?.span
        });
        let follows = earlier.0.take().or(followed);
        let outgoing = Outgoing {
            method: about.method,
            target: about.target(&telemetry),
            message: Message {
                protocol_version: self.options.version.or_else(|| version(&self.peer)),
                session_id: self.options.session.as_deref(),
                transport: self
                    .options
                    .endpoint
                    .as_ref()
                    .map(|endpoint| endpoint.transport)
                    .unwrap_or_default(),
                server: self.options.endpoint.as_ref(),
                resource_uri: about.resource_uri,
                ..Message::default()
            },
            meta,
            follows,
            ambient: Context::current(),
        };
        let awaited = Awaited::open(&telemetry, outgoing);
        earlier.0 = awaited.span().map(OpenSpan::span_context);
        Some(awaited)
    }
}

impl About<'_> {
    pub(in crate::rmcp) fn target(&self, telemetry: &Telemetry) -> Target {
        let names = &telemetry.inner().names;
        match self.named {
            Named::Nothing => Target::None,
            Named::Tool(name) => Target::Tool(names.tool(name)),
            Named::Prompt(name) => Target::Prompt(names.prompt(name)),
        }
    }
}

fn version<R: Role>(peer: &Peer<R>) -> Option<ProtocolVersion> {
    <R as super::role::sealed::Role>::protocol_version(peer)
}
