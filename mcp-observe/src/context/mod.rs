//! Which trace an operation belongs to: the caller's context, the ambient one, and how far the
//! caller is trusted.

pub(crate) mod baggage;
pub(crate) mod carrier;
pub(crate) mod inject;
pub(crate) mod traceparent;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

use opentelemetry::baggage::{Baggage, BaggageExt};
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{Link, SpanContext, TraceContextExt};
use opentelemetry::{Context, KeyValue};

use carrier::Carrier;

/// Longer values are not read. A `traceparent` of version 00 has 55 bytes, and later versions only
/// append; of `tracestate`, W3C Trace Context asks for at least 512 characters to be kept; W3C Baggage
/// sets 8,192 bytes.
const MAX_TRACEPARENT: usize = 256;
const MAX_TRACESTATE: usize = 512;
const MAX_OTHER: usize = 8_192;

#[cfg(any(feature = "rmcp", feature = "http"))]
static TRACEPARENT: http::HeaderName = http::HeaderName::from_static("traceparent");

/// How far a server believes the trace context that its callers send.
///
/// A caller who is believed decides which trace the server's spans belong to, and, by the sampled
/// flag, whether they are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Trust {
    /// The caller's span is the parent, as the MCP conventions ask. The default.
    #[default]
    Parent,
    /// A new trace is started, with a link to the caller's; the sampler decides alone.
    Link,
    /// What the caller sent is not looked at.
    Ignore,
}

/// The context of an operation.
#[derive(Debug)]
pub(crate) struct Parentage {
    pub(crate) parent: Context,
    pub(crate) links: Option<Vec<Link>>,
}

impl Parentage {
    /// This parent, and no links.
    pub(crate) fn of(parent: Context) -> Self {
        Self {
            parent,
            links: None,
        }
    }

    /// Links a span as well.
    pub(crate) fn link(&mut self, span: Option<SpanContext>) {
        if let Some(span) = span {
            let links = self.links.get_or_insert_default();
            links.push(Link::new(span, Vec::new(), 0));
        }
    }

    /// Links an earlier message of the same call. Where nothing else says to which trace this one
    /// belongs, it belongs to that one's.
    pub(crate) fn follow(&mut self, earlier: SpanContext) {
        if !self.parent.has_active_span() {
            self.parent = self.parent.with_remote_span_context(earlier.clone());
        }
        self.link(Some(earlier));
    }
}

/// What is known of a propagator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// It is the SDK's for W3C Trace Context.
    TraceContext,
    /// The SDK's for W3C Trace Context and for W3C Baggage.
    TraceContextAndBaggage,
    /// It may do anything.
    Nothing,
}

/// Reads callers' contexts, and writes ours into what is sent.
pub(crate) struct Propagation {
    pub(crate) propagator: Box<dyn TextMapPropagator + Send + Sync>,
    /// What it is known to read.
    pub(crate) known: Known,
    /// Baggage entries that are kept; all others are dropped.
    pub(crate) baggage: Vec<String>,
}

impl fmt::Debug for Propagation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Propagation")
            .field("propagator", &self.propagator)
            .field("baggage", &self.baggage)
            .finish_non_exhaustive()
    }
}

impl Propagation {
    /// The context of an operation whose message carries `carrier`, handled where `ambient` is the
    /// context of the work around it.
    ///
    /// `carrier` may be anything at all: what is malformed, oversized or of another type counts as
    /// absent, and nothing here panics.
    #[inline]
    pub(crate) fn read(
        &self,
        trust: Trust,
        carrier: Option<&dyn Carrier>,
        ambient: Context,
    ) -> Parentage {
        // The usual message: nothing around it that there could be a link to.
        if !ambient.has_active_span() {
            match carrier {
                None => return Parentage::of(ambient),
                Some(carrier) if trust == Trust::Parent => {
                    let caller = self.extract(carrier, &ambient);
                    return Parentage::of(caller.unwrap_or(ambient));
                }
                Some(_) => {}
            }
        }
        self.relate(trust, carrier, ambient)
    }

