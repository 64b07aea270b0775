//! What an operation is about. Most messages tell that only when they come; of a call that `#[mcp_tool]`
//! opens itself nearly all is known when it is compiled, and neither kept nor asked for again.

use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::sync::Arc;

use super::message::Message;
use super::side::Side;
use super::target::{Target, ToolRef};
use crate::catalogue::Callsite;
use crate::closed::Method;
use crate::sent::endpoint::Endpoint;

/// What an operation is about.
pub(crate) trait Subject {
    fn side(&self) -> Side;

    fn method(&self) -> Method;

    fn target(&self) -> impl Deref<Target = Target>;

    /// Where the message was sent to.
    fn server(&self) -> Option<&Arc<Endpoint>>;

    /// Whether the transport refused the message.
    fn was_refused(&self) -> bool;

    /// The attributes that the span could not have from its start.
    fn late(&self) -> Late;
}

/// See [`Subject::late`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Late {
    pub(super) tool_name: bool,
    pub(super) protocol_version: bool,
}

/// When it was known which tool a call is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identified {
    Before,
    /// The server was not known to have it.
    Now,
    /// It was taken for another of the same name.
    AsNamesake,
}

/// A message of which nothing is known beforehand.
#[derive(Debug)]
pub(crate) struct AnyMessage {
    side: Side,
    method: Method,
    target: Target,
    server: Option<Arc<Endpoint>>,
    was_refused: bool,
    late: Late,
}

impl AnyMessage {
    pub(crate) fn new(method: Method, target: Target, message: &Message<'_>) -> Self {
        Self {
            side: message.side,
            method,
            server: message.server.cloned(),
            was_refused: message.refused.is_some(),
            late: Late {
                tool_name: matches!(target, Target::Tool(ToolRef::Unknown)),
                protocol_version: false,
            },
            target,
        }
    }

    /// It turned out to be a call of this tool.
    pub(super) fn identify(&mut self, callsite: &'static Callsite) -> Identified {
        let identified = match self.target {
            Target::Tool(ToolRef::Unknown) => Identified::Now,
            Target::Tool(ToolRef::Attributed(taken)) if !std::ptr::eq(taken, callsite) => {
                Identified::AsNamesake
            }
            _ => return Identified::Before,
        };
        self.target = Target::Tool(ToolRef::Attributed(callsite));
        identified
    }

    /// The protocol version is known only now.
    pub(super) fn settles_version(&mut self) {
        self.late.protocol_version = true;
    }
}

impl Subject for AnyMessage {
    fn side(&self) -> Side {
        self.side
    }

    fn method(&self) -> Method {
        self.method
    }

    fn target(&self) -> impl Deref<Target = Target> {
        &self.target
    }

    fn server(&self) -> Option<&Arc<Endpoint>> {
        self.server.as_ref()
    }

    fn was_refused(&self) -> bool {
        self.was_refused
    }

    fn late(&self) -> Late {
        self.late
    }
}

/// A call of the tool whose function opened the operation.
#[derive(Debug)]
pub(crate) struct OwnCall(pub(crate) &'static Callsite);

impl Subject for OwnCall {
    #[inline]
    fn side(&self) -> Side {
        Side::Server
    }

    #[inline]
    fn method(&self) -> Method {
        Method::TOOLS_CALL
    }

    #[inline]
    fn target(&self) -> impl Deref<Target = Target> {
        // What it holds is static. That there is nothing to drop would be asked every time.
        ManuallyDrop::new(Target::Tool(ToolRef::Attributed(self.0)))
    }

    #[inline]
    fn server(&self) -> Option<&Arc<Endpoint>> {
        None
    }

    #[inline]
    fn was_refused(&self) -> bool {
        false
    }

    #[inline]
    fn late(&self) -> Late {
        Late {
            tool_name: false,
            protocol_version: false,
        }
    }
}
