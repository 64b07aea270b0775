//! What a function's return value says about how the call went.
//!
//! The value's type is known where the attribute is expanded and nowhere else, so this is decided
//! there, by autoref specialisation: of several traits with the same method, the one that applies
//! after the fewest dereferences wins. Nothing is asked of the user's types, and in a generic
//! function a type parameter takes the last resort.
#![allow(
    missing_docs,
    clippy::missing_errors_doc,
    reason = "named by expansions of the macros only: no interface"
)]

use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::ops::Deref;

use super::Call;
use super::source::Watch;
use crate::closed::RpcCode;
use crate::error_class::ErrorClass;
use crate::error_type::ErrorType;
use crate::operation::outcome::{Outcome, ResultType};

/// How a tool's function ended, as its return value tells.
#[derive(Debug, Clone, Copy)]
pub struct Ending(pub(crate) Outcome);

/// A value whose type is asked about.
#[derive(Debug)]
pub struct Probe<'a, T: ?Sized>(pub &'a T);

/// Takes a `Result` behind a reference apart; any other value is one that succeeded.
#[doc(hidden)]
#[macro_export]
macro_rules! __mcp_observe_split {
    ($value:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::classification::{SplitOther as _, SplitResult as _};
        (&&$crate::__private::Probe($value)).__mcp_split()
    }};
}

/// Records what a value says of its failure, if it can be one.
#[doc(hidden)]
#[macro_export]
macro_rules! __mcp_observe_record_failure {
    ($call:expr, $value:expr) => {{
        #[allow(unused_imports)]
        use $crate::__private::classification::{FailureOfNone as _, FailureOfResult as _};
        (&&$crate::__private::Probe($value)).__mcp_record_failure(&mut $call)
    }};
}

/// Classifies the value behind a reference.
#[doc(hidden)]
#[macro_export]
macro_rules! __mcp_observe_classify {
    ($value:expr) => {{
        use $crate::__private::classification::{
            AnyError as _, AnyValue as _, KnownValue as _, OfDynError as _, OfErrorType as _,
            OfProtocolError as _, OfStdError as _, SplitOther as _, SplitResult as _,
        };
        match (&&$crate::__private::Probe($value)).__mcp_split() {
            $crate::__private::Result::Ok(value) => {
                (&&$crate::__private::Probe(value)).__mcp_value()
            }
            $crate::__private::Result::Err(error) => {
                (&&&&&$crate::__private::Probe(error)).__mcp_error()
            }
        }
    }};
}

/// A `Result` is looked into.
pub trait SplitResult<'a> {
    type Value;
    type Error;
    fn __mcp_split(&self) -> Result<&'a Self::Value, &'a Self::Error>;
}

impl<'a, T, E> SplitResult<'a> for &Probe<'a, Result<T, E>> {
    type Value = T;
    type Error = E;
    fn __mcp_split(&self) -> Result<&'a T, &'a E> {
        self.0.as_ref()
    }
}

/// Anything else is a value.
pub trait SplitOther<'a> {
    type Value;
    fn __mcp_split(&self) -> Result<&'a Self::Value, &'a Infallible>;
}

impl<'a, T> SplitOther<'a> for Probe<'a, T> {
    type Value = T;
    fn __mcp_split(&self) -> Result<&'a T, &'a Infallible> {
        Ok(self.0)
    }
}

/// A tool result that can say, in band, that the call failed or is not complete.
pub trait ToolResult {
    fn ending(&self) -> Ending;

    /// What it says of a failure, in band.
    fn message(&self) -> Option<String>;
}

pub trait KnownValue {
    fn __mcp_value(&self) -> Ending;
}

impl<T: ToolResult> KnownValue for &Probe<'_, T> {
    fn __mcp_value(&self) -> Ending {
        self.0.ending()
    }
}

pub trait FailureOfResult {
    fn __mcp_record_failure<W: Watch>(&self, call: &mut Call<W>);
}

impl<T: ToolResult> FailureOfResult for &Probe<'_, T> {
    fn __mcp_record_failure<W: Watch>(&self, call: &mut Call<W>) {
        call.record_failure(self.0);
    }
}

pub trait FailureOfNone {
    fn __mcp_record_failure<W: Watch>(&self, call: &mut Call<W>);
}

