//! Carrying work out inside something that is open, and closing that exactly once: when the work is
//! done, when it panics, or when its future is dropped.

pub(crate) mod account;
pub(crate) mod execution;
pub(crate) mod handling;
pub(crate) mod scope;

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use opentelemetry::Context;
use pin_project_lite::pin_project;

use crate::label::Combination;
use crate::operation::Operation;
use crate::operation::outcome::Outcome;
use crate::span::OpenSpan;
use crate::telemetry::Telemetry;
use crate::usage::Tally;
use account::Account;
use execution::Execution;
use scope::Frame;

/// What work is done inside of.
#[derive(Debug)]
pub(crate) enum Open {
    Operation(Operation),
    Execution(Execution),
}

impl Open {
    fn context(&self) -> Option<&Context> {
        match self {
            Self::Operation(operation) => operation.context(),
            Self::Execution(execution) => execution.context(),
        }
    }

    fn span(&self) -> Option<&OpenSpan> {
        match self {
            Self::Operation(operation) => operation.span(),
            Self::Execution(execution) => execution.span(),
        }
    }

    fn close(&mut self, frame: &Frame, outcome: Outcome, own_message: Option<Box<str>>) {
        if let Some(tally) = &frame.tally {
            self.tell_usage(tally, &frame.telemetry);
        }
        match self {
            Self::Operation(operation) => {
                let message = match &frame.account {
                    Account::Handled(handling) => {
                        operation.learn(&frame.telemetry, handling);
                        handling.message()
                    }
                    Account::Nobody | Account::Own { .. } => own_message,
                };
                operation.close(&frame.telemetry, outcome, message);
            }
            Self::Execution(execution) => execution.close(outcome, own_message),
        }
    }

    /// Puts the tokens that were used inside on the span.
    #[cold]
    fn tell_usage(&self, tally: &Tally, telemetry: &Telemetry) {
        let is_tool = match self {
            Self::Operation(_) => true,
            Self::Execution(execution) => execution.is_tool(),
        };
        if is_tool && !telemetry.usage_on_tool_spans() {
            return;
        }
        if let Some(span) = self.span() {
            for attribute in tally.attributes() {
                span.set_attribute(attribute);
            }
        }
    }
}

/// An open operation or other work, with what its work needs to find it. Dropped while open, it was
/// cancelled.
#[derive(Debug)]
pub(crate) struct Work {
    open: Open,
    is_open: bool,
    /// While the work is done the thread has it, and this is what the thread had before.
    frame: Option<Frame>,
    /// The text of the tool's error, where the tool wants it recorded.
    error_message: Option<Box<str>>,
}

impl Work {
    pub(crate) fn new(open: Open, frame: Frame) -> Self {
        Self {
            open,
            is_open: true,
            frame: Some(frame),
            error_message: None,
        }
    }

    /// The operation, while it is open.
    pub(crate) fn operation_mut(&mut self) -> Option<&mut Operation> {
        match &mut self.open {
            Open::Operation(operation) if self.is_open => Some(operation),
            _ => None,
        }
    }

