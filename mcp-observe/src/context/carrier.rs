//! Where a caller's context is read from: `params._meta`, in whatever type a server keeps it.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

/// The `_meta` object of a message, as far as trace context needs it.
///
/// Implemented for `serde_json` objects and for maps of strings; implement it for your server's own
/// type, and mark the parameter that has it with `#[meta]`. The keys asked for are the configured
/// propagator's, by default `traceparent` and `tracestate`, unprefixed as MCP reserves them
/// (SEP-414).
///
/// # Example
/// ```
/// struct Envelope {
///     traceparent: Option<String>,
/// }
///
/// impl mcp_observe::Carrier for Envelope {
///     fn get(&self, key: &str) -> Option<&str> {
///         (key == "traceparent").then_some(self.traceparent.as_deref()?)
///     }
/// }
/// ```
pub trait Carrier {
    /// The value of `key`, or `None` if it is absent or not a string.
    fn get(&self, key: &str) -> Option<&str>;
}

impl<C: Carrier + ?Sized> Carrier for &C {
    fn get(&self, key: &str) -> Option<&str> {
        (**self).get(key)
    }
}

impl<C: Carrier> Carrier for Option<C> {
    fn get(&self, key: &str) -> Option<&str> {
        self.as_ref()?.get(key)
    }
}

impl Carrier for serde_json::Map<String, serde_json::Value> {
    fn get(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }
}

impl Carrier for serde_json::Value {
    fn get(&self, key: &str) -> Option<&str> {
        self.as_object()?.get(key)?.as_str()
    }
}

impl<S: BuildHasher> Carrier for HashMap<String, String, S> {
    fn get(&self, key: &str) -> Option<&str> {
        self.get(key).map(String::as_str)
    }
}

impl Carrier for BTreeMap<String, String> {
    fn get(&self, key: &str) -> Option<&str> {
        self.get(key).map(String::as_str)
    }
}
