//! Carrying work out inside something that is open, and closing that exactly once: when the work is
//! done, when it panics, or when its future is dropped.

pub(crate) mod account;
pub(crate) mod execution;
pub(crate) mod handling;
pub(crate) mod open;
pub(crate) mod scope;

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use opentelemetry::{Context, ContextGuard};
use pin_project_lite::pin_project;

use crate::label::Combination;
#[cfg(feature = "rmcp")]
use crate::operation::Operation;
use crate::operation::outcome::Outcome;
use crate::span::OpenSpan;
use crate::telemetry::Telemetry;
use crate::thread;
use crate::usage::Tally;
use account::Account;
use open::Open;
use scope::Frame;

/// An open operation or other work, with what its work needs to find it. Dropped while open, it was
/// cancelled.
#[derive(Debug)]
pub(crate) struct Work<O: Open> {
    open: O,
    is_open: bool,
    /// While the work is done the thread has it, and this is what the thread had before.
    frame: Option<Frame>,
    /// The text of the tool's error, where the tool wants it recorded.
    error_message: Option<Box<str>>,
}

#[cfg(feature = "rmcp")]
impl Work<Operation> {
    /// The operation, while it is open.
    pub(crate) fn operation_mut(&mut self) -> Option<&mut Operation> {
        self.is_open.then_some(&mut self.open)
    }

    /// Polls `body` inside.
    pub(crate) fn run<F: Future>(&mut self, body: F) -> Inside<'_, Self, F> {
        Inside::new(self, body)
    }
}

impl<O: Open> Work<O> {
    #[inline]
    pub(crate) fn new(open: O, frame: Frame) -> Self {
        Self {
            open,
            is_open: true,
            frame: Some(frame),
            error_message: None,
        }
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

    /// The work failed with this text, which the tool wants recorded.
    pub(crate) fn failed_with(&mut self, message: String) {
        self.error_message = Some(message.into());
    }

    /// Counts the call with its labels, if that is what is open, and keeps them for what is used in
    /// it. A panic while they are read is the call's.
    pub(crate) fn label(&mut self, read: impl FnOnce() -> Combination) {
        let is_wanted = |frame: &Frame| self.open.wants_labels(frame);
        if !self.is_open || !self.frame.as_ref().is_some_and(is_wanted) {
            return;
        }
        let reading = Reading(self);
        let labels = read();
        std::mem::forget(reading);
        let Some(frame) = &mut self.frame else {
            return;
        };
        if let Account::Own { labels: own, .. } = &mut frame.account {
            *own = labels;
        }
        self.open.label(&frame.telemetry, labels);
    }

    /// Closes what is open, if it still is.
    #[inline(never)]
    pub(crate) fn close(&mut self, outcome: Outcome) {
        let message = self.error_message.take();
        self.end(outcome, message);
    }

    /// The same of what ended well, as most does: compiled for that alone, hardly anything is left to
    /// be asked.
    #[inline(never)]
    pub(crate) fn succeed(&mut self) {
        self.end(Outcome::SUCCESS, None);
    }

    #[expect(
        clippy::inline_always,
        reason = "one of its two callers knows the outcome"
    )]
    #[inline(always)]
    fn end(&mut self, outcome: Outcome, message: Option<Box<str>>) {
        if self.is_open {
            self.is_open = false;
            if let Some(frame) = &self.frame {
                if let Some(tally) = &frame.tally {
                    self.tell_usage(tally, &frame.telemetry);
                }
                self.open.end(frame, outcome, message);
            }
        }
    }

    /// Puts the tokens that were used inside on the span.
    #[cold]
    fn tell_usage(&self, tally: &Tally, telemetry: &Telemetry) {
        if self.open.is_tool() && !telemetry.usage_on_tool_spans() {
            return;
        }
        if let Some(span) = self.open.span() {
            for attribute in tally.attributes() {
                span.set_attribute(attribute);
            }
        }
    }
}

impl<O: Open> Enter for Work<O> {
    #[expect(clippy::inline_always, reason = "it is on the way of every call")]
    #[inline(always)]
    fn enter(&mut self) -> Attached {
        let context = self.open.span().map(|span| span.context().clone());
        thread::swap(&mut self.frame);
        Attached(context.map(Context::attach))
    }

    #[expect(clippy::inline_always, reason = "it is on the way of every call")]
    #[inline(always)]
    fn leave(&mut self) {
        thread::swap(&mut self.frame);
    }

    fn unwind(&mut self) {
        self.close(Outcome::PANIC);
    }
}

impl<O: Open> Drop for Work<O> {
    #[inline]
    fn drop(&mut self) {
        if self.is_open {
            self.close(Outcome::Cancelled);
        }
    }
}

/// Dropped where labels are read, and therefore because that panicked.
struct Reading<'a, O: Open>(&'a mut Work<O>);

impl<O: Open> Drop for Reading<'_, O> {
    fn drop(&mut self) {
        self.0.close(Outcome::PANIC);
    }
}

/// The context that is current inside, if it is another than outside.
#[derive(Debug, Default)]
pub struct Attached(
    #[expect(dead_code, reason = "it is current until this is dropped")] Option<ContextGuard>,
);

/// Something that work is done inside of.
pub trait Enter: Sized {
    /// Goes in. What is returned is to be dropped after [`Self::leave`].
    fn enter(&mut self) -> Attached;

    /// Comes out.
    fn leave(&mut self);

    /// It came out because the work panicked.
    fn unwind(&mut self);

    /// Runs `body` inside.
    #[inline]
    fn inside<R>(&mut self, body: impl FnOnce() -> R) -> R {
        let mut attached = self.enter();
        let entered = Entered {
            place: self,
            attached: &mut attached,
        };
        let result = body();
        std::mem::forget(entered);
        self.leave();
        drop(attached);
        result
    }
}

/// Where work is done. Dropped there, and not left, it unwinds: that tells for certain, where
/// `std::thread::panicking` would also be true in a destructor during another panic.
struct Entered<'a, E: Enter> {
    place: &'a mut E,
    attached: &'a mut Attached,
}

impl<E: Enter> Drop for Entered<'_, E> {
    #[cold]
    fn drop(&mut self) {
        self.place.leave();
        *self.attached = Attached::default();
        self.place.unwind();
    }
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
                drop_inside(*this.place, &mut this.body);
            }
        }
    }
}

/// Out of line: most futures are polled to their end.
#[cold]
fn drop_inside<E: Enter, F>(place: &mut E, body: &mut Pin<&mut Option<F>>) {
    place.inside(|| body.set(None));
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
        this.place.inside(|| {
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
