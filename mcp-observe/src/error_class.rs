//! Classes of errors: what `error.type` and the label `error_type` can be.

use crate::closed::presentable::is_presentable;
use crate::closed::table::concat;
use crate::closed::{HttpStatus, RpcCode};
use crate::semconv::OTHER;

/// A class that every tool can have, or one of the tool's own error type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorClass(Class);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Index in [`CLASSES`].
    Common(u8),
    /// Named by an [`ErrorType`](crate::ErrorType).
    Own(&'static str),
}

/// First those that every tool can have, then those of messages that were sent.
const CLASSES: [&str; 19] = concat(&[
    &[
        OTHER,
        "tool_error",
        "invalid_arguments",
        "panic",
        "timeout",
        "cancelled",
    ],
    &RpcCode::KNOWN_LABELS,
    &["transport_closed", "transport_error", "unexpected_response"],
]);

/// How many of them every tool can have.
const OF_TOOLS: usize = CLASSES.len() - 3;

/// The names of these classes.
const fn names<const N: usize>(classes: [ErrorClass; N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut index = 0;
    while index < N {
        names[index] = classes[index].as_str();
        index += 1;
    }
    names
}

/// In which way a call fails that reaches its tool, whatever the tool.
const FAILURES: [&str; 5] = names([
    ErrorClass::OTHER,
    ErrorClass::TOOL_ERROR,
    ErrorClass::INVALID_ARGUMENTS,
    ErrorClass::PANIC,
    ErrorClass::TIMEOUT,
]);

/// What the label `error_type` can be.
impl ErrorClass {
    /// On `mcp.tool.errors`, beside the classes of the tool's own error type: a cancelled call is no
    /// error there.
    pub(crate) const COUNTED: [&str; OF_TOOLS - 1] = concat(&[&FAILURES, &RpcCode::KNOWN_LABELS]);

    /// On `mcp.server.operation.duration`, beside the classes of the tools' own error types: what is
    /// the caller's fault is none there, and a refused message has the HTTP status.
    pub(crate) const OF_SERVERS: [&str; 16] = concat(&[
        &FAILURES,
        &names([Self::CANCELLED]),
        &RpcCode::OTHER_FAULTS_LABELS,
        &HttpStatus::SERVERS_FAULTS_LABELS,
    ]);

    /// On `mcp.client.operation.duration`: a client knows no more than what it is answered.
    pub(crate) const OF_CLIENTS: [&str; 17] = concat(&[
        &names([
            Self::OTHER,
            Self::TOOL_ERROR,
            Self::TIMEOUT,
            Self::CANCELLED,
            Self::UNEXPECTED_RESPONSE,
        ]),
        &Self::OF_TRANSPORTS,
        &RpcCode::KNOWN_LABELS,
    ]);

    /// On `mcp.client.session.duration`.
    pub(crate) const OF_TRANSPORTS: [&str; 2] =
        names([Self::TRANSPORT_CLOSED, Self::TRANSPORT_ERROR]);
}

impl ErrorClass {
    pub(crate) const OTHER: Self = Self::common(0);
    pub(crate) const TOOL_ERROR: Self = Self::common(1);
    pub(crate) const INVALID_ARGUMENTS: Self = Self::common(2);
    pub(crate) const PANIC: Self = Self::common(3);
    pub(crate) const TIMEOUT: Self = Self::common(4);
    pub(crate) const CANCELLED: Self = Self::common(5);
    /// The connection ended before the answer came.
    pub(crate) const TRANSPORT_CLOSED: Self = Self::common(16);
    /// The message could not be sent.
    pub(crate) const TRANSPORT_ERROR: Self = Self::common(17);
    /// The answer was none to this request.
    pub(crate) const UNEXPECTED_RESPONSE: Self = Self::common(18);
    /// Classes that every tool can have.
    pub(crate) const COMMON: usize = OF_TOOLS;

    const fn common(index: u8) -> Self {
        Self(Class::Common(index))
    }

    pub(crate) fn of_code(code: RpcCode) -> Self {
        let label = code.as_label();
        let index = CLASSES.iter().position(|known| *known == label);
        index
            .and_then(|index| u8::try_from(index).ok())
            .map_or(Self::OTHER, Self::common)
    }

    /// The class that a tool's own error type names, which may be one that every tool can have.
    pub(crate) fn of_name(name: &'static str) -> Self {
        let index = CLASSES[..OF_TOOLS].iter().position(|known| *known == name);
        match index.and_then(|index| u8::try_from(index).ok()) {
            Some(index) => Self::common(index),
            // Derived ones are; what an implementation by hand returns may be anything.
            None if !is_presentable(name) => Self::OTHER,
            None => Self(Class::Own(name)),
        }
    }

    /// Whether every tool can have the class of that name.
    pub(crate) const fn is_common(name: &str) -> bool {
        let mut index = 0;
        while index < OF_TOOLS {
            if crate::closed::same(CLASSES[index], name) {
                return true;
            }
            index += 1;
        }
        false
    }

    /// Those of [`Self::COUNTED`].
    pub(crate) fn all_counted() -> impl Iterator<Item = Self> {
        Self::COUNTED.into_iter().map(Self::of_name)
    }

    /// Whether it is one of a tool's own.
    pub(crate) fn is_own(self) -> bool {
        matches!(self.0, Class::Own(_))
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self.0 {
            Class::Common(index) => CLASSES[index as usize],
            Class::Own(name) => name,
        }
    }

    /// The index among those that are not a tool's own.
    #[inline]
    pub(crate) fn index(self) -> Option<u8> {
        match self.0 {
            Class::Common(index) => Some(index),
            Class::Own(_) => None,
        }
    }
}
