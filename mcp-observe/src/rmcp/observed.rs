//! `Observed`: a handler whose every message is an operation.

use std::sync::Arc;

use http::request::Parts;
use opentelemetry::Context;
use opentelemetry::trace::{TraceContextExt as _, TraceId};
use rmcp::ServerHandler;
use rmcp::model::Extensions;
use tokio_util::sync::CancellationToken;

#[cfg(feature = "client")]
use super::embedded::Embedded;
use super::message::Initialized;
use super::request::Opened;
use super::served::{KnownTool, Served, warn_of_untaggable};
use super::session::Session;
use crate::catalogue::tools_where;
use crate::closed::Method;
#[cfg(feature = "client")]
use crate::closed::Transport;
use crate::context::carrier::Carrier;
use crate::operation::message::Message;
use crate::operation::target::{Target, ToolRef};
use crate::operation::{AnyMessage, Operation};
use crate::security::{Sender, Tags};
use crate::sent::rounds::Follows;
use crate::telemetry::Telemetry;
use crate::work::Work;
use crate::work::account::Account;
use crate::work::handling::Handling;
use crate::work::scope::Frame;

/// A handler whose every request and notification is observed: a span, a duration, and for tool
/// calls their metrics.
///
/// Wrap the handler that you give to rmcp. What it answers is not changed in any way, unless you ask
/// for it with [`catch_panics`](ObservedBuilder::catch_panics).
///
/// Tools with [`#[mcp_tool]`](crate::mcp_tool) and without are observed alike; the attribute adds
/// what only the function knows (its buckets, how it failed).
///
/// # Example
/// ```
/// use mcp_observe::rmcp::Observed;
/// # #[derive(Clone, Default)] struct Weather;
/// # impl rmcp::ServerHandler for Weather {}
///
/// let handler = Observed::new(Weather::default());
/// ```
#[derive(Debug)]
pub struct Observed<H> {
    pub(super) inner: H,
    pub(super) options: Arc<Options>,
    pub(super) session: Session,
}

/// What an [`Observed`] and its clones have in common.
#[derive(Debug, Default)]
pub(super) struct Options {
    telemetry: Option<Telemetry>,
    known_tools: Vec<KnownTool>,
    /// How a client's handler is reached; a server's is told with every message.
    #[cfg(feature = "client")]
    pub(super) transport: Transport,
    pub(super) catch_panics: bool,
}

impl Options {
    fn know(&mut self, name: String, tags: Tags) {
        let name = name.into_boxed_str();
        match self.known_tools.iter_mut().find(|it| it.name == name) {
            Some(known) => known.tags = known.tags.with(tags),
            None => self.known_tools.push(KnownTool { name, tags }),
        }
    }
}

/// Sets an [`Observed`] handler up; see [`Observed::builder`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct ObservedBuilder<H> {
    pub(super) inner: H,
    pub(super) options: Options,
    /// What is left to do once all is set up.
    pub(super) finish: fn(&Observed<H>),
}

impl<H: ServerHandler> Observed<H> {
    /// Observes `handler` by the process's default [`Telemetry`]: the one that is installed when a
    /// message comes.
    pub fn new(handler: H) -> Self {
        Self::builder(handler).build()
    }

    /// Starts setting up how `handler` is observed.
    pub fn builder(handler: H) -> ObservedBuilder<H> {
        ObservedBuilder {
            inner: handler,
            options: Options::default(),
            // Tools that are known only by name have their series from now on, if telemetry is there.
            finish: |observed| {
                if let Some(telemetry) = observed.telemetry() {
                    for known in &observed.options.known_tools {
                        observed.tool(&telemetry, &known.name);
                    }
                }
            },
        }
    }

    /// Lists the attributed tools that the handler says it has, as [`tools`](crate::tools) does for
    /// the whole binary.
    pub fn tools(&self) -> Vec<crate::Tool> {
        tools_where(|name| self.inner.get_tool(name).is_some())
    }
}

impl<H> Observed<H> {
    /// The handler.
    pub fn inner(&self) -> &H {
        &self.inner
    }

    /// Takes the handler out.
    pub fn into_inner(self) -> H {
        self.inner
    }
}

/// A clone handles a session of its own.
impl<H: Clone> Clone for Observed<H> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            options: Arc::clone(&self.options),
            session: Session::default(),
        }
    }
}

impl<H: ServerHandler> ObservedBuilder<H> {
    /// Names tools that the handler has although neither `#[mcp_tool]` nor its `get_tool` tells, as
    /// in a proxy. Calls of tools that are not known have `_OTHER` for a name. At most 128 names
    /// without the attribute are told apart, of at most 128 bytes, letters, digits, spaces and
    /// `_-./:@`.
    pub fn known_tools<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        for name in names {
            self.options.know(name.into(), Tags::NONE);
        }
        self
    }

    /// Says of a tool without `#[mcp_tool]` what `#[mcp_tool(tags(..))]` says of one with it. The tool
    /// is then [known](Self::known_tools) as well; of the 128 that are told apart, tagged ones are the
    /// first. Handlers of one type share what is known of their tools, their tags too.
    ///
    /// A tool with the attribute has the attribute's tags alone. The log says so, once, as it does where a
    /// name is none that can be told apart.
    ///
    /// # Example
    /// ```
    /// use mcp_observe::{rmcp::Observed, security::Tags};
    /// # #[derive(Clone, Default)] struct Proxy;
    /// # impl rmcp::ServerHandler for Proxy {}
    ///
    /// let handler = Observed::builder(Proxy::default())
    ///     .tag_tool("read_inbox", Tags::SOURCE)
    ///     .tag_tool("send_mail", Tags::SINK | Tags::SENSITIVE)
    ///     .build();
    /// ```
    pub fn tag_tool(mut self, name: impl Into<String>, tags: Tags) -> Self {
        let name = name.into();
        warn_of_untaggable(&name);
        self.options.know(name, tags);
        self
    }
}

