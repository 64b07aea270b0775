//! What work is done inside of: the operation of a message, or an execution.

use super::account::Account;
use super::execution::Execution;
use super::scope::Frame;
use crate::label::Combination;
use crate::operation::outcome::Outcome;
use crate::operation::{Operation, OwnCall};
use crate::span::OpenSpan;
use crate::telemetry::Telemetry;

/// Something that is open.
pub(crate) trait Open {
    /// None without tracing.
    fn span(&self) -> Option<&OpenSpan>;

    /// Whether it is a tool's, and not an agent's or a model's.
    fn is_tool(&self) -> bool;

    /// Whether someone wants to know the values of the tool's labels.
    fn wants_labels(&self, frame: &Frame) -> bool;

    /// The values of the tool's labels are known.
    fn label(&mut self, telemetry: &Telemetry, labels: Combination);

    /// It ended; `message` is the text of its error, as far as it told that itself.
    fn end(&mut self, frame: &Frame, outcome: Outcome, message: Option<Box<str>>);
}

/// That of a message that a wrapper around the handler opened: the function that carries it out tells
/// how that went, and counts it with its labels.
impl Open for Operation {
    fn span(&self) -> Option<&OpenSpan> {
        self.span()
    }

    fn is_tool(&self) -> bool {
        true
    }

    fn wants_labels(&self, _: &Frame) -> bool {
        false
    }

    fn label(&mut self, _: &Telemetry, _: Combination) {}

    #[expect(clippy::inline_always, reason = "it has one caller")]
    #[inline(always)]
    fn end(&mut self, frame: &Frame, outcome: Outcome, message: Option<Box<str>>) {
        let Account::Handled(handling) = &frame.account else {
            return self.close(&frame.telemetry, outcome, message);
        };
        self.learn(&frame.telemetry, handling);
        self.close(&frame.telemetry, outcome, handling.message());
    }
}

/// That of a call which the macro opened.
impl Open for Operation<OwnCall> {
    #[inline]
    fn span(&self) -> Option<&OpenSpan> {
        self.span()
    }

    fn is_tool(&self) -> bool {
        true
    }

    #[inline]
    fn wants_labels(&self, _: &Frame) -> bool {
        true
    }

    fn label(&mut self, telemetry: &Telemetry, labels: Combination) {
        self.label(telemetry, labels);
    }

    #[expect(clippy::inline_always, reason = "one of its callers knows the outcome")]
    #[inline(always)]
    fn end(&mut self, frame: &Frame, outcome: Outcome, message: Option<Box<str>>) {
        self.close(&frame.telemetry, outcome, message);
    }
}

impl Open for Execution {
    fn span(&self) -> Option<&OpenSpan> {
        self.span()
    }

    fn is_tool(&self) -> bool {
        self.is_tool()
    }

    /// It is not counted, so its labels are for its tokens alone, unless those are counted for another
    /// tool, that called it.
    fn wants_labels(&self, frame: &Frame) -> bool {
        frame.account.wants_labels_of(frame.tool)
    }

    fn label(&mut self, _: &Telemetry, _: Combination) {}

    fn end(&mut self, _: &Frame, outcome: Outcome, message: Option<Box<str>>) {
        self.close(outcome, message);
    }
}