impl<T: ?Sized> FailureOfNone for Probe<'_, T> {
    fn __mcp_record_failure<W: Watch>(&self, _: &mut Call<W>) {}
}

pub trait AnyValue {
    fn __mcp_value(&self) -> Ending;
}

impl<T> AnyValue for Probe<'_, T> {
    fn __mcp_value(&self) -> Ending {
        Ending(Outcome::SUCCESS)
    }
}

/// A hand-written server's result, in the protocol's own shape.
impl ToolResult for serde_json::Value {
    fn ending(&self) -> Ending {
        let is_error = self.get("isError").and_then(Self::as_bool);
        let result_type = self.get("resultType").and_then(Self::as_str);
        Ending(match (is_error, result_type) {
            (Some(true), _) => Outcome::failure(ErrorClass::TOOL_ERROR),
            (_, Some("input_required")) => Outcome::Success(ResultType::InputRequired),
            (_, Some("task")) => Outcome::Success(ResultType::Task),
            _ => Outcome::SUCCESS,
        })
    }

    fn message(&self) -> Option<String> {
        let failed = self.get("isError").and_then(Self::as_bool)?;
        let content = self.get("content")?.as_array()?;
        let text = content
            .iter()
            .find_map(|block| block.get("text")?.as_str())?;
        failed.then(|| text.to_owned())
    }
}

/// An error that becomes a JSON-RPC error instead of a result with `isError`.
pub trait ProtocolError {
    fn code(&self) -> i32;
}

pub trait OfProtocolError {
    fn __mcp_error(&self) -> Ending;
}

impl<E: ProtocolError> OfProtocolError for &&&&Probe<'_, E> {
    fn __mcp_error(&self) -> Ending {
        Ending(Outcome::rpc(RpcCode(self.0.code())))
    }
}

/// An error that names its class.
pub trait OfErrorType {
    fn __mcp_error(&self) -> Ending;
}

impl<E: ErrorType> OfErrorType for &&&Probe<'_, E> {
    fn __mcp_error(&self) -> Ending {
        let class = ErrorClass::of_name(self.0.error_type());
        Ending(Outcome::failure(class))
    }
}

pub trait OfStdError {
    fn __mcp_error(&self) -> Ending;
}

impl<E: Error + 'static> OfStdError for &&Probe<'_, E> {
    fn __mcp_error(&self) -> Ending {
        Ending(Outcome::failure(of_chain(self.0)))
    }
}

/// `anyhow::Error`, `Box<dyn Error>` and their like: no `Error` themselves, but they hold one.
pub trait OfDynError {
    fn __mcp_error(&self) -> Ending;
}

impl<E: Deref<Target: DynError>> OfDynError for &Probe<'_, E> {
    fn __mcp_error(&self) -> Ending {
        Ending(Outcome::failure(of_chain(self.0.deref().as_error())))
    }
}

pub trait DynError {
    fn as_error(&self) -> &(dyn Error + 'static);
}

impl DynError for dyn Error + 'static {
    fn as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

impl DynError for dyn Error + Send + 'static {
    fn as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

impl DynError for dyn Error + Send + Sync + 'static {
    fn as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

pub trait AnyError {
    fn __mcp_error(&self) -> Ending;
}

impl<E> AnyError for Probe<'_, E> {
    fn __mcp_error(&self) -> Ending {
        Ending(Outcome::failure(ErrorClass::TOOL_ERROR))
    }
}

/// Sources looked at, so that an error that is its own source does no harm.
const MAX_SOURCES: usize = 16;

/// The class of an error that does not name one.
pub(crate) fn of_chain(error: &(dyn Error + 'static)) -> ErrorClass {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    if chain.take(MAX_SOURCES).any(is_timeout) {
        ErrorClass::TIMEOUT
    } else {
        ErrorClass::TOOL_ERROR
    }
}

fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    #[cfg(feature = "tokio")]
    if error.is::<tokio::time::error::Elapsed>() {
        return true;
    }
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::ToolResult as _;

    #[test]
    fn only_a_failure_has_a_message() {
        let result = |is_error| json!({ "isError": is_error, "content": [{ "text": "said" }] });
        assert_eq!(result(true).message().as_deref(), Some("said"));
        assert_eq!(result(false).message(), None);
        assert_eq!(json!({ "content": [{ "text": "said" }] }).message(), None);
    }
}