    /// The general case of [`Self::read`].
    fn relate(&self, trust: Trust, carrier: Option<&dyn Carrier>, ambient: Context) -> Parentage {
        let ambient_span = ambient.span().span_context().clone();
        let caller = match (trust, carrier) {
            (Trust::Ignore, _) | (_, None) => None,
            (_, Some(carrier)) => self.extract(carrier, &ambient),
        };
        // An ambient context that is remote is what this caller sent in HTTP headers.
        let is_callers = ambient_span.is_remote();
        let (parent, links) = match (caller, trust) {
            (Some(caller), Trust::Parent) => (caller, link(&ambient_span)),
            (Some(caller), Trust::Link | Trust::Ignore) => {
                let mut links = link(caller.span().span_context());
                if let Some(ambient) = link(&ambient_span) {
                    links.get_or_insert_default().extend(ambient);
                }
                (Context::new(), links)
            }
            (None, Trust::Link) if is_callers => (Context::new(), link(&ambient_span)),
            (None, Trust::Ignore) if is_callers => (Context::new(), None),
            (None, _) => (ambient, None),
        };
        Parentage { parent, links }
    }

    fn extract(&self, carrier: &dyn Carrier, ambient: &Context) -> Option<Context> {
        if self.known != Known::Nothing {
            // Without it there is no context, whatever else there is.
            let traceparent = carrier.get("traceparent")?;
            if let Some(caller) = self.extract_quickly(traceparent, carrier) {
                return Some(ambient.with_remote_span_context(caller));
            }
        }
        // Into a context without a span and without baggage, so that what is there afterwards is the
        // caller's.
        let base = if ambient.has_active_span() || !ambient.baggage().is_empty() {
            ambient
                .with_remote_span_context(SpanContext::NONE)
                .with_cleared_baggage()
        } else {
            ambient.clone()
        };
        let context = self
            .propagator
            .extract_with_context(&base, &Bounded::new(carrier));
        if !context.span().span_context().is_valid() {
            return None;
        }
        Some(self.with_allowed_baggage(context, ambient))
    }

    /// What the SDK's own propagators read in nearly every message, without the allocations that they make
    /// of it. None where the propagator is another one, or might read anything else.
    fn extract_quickly(&self, traceparent: &str, carrier: &dyn Carrier) -> Option<SpanContext> {
        match self.known {
            Known::TraceContext => {}
            Known::TraceContextAndBaggage if carrier.get("baggage").is_none() => {}
            Known::TraceContextAndBaggage | Known::Nothing => return None,
        }
        let state = carrier.get("tracestate");
        let state = state.filter(|state| state.len() <= MAX_TRACESTATE);
        traceparent::parse(traceparent, state)
    }

    /// The context that HTTP headers carry; empty if none. A header that is repeated is malformed.
    #[cfg(any(feature = "rmcp", feature = "http"))]
    pub(crate) fn headers(&self, headers: &http::HeaderMap) -> Context {
        struct Headers<'a>(&'a http::HeaderMap);
        impl Carrier for Headers<'_> {
            fn get(&self, key: &str) -> Option<&str> {
                let mut values = self.0.get_all(key).iter();
                let value = values.next()?;
                if values.next().is_some() {
                    return None;
                }
                value.to_str().ok()
            }
        }
        // Few clients send one in headers, and a lookup by text is dear.
        if self.known != Known::Nothing && !headers.contains_key(&TRACEPARENT) {
            return Context::new();
        }
        self.extract(&Headers(headers), &Context::new())
            .unwrap_or_default()
    }

    /// Whether headers have any of the fields that the propagator says it writes.
    #[cfg(feature = "http")]
    pub(crate) fn may_be_in(&self, headers: &http::HeaderMap) -> bool {
        if self.known != Known::Nothing {
            return headers.contains_key(&TRACEPARENT);
        }
        let mut fields = self.propagator.fields();
        fields.any(|field| headers.contains_key(field))
    }

    /// The context with what is kept of the caller's baggage, else with that of the code around.
    fn with_allowed_baggage(&self, context: Context, ambient: &Context) -> Context {
        let is_allowed = |key: &str| self.baggage.iter().any(|allowed| allowed == key);
        let kept = entries(context.baggage(), is_allowed);
        let kept = if kept.is_empty() {
            entries(ambient.baggage(), |_| true)
        } else {
            kept
        };
        if kept.is_empty() && context.baggage().is_empty() {
            return context;
        }
        context.with_baggage(kept)
    }
}

