//! Trace context in `params._meta`, which may be any JSON object: read as OpenTelemetry's own propagator
//! reads it, in whichever way the message comes, and as far as the caller is trusted.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use mcp_observe::rmcp::Observed;
use mcp_observe::{Trust, mcp_tool};
use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SpanData;
use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Map, Value, json};

use crate::exported::Instance;
use crate::http_layer::{LONGEST_BODY, refused};
use crate::request::{context, ready};
use crate::texts;

/// The one entry of baggage that an instance keeps.
const KEPT: &str = "tenant";

/// Longest values that are read, in bytes.
const LONGEST: [(&str, usize); 2] = [("traceparent", 256), ("tracestate", 512)];

/// Reads the input as a JSON object, else as the texts of `traceparent`, `tracestate` and `baggage`.
///
/// # Panics
/// If the invariant does not hold.
pub fn hold(input: &[u8]) {
    let meta = serde_json::from_slice(input).unwrap_or_else(|_no_json| {
        let texts = texts::read::<3>(input).map(Value::String);
        let keys = ["traceparent", "tracestate", "baggage"].map(str::to_owned);
        keys.into_iter().zip(texts).collect()
    });
    check(&meta);
}

/// # Panics
/// If it does not hold for this `_meta`.
pub fn check(meta: &Map<String, Value>) {
    static SERVERS: LazyLock<Mutex<Servers>> = LazyLock::new(Mutex::default);
    // What an earlier failure left behind is taken with it.
    let mut servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    let caller = by_the_propagator(meta);
    let servers = &mut *servers;
    let message = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": { "_meta": meta },
    });
    let body = message.to_string().into_bytes();
    for server in &mut servers.handlers {
        let call = server.call(meta);
        call.assert_read(caller.as_ref(), server.trust);
        let is_kept = |(key, _): &(String, String)| server.keeps_baggage && key == KEPT;
        assert!(call.baggage.iter().all(is_kept), "{:?}", call.baggage);
        assert!(
            call.baggage.is_empty() || caller.is_some(),
            "{:?}",
            call.baggage
        );
        if body.len() <= LONGEST_BODY && !server.keeps_baggage {
            refused(&server.instance.telemetry, body.clone());
            assert_refused(&server.instance.spans(), caller.as_ref(), server.trust);
        }
    }
    servers
        .alone(meta)
        .assert_read(caller.as_ref(), Trust::Parent);
}

/// What the SDK's propagator makes of the values that are not too long.
fn by_the_propagator(meta: &Map<String, Value>) -> Option<SpanContext> {
    let read = LONGEST.into_iter().filter_map(|(key, longest)| {
        let value = meta.get(key)?.as_str()?;
        (value.len() <= longest).then(|| (key.to_owned(), value.to_owned()))
    });
    let carrier: HashMap<String, String> = read.collect();
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier);
    let caller = context.span().span_context().clone();
    caller.is_valid().then_some(caller)
}

/// A call that ran.
#[derive(Debug)]
struct Called {
    /// Current in the tool's body.
    inside: SpanContext,
    baggage: Vec<(String, String)>,
    /// None if it is not sampled.
    span: Option<SpanData>,
}

impl Called {
    fn new(inside: &Context, mut spans: Vec<SpanData>) -> Self {
        assert!(spans.len() <= 1, "one call, one span: {spans:?}");
        let entry = |(key, (value, _)): (&opentelemetry::Key, &(opentelemetry::StringValue, _))| {
            (key.to_string(), value.to_string())
        };
        Self {
            inside: inside.span().span_context().clone(),
            baggage: inside.baggage().into_iter().map(entry).collect(),
            span: spans.pop(),
        }
    }

    #[track_caller]
    fn assert_read(&self, caller: Option<&SpanContext>, trust: Trust) {
        let parent = caller.filter(|_| trust == Trust::Parent);
        let is_sampled = parent.is_none_or(SpanContext::is_sampled);
        assert_eq!(self.inside.is_sampled(), is_sampled);
        assert_eq!(self.span.is_some(), is_sampled);
        if let Some(parent) = parent {
            assert_eq!(self.inside.trace_id(), parent.trace_id());
            assert_eq!(self.inside.trace_state(), parent.trace_state());
        }
        if let Some(span) = &self.span {
            assert_eq!(span.span_context, self.inside);
            assert_parentage(span, caller, trust);
        }
    }
}

