//! Classes of errors: what `error.type` and the label `error_type` can be.

use crate::closed::RpcCode;
use crate::presentable::is_presentable;
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
const CLASSES: &[&str] = &[
    OTHER,
    "tool_error",
    "invalid_arguments",
    "panic",
    "timeout",
    "cancelled",
    "-32700",
    "-32600",
    "-32601",
    "-32602",
    "-32603",
    "-32002",
    "-32020",
    "-32021",
    "-32022",
    "-32042",
    "transport_closed",
    "transport_error",
    "unexpected_response",
];

/// How many of them every tool can have.
const OF_TOOLS: usize = CLASSES.len() - 3;

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

    /// Every class that the label `error_type` of any tool can have: a cancelled call is no error
    /// there.
    pub(crate) fn all_counted() -> impl Iterator<Item = Self> {
        (0..OF_TOOLS)
            .filter_map(|index| u8::try_from(index).ok())
            .map(Self::common)
            .filter(|class| *class != Self::CANCELLED)
    }

    /// Whether it is one of a tool's own.
    pub(crate) fn is_own(self) -> bool {
        matches!(self.0, Class::Own(_))
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self.0 {
            Class::Common(index) => CLASSES[usize::from(index)],
            Class::Own(name) => name,
        }
    }

    /// The index among those that are not a tool's own.
    pub(crate) fn index(self) -> Option<u8> {
        match self.0 {
            Class::Common(index) => Some(index),
            Class::Own(_) => None,
        }
    }
}
