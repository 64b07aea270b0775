//! Writing a context into a message that is sent: what is read on the other side.

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::propagation::Injector;

use super::{Propagation, entries};

impl Propagation {
    /// Hands the fields that carry `context` to `set`: those of the configured propagator, and of its
    /// baggage the entries that are kept. A field that says nothing is left out: the stock propagator
    /// has an empty `tracestate`, which not every server accepts.
    pub(crate) fn inject(&self, context: &Context, set: &mut dyn FnMut(&str, String)) {
        struct Fields<'a>(&'a mut dyn FnMut(&str, String));
        impl Injector for Fields<'_> {
            fn set(&mut self, key: &str, value: String) {
                if !value.is_empty() {
                    (self.0)(key, value);
                }
            }
        }
        let mut fields = Fields(set);
        if context.baggage().is_empty() {
            self.propagator.inject_context(context, &mut fields);
        } else {
            let is_allowed = |key: &str| self.baggage.iter().any(|allowed| allowed == key);
            let kept = entries(context.baggage(), is_allowed);
            let context = context.with_baggage(kept);
            self.propagator.inject_context(&context, &mut fields);
        }
    }
}
