//! Where `#[mcp_tool]` learns of the message that a function is called for: from the one parameter
//! that carries it, which is read and not consumed.
#![allow(
    missing_docs,
    reason = "named by expansions of the macros only: no interface"
)]

use std::sync::Arc;

use crate::context::carrier::Carrier;
use crate::operation::message::Message;
use crate::security::Sender;
use crate::work::handling::Handling;

/// What a parameter tells about the message.
pub trait Source {
    /// Tells whether the caller has cancelled, also after the parameter is gone.
    type Watch: Watch;

    /// The message's `_meta`.
    fn carrier(&self) -> Option<&dyn Carrier>;

    fn message(&self) -> Message<'_> {
        Message::default()
    }

    fn watch(&self) -> Self::Watch;

    /// The call has the message's operation: nobody else must open one.
    fn opened(&self) {}

    /// The operation that a wrapper around the handler opened for the message.
    fn handling(&self) -> Option<Arc<Handling>> {
        None
    }
}

/// Whether the caller has cancelled.
pub trait Watch {
    fn is_cancelled(&self) -> bool;
}

/// Nothing tells.
impl Watch for () {
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// The function has no parameter that carries the message.
#[derive(Debug)]
pub struct NoCarrier;

impl Source for NoCarrier {
    type Watch = ();

    fn carrier(&self) -> Option<&dyn Carrier> {
        None
    }

    fn watch(&self) {}
}

/// A `_meta` object, and nothing else of the message.
pub struct Meta<'a>(&'a dyn Carrier);

/// What a carrier has is the caller's, and not for logs.
impl std::fmt::Debug for Meta<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meta")
    }
}

impl Source for Meta<'_> {
    type Watch = ();

    fn carrier(&self) -> Option<&dyn Carrier> {
        Some(self.0)
    }

    fn message(&self) -> Message<'_> {
        Message {
            sender: Sender::Meta(self.0),
            ..Message::default()
        }
    }

    fn watch(&self) {}
}

/// A parameter type that carries the message.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not carry the `_meta` of a message",
    label = "`#[meta]` marks a parameter whose type implements `mcp_observe::Carrier`",
    note = "use a `serde_json` object, a map of strings or rmcp's `RequestContext`, or implement `mcp_observe::Carrier` for the type"
)]
pub trait AsSource {
    type Source<'a>: Source
    where
        Self: 'a;

    fn as_source(&self) -> Self::Source<'_>;
}

#[diagnostic::do_not_recommend]
impl<C: Carrier> AsSource for C {
    // Names no `C`, so that a type that carries nothing is one error and not two.
    type Source<'a>
        = Meta<'a>
    where
        C: 'a;

    fn as_source(&self) -> Meta<'_> {
        Meta(self)
    }
}

/// The parameter that `#[meta]` marks.
pub fn meta<P: AsSource>(parameter: &P) -> P::Source<'_> {
    parameter.as_source()
}

/// A parameter whose type has the name of a type that carries messages; it is one only if it is.
#[doc(hidden)]
#[macro_export]
macro_rules! __mcp_observe_carrier {
    ($parameter:expr) => {{
        use $crate::__private::source::{CarriesNothing as _, CarriesSource as _};
        (&&$crate::__private::Probe($parameter)).__mcp_source()
    }};
}

pub trait CarriesSource<'a> {
    type Source: Source;
    fn __mcp_source(&self) -> Self::Source;
}

impl<'a, P: AsSource> CarriesSource<'a> for &crate::call::classify::Probe<'a, P> {
    type Source = P::Source<'a>;
    fn __mcp_source(&self) -> P::Source<'a> {
        self.0.as_source()
    }
}

pub trait CarriesNothing {
    fn __mcp_source(&self) -> NoCarrier;
}

impl<P> CarriesNothing for crate::call::classify::Probe<'_, P> {
    fn __mcp_source(&self) -> NoCarrier {
        NoCarrier
    }
}