    /// Polls `body` inside.
    #[cfg(feature = "rmcp")]
    pub(crate) fn run<F: Future>(&mut self, body: F) -> Inside<'_, Self, F> {
        Inside::new(self, body)
    }

    /// The span that is open, and the instance that it is of.
    pub(crate) fn span(&self) -> Option<(&OpenSpan, &Telemetry)> {
        Some((self.open_span()?, self.telemetry()?))
    }

    /// None without tracing.
    pub(crate) fn open_span(&self) -> Option<&OpenSpan> {
        self.open.span()
    }

    /// None while the work is done: then the thread has it.
    pub(crate) fn telemetry(&self) -> Option<&Telemetry> {
        Some(&self.frame.as_ref()?.telemetry)
    }

    /// Whether it is a message that is handled.
    pub(crate) fn is_operation(&self) -> bool {
        matches!(self.open, Open::Operation(_))
    }

    /// The work failed with this text, which the tool wants recorded.
    pub(crate) fn failed_with(&mut self, message: String) {
        self.error_message = Some(message.into());
    }

    /// Counts the call with its labels, if that is what is open, and keeps them for what is used in
    /// it. A panic while they are read is the call's.
    pub(crate) fn label(&mut self, read: impl FnOnce() -> Combination) {
        if !self.is_open || !self.wants_labels() {
            return;
        }
        let mut reading = Reading {
            work: self,
            unwinding: true,
        };
        let labels = read();
        reading.unwinding = false;
        let Some(frame) = &mut reading.work.frame else {
            return;
        };
        if let Account::Own { labels: own, .. } = &mut frame.account {
            *own = labels;
        }
        if let Open::Operation(operation) = &mut reading.work.open {
            operation.label(&frame.telemetry, labels);
        }
    }

    /// An execution is not counted, so its labels are for its tokens alone, unless those are counted
    /// for another tool, that called it.
    fn wants_labels(&self) -> bool {
        match (&self.open, &self.frame) {
            (Open::Operation(_), _) => true,
            (Open::Execution(_), Some(frame)) => frame.account.wants_labels_of(frame.tool),
            _ => false,
        }
    }

    /// Closes what is open, if it still is.
    #[inline(never)]
    pub(crate) fn close(&mut self, outcome: Outcome) {
        if self.is_open {
            self.is_open = false;
            if let Some(frame) = &self.frame {
                self.open.close(frame, outcome, self.error_message.take());
            }
        }
    }
}

impl Enter for Work {
    /// If `body` panics, that is the outcome.
    fn enter<R>(&mut self, body: impl FnOnce() -> R) -> R {
        let context = self.open.context().cloned();
        scope::swap(&mut self.frame);
        let mut entered = Entered {
            attached: context.map(Context::attach),
            work: self,
            unwinding: true,
        };
        let result = body();
        entered.unwinding = false;
        result
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if self.is_open {
            self.close(Outcome::Cancelled);
        }
    }
}

/// Closes if it is dropped because of a panic.
struct Reading<'a> {
    work: &'a mut Work,
    unwinding: bool,
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        if self.unwinding {
            self.work.close(Outcome::PANIC);
        }
    }
}

/// Leaves when it is dropped; closes if that is because the body unwinds, which `unwinding` tells
/// for certain, where `std::thread::panicking` would also be true in a destructor during another
/// panic.
struct Entered<'a> {
    work: &'a mut Work,
    attached: Option<opentelemetry::ContextGuard>,
    unwinding: bool,
}

impl Drop for Entered<'_> {
    #[inline]
    fn drop(&mut self) {
        scope::swap(&mut self.work.frame);
        self.attached = None;
        if self.unwinding {
            self.work.close(Outcome::PANIC);
        }
    }
}

/// Something that work is done inside of.
pub trait Enter {
    /// Runs `body` inside.
    fn enter<R>(&mut self, body: impl FnOnce() -> R) -> R;
}

pin_project! {
    /// A future that is polled inside, and, if it is not polled to its end, dropped inside.
    #[must_use = "futures do nothing unless awaited"]
    #[derive(Debug)]
    pub struct Inside<'a, E: Enter, F> {
        place: &'a mut E,
        // `None` once it is finished.
        #[pin]
        body: Option<F>,
    }

    impl<E: Enter, F> PinnedDrop for Inside<'_, E, F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.body.is_some() {
                let body = &mut this.body;
                this.place.enter(|| body.set(None));
            }
        }
    }
}

impl<'a, E: Enter, F> Inside<'a, E, F> {
    pub(crate) fn new(place: &'a mut E, body: F) -> Self {
        Self {
            place,
            body: Some(body),
        }
    }
}

impl<E: Enter, F: Future> Future for Inside<'_, E, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let body = &mut this.body;
        this.place.enter(|| {
            let running = body.as_mut().as_pin_mut();
            let polled = running
                .expect("a future is not polled again after it was ready")
                .poll(task);
            if polled.is_ready() {
                body.set(None);
            }
            polled
        })
    }
}
