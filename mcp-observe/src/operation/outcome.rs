//! How an operation ended: the one value from which span, metrics and events are all written.

use super::side::Side;
use crate::closed::{HttpStatus, RpcCode};
use crate::error_class::ErrorClass;

/// The outcome of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Returned normally, with what kind of result.
    Success(ResultType),
    /// Failed; `code` if the answer is a JSON-RPC error.
    Failure {
        class: ErrorClass,
        code: Option<RpcCode>,
    },
    /// The transport refused the message, and answered with this and no JSON-RPC error.
    Refused(HttpStatus),
    /// The caller cancelled it, or its future was dropped.
    Cancelled,
}

/// What a successful result is, in the protocol's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultType {
    /// The final result.
    Complete,
    /// An interim round: the client shall answer and call again.
    InputRequired,
    /// A task was accepted; its result is polled for.
    Task,
}

impl ResultType {
    /// The protocol's `resultType`, where the result is not the final one.
    pub(crate) fn interim(self) -> Option<&'static str> {
        match self {
            Self::Complete => None,
            Self::InputRequired => Some("input_required"),
            Self::Task => Some("task"),
        }
    }
}

/// The label `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Success,
    Error,
    Cancelled,
}

impl Status {
    pub(crate) const ALL: [Self; 3] = [Self::Success, Self::Error, Self::Cancelled];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Outcome {
    pub(crate) const SUCCESS: Self = Self::Success(ResultType::Complete);
    pub(crate) const PANIC: Self = Self::failure(ErrorClass::PANIC);

    pub(crate) const fn failure(class: ErrorClass) -> Self {
        Self::Failure { class, code: None }
    }

    /// The answer was this JSON-RPC error.
    pub(crate) fn rpc(code: RpcCode) -> Self {
        Self::Failure {
            class: ErrorClass::of_code(code),
            code: Some(code),
        }
    }

    pub(crate) fn status(self) -> Status {
        match self {
            Self::Success(_) => Status::Success,
            Self::Failure { .. } | Self::Refused(_) => Status::Error,
            Self::Cancelled => Status::Cancelled,
        }
    }

    /// `error.type` of the operation's span and duration. None on a server where the conventions
    /// blame the caller: the server did not fail, and its span's status stays unset. To whoever
    /// called, that is an error like any other.
    pub(crate) fn error_type(self, side: Side) -> Option<ErrorClass> {
        match self {
            Self::Failure {
                code: Some(code), ..
            } if side == Side::Server && code.is_callers_fault() => None,
            Self::Refused(status) if status.is_callers_fault() => None,
            other => other.class(),
        }
    }

    /// What went wrong, whoever is to blame.
    pub(crate) fn class(self) -> Option<ErrorClass> {
        match self {
            Self::Failure { class, .. } => Some(class),
            Self::Refused(status) => Some(ErrorClass::of_name(status.as_str())),
            Self::Cancelled => Some(ErrorClass::CANCELLED),
            Self::Success(_) => None,
        }
    }

    /// `error_type` of `mcp.tool.errors`, which counts callers' faults too, and never cancellation.
    pub(crate) fn counted_error(self) -> Option<ErrorClass> {
        match self {
            Self::Failure { class, .. } => Some(class),
            // A refused call is no tool's.
            Self::Success(_) | Self::Refused(_) | Self::Cancelled => None,
        }
    }

    pub(crate) fn rpc_code(self) -> Option<RpcCode> {
        match self {
            Self::Failure { code, .. } => code,
            Self::Success(_) | Self::Refused(_) | Self::Cancelled => None,
        }
    }

    /// The HTTP status that is all there is of an answer.
    pub(crate) fn http_status(self) -> Option<HttpStatus> {
        match self {
            Self::Refused(status) => Some(status),
            Self::Success(_) | Self::Failure { .. } | Self::Cancelled => None,
        }
    }

    /// What HTTP would say of it, whatever carried the message; `asked_in_vain` if it named a tool
    /// that the server does not have.
    pub(crate) fn as_http(self, asked_in_vain: bool) -> u16 {
        match self {
            Self::Success(_) => 200,
            Self::Refused(status) => status.as_u16(),
            Self::Cancelled => 499,
            Self::Failure { class, code } => match (class, code) {
                (ErrorClass::TIMEOUT, _) => 504,
                (ErrorClass::PANIC, _) => 500,
                (_, Some(RpcCode(-32601 | -32002))) => 404,
                (_, code) if asked_in_vain && code.is_none_or(RpcCode::is_callers_fault) => 404,
                (ErrorClass::INVALID_ARGUMENTS, _) => 400,
                (_, Some(code)) if code.is_callers_fault() => 400,
                _ => 500,
            },
        }
    }

    pub(crate) fn result_type(self) -> ResultType {
        match self {
            Self::Success(kind) => kind,
            Self::Failure { .. } | Self::Refused(_) | Self::Cancelled => ResultType::Complete,
        }
    }
}
