//! Requests of a server that came inside a result (protocol 2026-07-28), and not as messages.

use opentelemetry::Context;

/// Marks such a request, in its extensions: the context of the call whose result it was in. That call
/// is what it belongs to, whatever the server wrote into its `_meta`.
#[derive(Debug, Clone)]
pub(super) struct Embedded(pub(super) Context);
