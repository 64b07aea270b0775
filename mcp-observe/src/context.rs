//! Which trace an operation belongs to: the caller's context, the ambient one, and how far the
//! caller is trusted.

use std::fmt;

use opentelemetry::baggage::{Baggage, BaggageExt};
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{Link, SpanContext, TraceContextExt};
use opentelemetry::{Context, KeyValue};

use crate::carrier::Carrier;
use crate::traceparent;

/// Longer values are not read. A `traceparent` of version 00 has 55 bytes, and later versions only
/// append; of `tracestate`, W3C Trace Context asks for at least 512 characters to be kept; W3C Baggage
/// sets 8,192 bytes.
const MAX_TRACEPARENT: usize = 256;
const MAX_TRACESTATE: usize = 512;
const MAX_OTHER: usize = 8_192;

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

/// Reads callers' contexts.
pub(crate) struct Reader {
    pub(crate) propagator: Box<dyn TextMapPropagator + Send + Sync>,
    /// The propagator reads W3C Trace Context and nothing else.
    pub(crate) is_trace_context_alone: bool,
    /// Baggage entries that are kept; all others are dropped.
    pub(crate) baggage: Vec<String>,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("propagator", &self.propagator)
            .field("baggage", &self.baggage)
            .finish_non_exhaustive()
    }
}

impl Reader {
    /// The context of an operation whose message carries `carrier`, handled where `ambient` is the
    /// context of the work around it.
    ///
    /// `carrier` may be anything at all: what is malformed, oversized or of another type counts as
    /// absent, and nothing here panics.
    pub(crate) fn read(
        &self,
        trust: Trust,
        carrier: Option<&dyn Carrier>,
        ambient: Context,
    ) -> Parentage {
        if carrier.is_none() && !ambient.has_active_span() {
            return Parentage {
                parent: ambient,
                links: None,
            };
        }
        let ambient_span = ambient.span().span_context().clone();
        let caller = match (trust, carrier) {
            (Trust::Ignore, _) | (_, None) => None,
            (_, Some(carrier)) => self.extract(carrier, &ambient),
        };
        match (trust, caller) {
            (Trust::Parent, Some(caller)) => Parentage {
                links: link(&ambient_span),
                parent: caller,
            },
            (Trust::Link, Some(caller)) => {
                let mut links = link(caller.span().span_context());
                if let Some(ambient) = link(&ambient_span) {
                    links.get_or_insert_default().extend(ambient);
                }
                Parentage {
                    parent: Context::new(),
                    links,
                }
            }
            // An ambient context that is remote is what this caller sent in HTTP headers.
            (Trust::Link, None) if ambient_span.is_remote() => Parentage {
                parent: Context::new(),
                links: link(&ambient_span),
            },
            (Trust::Ignore, None) if ambient_span.is_remote() => Parentage {
                parent: Context::new(),
                links: None,
            },
            (_, None) => Parentage {
                parent: ambient,
                links: None,
            },
            (Trust::Ignore, Some(_)) => unreachable!("an ignored carrier is not read"),
        }
    }

    fn extract(&self, carrier: &dyn Carrier, ambient: &Context) -> Option<Context> {
        if self.is_trace_context_alone
            && carrier.get("tracestate").is_none()
            && let Some(caller) = carrier.get("traceparent").and_then(traceparent::parse)
        {
            return Some(ambient.with_remote_span_context(caller));
        }
        // Into a context without a span, so that whatever span is there afterwards is the caller's.
        let base = if ambient.has_active_span() {
            ambient.with_remote_span_context(SpanContext::NONE)
        } else {
            ambient.clone()
        };
        let context = self
            .propagator
            .extract_with_context(&base, &Bounded(carrier));
        if !context.span().span_context().is_valid() {
            return None;
        }
        Some(self.keep_allowed_baggage(context))
    }

    /// The context that HTTP headers carry; empty if none. A header that is repeated is malformed.
    #[cfg(feature = "rmcp")]
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
        self.extract(&Headers(headers), &Context::new())
            .unwrap_or_default()
    }

    fn keep_allowed_baggage(&self, context: Context) -> Context {
        if context.baggage().is_empty() {
            return context;
        }
        let mut kept = Baggage::new();
        for (key, (value, metadata)) in context.baggage() {
            if self.baggage.iter().any(|allowed| allowed == key.as_str()) {
                kept.insert_with_metadata(key.clone(), value.clone(), metadata.as_str());
            }
        }
        context.with_baggage(kept)
    }
}

fn link(span: &SpanContext) -> Option<Vec<Link>> {
    span.is_valid()
        .then(|| vec![Link::new(span.clone(), Vec::<KeyValue>::new(), 0)])
}

/// A carrier whose oversized values do not exist.
struct Bounded<'a>(&'a dyn Carrier);

impl Extractor for Bounded<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let limit = match key {
            "traceparent" => MAX_TRACEPARENT,
            "tracestate" => MAX_TRACESTATE,
            _ => MAX_OTHER,
        };
        self.0.get(key).filter(|value| value.len() <= limit)
    }

    /// No propagator of the OpenTelemetry project enumerates a carrier's keys; a `_meta` object is
    /// the caller's, and enumerating it would be unbounded work.
    fn keys(&self) -> Vec<&str> {
        Vec::new()
    }
}