/// A copy of the entries that are to be kept.
pub(crate) fn entries(baggage: &Baggage, is_kept: impl Fn(&str) -> bool) -> Baggage {
    let mut kept = Baggage::new();
    for (key, (value, metadata)) in baggage {
        if is_kept(key.as_str()) {
            kept.insert_with_metadata(key.clone(), value.clone(), metadata.as_str());
        }
    }
    kept
}

fn link(span: &SpanContext) -> Option<Vec<Link>> {
    span.is_valid()
        .then(|| vec![Link::new(span.clone(), Vec::<KeyValue>::new(), 0)])
}

/// A carrier whose oversized values do not exist, and neither do malformed entries of baggage.
struct Bounded<'a> {
    carrier: &'a dyn Carrier,
    baggage: OnceCell<Cow<'a, str>>,
}

impl<'a> Bounded<'a> {
    fn new(carrier: &'a dyn Carrier) -> Self {
        Self {
            carrier,
            baggage: OnceCell::new(),
        }
    }
}

impl Extractor for Bounded<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let limit = match key {
            "traceparent" => MAX_TRACEPARENT,
            "tracestate" => MAX_TRACESTATE,
            _ => MAX_OTHER,
        };
        let value = self.carrier.get(key)?;
        if value.len() > limit {
            return None;
        }
        if key == "baggage" {
            return Some(self.baggage.get_or_init(|| baggage::readable(value)));
        }
        Some(value)
    }

    /// No propagator of the OpenTelemetry project enumerates a carrier's keys; a `_meta` object is
    /// the caller's, and enumerating it would be unbounded work.
    fn keys(&self) -> Vec<&str> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use opentelemetry::propagation::TextMapCompositePropagator;
    use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
    use proptest::option::of;
    use proptest::prelude::*;

    use super::*;

    fn propagation(known: Known) -> Propagation {
        let both: [Box<dyn TextMapPropagator + Send + Sync>; 2] = [
            Box::new(TraceContextPropagator::new()),
            Box::new(BaggagePropagator::new()),
        ];
        Propagation {
            propagator: Box::new(TextMapCompositePropagator::new(both.into())),
            known,
            baggage: vec!["a".to_owned()],
        }
    }

    /// The span and the baggage that are read.
    fn read(
        known: Known,
        carrier: &HashMap<String, String>,
        ambient: &Context,
    ) -> (SpanContext, Vec<String>) {
        let read = propagation(known).read(Trust::Parent, Some(carrier), ambient.clone());
        let mut baggage: Vec<String> = read
            .parent
            .baggage()
            .into_iter()
            .map(|(key, (value, _))| format!("{key}={value}"))
            .collect();
        baggage.sort();
        (read.parent.span().span_context().clone(), baggage)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whether it is known what the propagator reads makes no difference but in time.
        #[test]
        fn what_is_read_quickly_is_what_the_propagator_reads(
            traceparent in of(prop_oneof!["00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]", "[0-9a-f-]{50,60}"]),
            tracestate in of(prop_oneof!["([a-z]{1,3}=[a-z]{0,3},?){0,5}", "[a-z=,]{500,530}", any::<String>()]),
            baggage in of("[ab]=[a-z]{1,3}"),
            around in of("[a-z]{1,3}"),
        ) {
            let headers = [("traceparent", traceparent), ("tracestate", tracestate), ("baggage", baggage)];
            let carrier = headers
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?)))
                .collect();
            let ambient = around.map_or_else(Context::new, |value| {
                Context::new().with_baggage([KeyValue::new("around", value)])
            });
            let slowly = read(Known::Nothing, &carrier, &ambient);
            prop_assert_eq!(read(Known::TraceContextAndBaggage, &carrier, &ambient), slowly);
        }
    }
}