impl<H> ObservedBuilder<H> {
    /// Observes by this instance, and not by the process's default.
    pub fn telemetry(mut self, telemetry: &Telemetry) -> Self {
        self.options.telemetry = Some(telemetry.clone());
        self
    }

    /// Answers a request whose handler panics with a JSON-RPC internal error (-32603). Default: off;
    /// then the panic goes on as without this wrapper, and rmcp leaves the peer without an answer.
    ///
    /// The answer does not have the panic's message. Has no effect where panics abort.
    pub fn catch_panics(mut self, on: bool) -> Self {
        self.options.catch_panics = on;
        self
    }

    /// Makes the handler.
    pub fn build(mut self) -> Observed<H> {
        let is_plain = |tool: &KnownTool| tool.tags.is_empty();
        self.options.known_tools.sort_by_key(is_plain);
        let observed = Observed {
            inner: self.inner,
            options: Arc::new(self.options),
            session: Session::default(),
        };
        (self.finish)(&observed);
        observed
    }
}

impl<H: ServerHandler> Observed<H> {
    pub(super) fn served(&self, telemetry: &Telemetry) -> Arc<Served> {
        telemetry.inner().servers.of(telemetry, &self.inner)
    }

    pub(super) fn tool(&self, telemetry: &Telemetry, name: &str) -> ToolRef {
        let known = &self.options.known_tools;
        self.served(telemetry)
            .tool(telemetry, &self.inner, known, name)
    }
}

impl<H> Observed<H> {
    /// The instance that observes; none if nothing is installed.
    pub(super) fn telemetry(&self) -> Option<Telemetry> {
        match &self.options.telemetry {
            Some(telemetry) => Some(telemetry.clone()),
            None => Telemetry::installed(),
        }
    }

    /// The same for a message, which nobody but this handler shall open an operation for.
    pub(super) fn telemetry_of(&self, extensions: &Extensions) -> Option<Telemetry> {
        #[cfg(feature = "http")]
        if let Some(parts) = extensions.get() {
            crate::http::handled(parts, crate::http::Handler::Observed);
        }
        #[cfg(not(feature = "http"))]
        let _ = extensions;
        self.telemetry()
    }

    /// Opens the operation of a message.
    pub(super) fn open(
        &self,
        telemetry: &Telemetry,
        method: Method,
        target: &Target,
        incoming: &Incoming<'_>,
    ) -> Opened {
        let message = &Message {
            session_id: self.session.id(incoming.extensions),
            ..incoming.message
        };
        let mut follows = incoming.follows;
        let about = AnyMessage::new(method, target.clone(), message);
        let operation = Operation::open(telemetry, about, message, || {
            let ambient = incoming.ambient(telemetry);
            let meta = incoming.meta;
            let mut parentage = telemetry.parentage(message.transport, meta, ambient);
            if let Some(follows) = follows.take() {
                let trace = parentage.parent.span().span_context().trace_id();
                parentage.link(follows.previous(telemetry, trace));
            }
            parentage
        });
        if let Some(follows) = follows {
            // Without traces it is still counted.
            follows.previous(telemetry, TraceId::INVALID);
        }
        let handling = Handling::new(telemetry, method, target, operation.span().cloned());
        let account = Account::Handled(Arc::clone(&handling));
        let frame = Frame::new(telemetry.clone(), account, None);
        Opened {
            work: Work::new(operation, frame),
            handling,
            transport: message.transport,
            has_session: message.session_id.is_some(),
            protocol_version: message.protocol_version,
            initialized: incoming.initialized,
            cancelled: incoming.cancelled.cloned(),
        }
    }
}

/// A message as it came in.
pub(super) struct Incoming<'a> {
    pub(super) message: Message<'a>,
    pub(super) meta: Option<&'a dyn Carrier>,
    pub(super) extensions: &'a Extensions,
    pub(super) follows: Option<Follows<'a>>,
    /// What its peer initialised the session with, where that had to be asked for.
    pub(super) initialized: Option<Initialized>,
    /// Of a request: whether the peer does not wait for its answer any more.
    pub(super) cancelled: Option<&'a CancellationToken>,
}

impl Incoming<'_> {
    /// The context around the message: that of its HTTP request. Never the task's current one, which
    /// is rmcp's long-lived span and would put a session's calls into one trace.
    fn ambient(&self, telemetry: &Telemetry) -> Context {
        #[cfg(feature = "client")]
        if let Some(Embedded(context)) = self.extensions.get() {
            return context.clone();
        }
        let parts = match self.message.sender {
            Sender::Rmcp(origin) => origin.parts(),
            Sender::Unknown | Sender::Meta(_) => self.extensions.get::<Parts>(),
        };
        let Some(parts) = parts else {
            return Context::new();
        };
        #[cfg(feature = "http")]
        if let Some(context) = crate::http::context_of(parts) {
            return context;
        }
        telemetry.inner().propagation.headers(&parts.headers)
    }
}
