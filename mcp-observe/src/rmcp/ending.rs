//! How calls of an rmcp handler end.

use rmcp::ErrorData;
use rmcp::model::{
    CallToolResponse, CallToolResult, CreateTaskResult, ErrorCode, InputRequiredResult,
};

use crate::call::classify::{Ending, ProtocolError, ToolResult};
use crate::closed::{ProtocolVersion, RpcCode};
use crate::error_class::ErrorClass;
use crate::operation::outcome::{Outcome, ResultType};

impl ProtocolError for ErrorData {
    fn code(&self) -> i32 {
        self.code.0
    }
}

impl ToolResult for CallToolResult {
    fn ending(&self) -> Ending {
        Ending(match self.is_error {
            Some(true) => Outcome::failure(ErrorClass::TOOL_ERROR),
            Some(false) | None => Outcome::SUCCESS,
        })
    }

    fn message(&self) -> Option<String> {
        let failed = self.is_error.is_some_and(|it| it);
        let text = self.content.iter().find_map(|block| block.as_text())?;
        failed.then(|| text.text.clone())
    }
}

impl ToolResult for InputRequiredResult {
    fn ending(&self) -> Ending {
        Ending(Outcome::Success(ResultType::InputRequired))
    }

    fn message(&self) -> Option<String> {
        None
    }
}

impl ToolResult for CreateTaskResult {
    fn ending(&self) -> Ending {
        Ending(Outcome::Success(ResultType::Task))
    }

    fn message(&self) -> Option<String> {
        None
    }
}

impl ToolResult for CallToolResponse {
    fn ending(&self) -> Ending {
        match self {
            Self::Complete(result) => result.ending(),
            Self::InputRequired(result) => result.ending(),
            Self::Task(result) => result.ending(),
            _ => Ending(Outcome::SUCCESS),
        }
    }

    fn message(&self) -> Option<String> {
        match self {
            Self::Complete(result) => result.message(),
            _ => None,
        }
    }
}

/// A request that is no tool call.
pub(super) fn of_request<T>(result: &Result<T, ErrorData>) -> Outcome {
    match result {
        Ok(_) => Outcome::SUCCESS,
        Err(error) => Outcome::rpc(RpcCode(error.code.0)),
    }
}

/// With what rmcp begins its answer where arguments do not fit their type, which is a result and no error.
const REFUSED_ARGUMENTS: &str = "failed to deserialize parameters:";

/// Whether the answer is that the arguments were refused.
pub(super) fn refuses_arguments(result: &Result<CallToolResponse, ErrorData>) -> bool {
    let Ok(CallToolResponse::Complete(result)) = result else {
        return false;
    };
    let message = result.message();
    message.is_some_and(|message| message.starts_with(REFUSED_ARGUMENTS))
}

/// What a `tools/call` came to, as the client will see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Called {
    /// What the client is answered.
    pub(super) answer: Outcome,
    /// The tool has `#[mcp_tool]`.
    pub(super) attributed: bool,
    /// Its function was entered.
    pub(super) entered: bool,
    /// The answer says that the arguments were refused.
    pub(super) refuses_arguments: bool,
    /// How that said it ended.
    pub(super) reported: Option<Outcome>,
}

impl Called {
    /// The outcome: whether the call failed is what the client is told; in which way, the function
    /// knows better.
    pub(super) fn outcome(self) -> Outcome {
        let Outcome::Failure { class, code } = self.answer else {
            return self.answer;
        };
        let blames_arguments = match code {
            Some(code) => code.0 == ErrorCode::INVALID_PARAMS.0,
            // A handler may answer by itself before it enters a function, or enter that where it is not seen.
            None => self.refuses_arguments,
        };
        if self.attributed && !self.entered && blames_arguments {
            // rmcp deserialises the arguments before it enters the function.
            return Outcome::Failure {
                class: ErrorClass::INVALID_ARGUMENTS,
                code,
            };
        }
        match self.reported {
            Some(Outcome::Failure {
                class: reported, ..
            }) if says_more(reported) => Outcome::Failure {
                class: reported,
                code: code.filter(|code| !is_servers_fault(reported) || !code.is_callers_fault()),
            },
            _ => Outcome::Failure { class, code },
        }
    }
}

/// Whether a class that the function reports says more than that the answer was an error.
fn says_more(class: ErrorClass) -> bool {
    is_servers_fault(class) || class == ErrorClass::INVALID_ARGUMENTS || class.is_own()
}

/// Whether the server is to blame, whatever code it answers with.
fn is_servers_fault(class: ErrorClass) -> bool {
    class == ErrorClass::TIMEOUT || class == ErrorClass::PANIC
}

/// The error that rmcp answers with instead of a response that this client cannot be given.
pub(super) fn refused(code: ErrorCode) -> Outcome {
    Outcome::rpc(RpcCode(code.0))
}

/// The outcome as the client sees it: rmcp rewrites the code of a resource that is not found for
/// protocol 2026-07-28 and later.
pub(super) fn as_sent(outcome: Outcome, version: Option<ProtocolVersion>) -> Outcome {
    match outcome {
        Outcome::Failure {
            code: Some(code), ..
        } if code.0 == ErrorCode::RESOURCE_NOT_FOUND.0
            && version.is_some_and(ProtocolVersion::has_rounds) =>
        {
            Outcome::rpc(RpcCode(ErrorCode::INVALID_PARAMS.0))
        }
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use rmcp::model::{CallToolResult, ContentBlock};

    use crate::call::classify::ToolResult as _;

    #[test]
    fn only_a_failure_has_a_message() {
        let said = || vec![ContentBlock::text("said")];
        let failure = CallToolResult::error(said());
        assert_eq!(failure.message().as_deref(), Some("said"));
        assert_eq!(CallToolResult::success(said()).message(), None);
        assert_eq!(CallToolResult::error(vec![]).message(), None);
    }
}
