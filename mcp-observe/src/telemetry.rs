//! The telemetry of a server.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::Context;

use crate::catalogue::{Callsite, numbered};
use crate::closed::Transport;
use crate::closed::names::Names;
use crate::context::carrier::Carrier;
use crate::context::{Parentage, Propagation, Trust};
use crate::metrics::{Metrics, ToolInstruments};
use crate::operation::target::{Target, ToolRef};
use crate::record::Settings;
use crate::scrub::Scrubber;
use crate::security::SecurityLog;
use crate::sent::endpoint::Endpoints;
use crate::sent::rounds::Rounds;
use crate::setup::TelemetryBuilder;
use crate::setup::providers::Providers;
use crate::span::Tracer;
use crate::thread;

/// Traces and metrics of MCP servers in this process.
///
/// A `Telemetry` is a handle: clones are the same instance. Any number of instances may exist side
/// by side. One of them can be the process's default, which observes every call that no instance
/// was named for; see [`TelemetryBuilder::install`].
#[derive(Clone)]
pub struct Telemetry(pub(crate) Arc<Inner>);

/// See [`Telemetry`].
pub(crate) struct Inner {
    pub(crate) tracer: Option<Tracer>,
    pub(crate) metrics: Option<Metrics>,
    pub(crate) propagation: Propagation,
    pub(crate) trust: TrustPolicy,
    pub(crate) legacy_tool_name: bool,
    /// Whether `gen_ai.usage.*` may stand on spans of tools.
    pub(crate) usage_on_tool_spans: bool,
    /// How the content of calls is recorded, if it is.
    pub(crate) content: Option<Settings>,
    pub(crate) scrubber: Scrubber,
    pub(crate) security_log: Option<Arc<SecurityLog>>,
    pub(crate) providers: Providers,
    pub(crate) rounds: Rounds,
    /// Likewise of messages that were sent from here.
    pub(crate) sent_rounds: Rounds,
    pub(crate) endpoints: Endpoints,
    pub(crate) names: Names,
    /// About the environment; said again once there is someone to hear it.
    #[cfg(feature = "logs")]
    pub(crate) complaints: Vec<String>,
    /// Whether there is such a wrapper.
    pub(crate) has_served: AtomicBool,
    /// By [`Callsite::index`]: whether its calls come through a wrapper around the handler.
    pub(crate) served: Box<[AtomicBool]>,
    #[cfg(feature = "rmcp")]
    pub(crate) servers: crate::rmcp::Servers,
    #[cfg(feature = "client")]
    pub(crate) expectations: crate::rmcp::Expectations,
}

/// How far callers are trusted, by transport.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TrustPolicy {
    pub(crate) pipe: Trust,
    pub(crate) http: Trust,
}

impl TrustPolicy {
    #[inline]
    fn over(self, transport: Transport) -> Trust {
        match transport {
            Transport::Unknown | Transport::Pipe => self.pipe,
            Transport::Http10
            | Transport::Http11
            | Transport::Http2
            | Transport::Http3
            | Transport::Http => self.http,
        }
    }
}

/// Whether there ever was an instance: without one there is nothing to look for.
static ANY: AtomicBool = AtomicBool::new(false);

impl Telemetry {
    /// Starts setting up an instance.
    pub fn builder() -> TelemetryBuilder {
        TelemetryBuilder::default()
    }

    /// The process's default instance, if one is installed and was not shut down.
    #[must_use]
    pub fn installed() -> Option<Self> {
        thread::installed()
    }

    /// Whether there ever was an instance, installed or not.
    #[inline]
    pub(crate) fn is_anywhere() -> bool {
        ANY.load(Ordering::Relaxed)
    }

    pub(crate) fn new(inner: Inner) -> Self {
        ANY.store(true, Ordering::Relaxed);
        Self(Arc::new(inner))
    }

    pub(crate) fn flags() -> Box<[AtomicBool]> {
        let entries = numbered().len() + 1;
        std::iter::repeat_with(AtomicBool::default)
            .take(entries)
            .collect()
    }

    #[inline]
    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    #[inline]
    pub(crate) fn tracer(&self) -> Option<&Tracer> {
        self.0.tracer.as_ref()
    }

    #[inline]
    pub(crate) fn metrics(&self) -> Option<&Metrics> {
        self.0.metrics.as_ref()
    }

    #[inline]
    pub(crate) fn security_log(&self) -> Option<&SecurityLog> {
        self.0.security_log.as_deref()
    }

    #[inline]
    pub(crate) fn legacy_tool_name(&self) -> bool {
        self.0.legacy_tool_name
    }

    pub(crate) fn usage_on_tool_spans(&self) -> bool {
        self.0.usage_on_tool_spans
    }

    /// The handles of the tool that an operation is about, if there are metrics and the server has
    /// the tool.
    #[inline]
    pub(crate) fn tool_instruments<'a>(
        &'a self,
        target: &'a Target,
    ) -> Option<&'a ToolInstruments> {
        match target {
            Target::Tool(ToolRef::Attributed(callsite)) => Some(self.metrics()?.tool(callsite)),
            Target::Tool(ToolRef::Served(tool)) => tool.instruments.as_ref(),
            Target::Tool(ToolRef::Other) => Some(self.metrics()?.other_tool()),
            Target::Tool(ToolRef::Unknown) | Target::None | Target::Prompt(_) => None,
        }
    }

    #[inline]
    pub(crate) fn parentage(
        &self,
        transport: Transport,
        carrier: Option<&dyn Carrier>,
        ambient: Context,
    ) -> Parentage {
        let trust = self.0.trust.over(transport);
        self.0.propagation.read(trust, carrier, ambient)
    }

    /// Calls of this tool come through a wrapper around the handler.
    #[cfg(feature = "rmcp")]
    pub(crate) fn mark_served(&self, name: &str) {
        for callsite in numbered().iter().filter(|callsite| callsite.name == name) {
            self.0.served[callsite.index()].store(true, Ordering::Relaxed);
            self.0.has_served.store(true, Ordering::Release);
        }
    }

    #[inline]
    pub(crate) fn is_served(&self, callsite: &'static Callsite) -> bool {
        self.0.has_served.load(Ordering::Acquire)
            && self.0.served[callsite.index()].load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry")
            .field("tracer", &self.0.tracer)
            .field("metrics", &self.0.metrics)
            .finish_non_exhaustive()
    }
}