/// Asserts the span of a message with the same `_meta` that HTTP refused.
#[track_caller]
fn assert_refused(spans: &[SpanData], caller: Option<&SpanContext>, trust: Trust) {
    let parent = caller.filter(|_| trust == Trust::Parent);
    let expected = usize::from(parent.is_none_or(SpanContext::is_sampled));
    assert_eq!(spans.len(), expected, "{spans:?}");
    for span in spans {
        assert_parentage(span, caller, trust);
    }
}

#[track_caller]
fn assert_parentage(span: &SpanData, caller: Option<&SpanContext>, trust: Trust) {
    let links: Vec<_> = span.links.iter().map(|link| &link.span_context).collect();
    if let (Some(caller), Trust::Parent) = (caller, trust) {
        assert_eq!(span.span_context.trace_id(), caller.trace_id());
        assert_eq!(span.parent_span_id, caller.span_id());
        assert!(span.parent_span_is_remote);
        assert!(links.is_empty(), "{links:?}");
    } else {
        assert_eq!(span.parent_span_id, SpanId::INVALID);
        assert_eq!(span.span_context.trace_state().header(), "");
        let linked = caller.filter(|_| trust == Trust::Link);
        assert_eq!(links, Vec::from_iter(linked));
    }
}

/// Remembers the context that was current where the tool was called.
#[derive(Debug, Clone, Default)]
struct Probe(Arc<Mutex<Context>>);

impl Probe {
    fn was_here(&self) {
        *self.0.lock().expect("not poisoned") = Context::current();
    }

    fn take(&self) -> Context {
        mem::take(&mut *self.0.lock().expect("not poisoned"))
    }
}

impl ServerHandler for Probe {
    async fn call_tool(
        &self,
        _: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        self.was_here();
        Ok(CallToolResult::success(Vec::new()).into())
    }
}

/// An observed handler, with an instance of its own.
struct Server {
    trust: Trust,
    keeps_baggage: bool,
    instance: Instance,
    probe: Probe,
    observed: Observed<Probe>,
}

impl Server {
    fn new(trust: Trust, keeps_baggage: bool) -> Self {
        let kept = keeps_baggage.then_some(KEPT);
        let instance = Instance::with(|it| it.trust(trust).baggage(kept));
        let probe = Probe::default();
        let observed = Observed::builder(probe.clone()).telemetry(&instance.telemetry);
        Self {
            trust,
            keeps_baggage,
            observed: observed.build(),
            probe,
            instance,
        }
    }

    fn call(&mut self, meta: &Map<String, Value>) -> Called {
        let mut context = context();
        context.meta.extend(meta.clone().into());
        let request = CallToolRequestParams::new("any");
        ready(self.observed.call_tool(request, context)).expect("the probe answers");
        Called::new(&self.probe.take(), self.instance.spans())
    }
}

struct Servers {
    handlers: [Server; 4],
    /// The default instance, which a tool without a handler around uses.
    default: Instance,
}

impl Default for Servers {
    fn default() -> Self {
        let of = |(trust, keeps_baggage)| Server::new(trust, keeps_baggage);
        let handlers = [
            (Trust::Parent, false),
            (Trust::Parent, true),
            (Trust::Link, false),
            (Trust::Ignore, false),
        ];
        Self {
            handlers: handlers.map(of),
            default: Instance::installed(),
        }
    }
}

#[mcp_tool]
fn tool_with_meta(#[meta] _meta: &Map<String, Value>, probe: &Probe) {
    probe.was_here();
}

impl Servers {
    /// A call of a tool that no handler is around.
    fn alone(&self, meta: &Map<String, Value>) -> Called {
        let probe = Probe::default();
        tool_with_meta(meta, &probe);
        let mut spans = self.default.spans();
        // Other tests of the process have tools without a handler around, too.
        spans.retain(|span| span.name == "tools/call tool_with_meta");
        Called::new(&probe.take(), spans)
    }
}
