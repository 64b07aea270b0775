//! The future of a request that is carried out. Written by hand: an `async fn` would hold what it is given twice,
//! and each caller's once more. rmcp copies a handler's futures several times before it polls them, whatever the
//! request, so their size is paid for by every message.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use pin_project_lite::pin_project;
use rmcp::ErrorData;
use tokio_util::sync::CancellationToken;

use super::ending;
use super::request::{Ending, Opened};
use crate::operation::outcome::Outcome;
use crate::work::Enter;

pin_project! {
    /// Polls the body inside the operation that was opened for it, if any, and closes that with what `outcome`
    /// makes of the result. If it is not polled to its end, the body is dropped inside.
    #[must_use = "futures do nothing unless awaited"]
    pub(super) struct CarriedOut<M, B, O> {
        opened: Option<Opened>,
        catches_panics: bool,
        #[pin]
        body: Body<M, B>,
        // Taken at the end.
        outcome: Option<O>,
    }

    impl<M, B, O> PinnedDrop for CarriedOut<M, B, O> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(opened) = this.opened && !matches!(*this.body, Body::Over) {
                opened.work.inside(|| this.body.set(Body::Over));
            }
        }
    }
}

pin_project! {
    /// What the handler inside does.
    #[project = BodyProjection]
    enum Body<M, B> {
        // Not polled yet: a method that works before it returns its future does that inside as well.
        Unmade { make: Option<M> },
        Made { #[pin] future: B },
        Over,
    }
}

impl<M, B, O> CarriedOut<M, B, O> {
    pub(super) fn new(opened: Option<Opened>, catches_panics: bool, make: M, outcome: O) -> Self {
        Self {
            opened,
            catches_panics,
            body: Body::Unmade { make: Some(make) },
            outcome: Some(outcome),
        }
    }
}

impl<M: FnOnce() -> B, B: Future> Body<M, B> {
    /// Once it is ready it is over.
    fn poll(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<B::Output> {
        if let BodyProjection::Unmade { make } = self.as_mut().project() {
            let make = make.take().expect("it is made once");
            self.set(Self::Made { future: make() });
        }
        let BodyProjection::Made { future } = self.as_mut().project() else {
            panic!("a future is not polled again after it was ready");
        };
        let output = ready!(future.poll(task));
        self.set(Self::Over);
        Poll::Ready(output)
    }
}

impl<M, B, O, T> Future for CarriedOut<M, B, O>
where
    M: FnOnce() -> B,
    B: Future<Output = Result<T, ErrorData>>,
    O: FnOnce(&Result<T, ErrorData>, Ending<'_>) -> Outcome,
{
    type Output = Result<T, ErrorData>;

    fn poll(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(opened) = this.opened else {
            return this.body.poll(task);
        };
        let work = &mut opened.work;
        let mut poll = || work.inside(|| this.body.as_mut().poll(task));
        let polled = if *this.catches_panics {
            // The operation is closed while it unwinds; what is left is to answer.
            catch_unwind(AssertUnwindSafe(poll))
                .unwrap_or_else(|_panic| Poll::Ready(Err(panicked())))
        } else {
            poll()
        };
        let result = ready!(polled);
        if let Some(operation) = work.operation_mut()
            && let Some(outcome) = this.outcome.take()
        {
            // rmcp lets the handler of a cancelled request run to its end and throws the result away.
            let is_cancelled = opened
                .cancelled
                .as_ref()
                .is_some_and(CancellationToken::is_cancelled);
            let ending = Ending {
                operation,
                handling: &opened.handling,
                transport: opened.transport,
                is_answered: !is_cancelled,
            };
            let outcome = ending::as_sent(outcome(&result, ending), opened.protocol_version);
            work.close(if is_cancelled {
                Outcome::Cancelled
            } else {
                outcome
            });
        }
        Poll::Ready(result)
    }
}

fn panicked() -> ErrorData {
    ErrorData::internal_error("the handler of this request panicked", None)
}

#[cfg(test)]
mod tests {
    use rmcp::RoleServer;
    use rmcp::ServerHandler;
    use rmcp::service::RequestContext;

    use crate::rmcp::Observed;

    struct Bare;

    impl ServerHandler for Bare {}

    fn size<P, F: Future>(_: impl Fn(P, RequestContext<RoleServer>) -> F) -> usize {
        size_of::<F>()
    }

    fn size_of_call<H: ServerHandler>(handler: &H) -> usize {
        size(|request, context| handler.call_tool(request, context))
    }

    #[test]
    fn a_call_holds_what_it_needs_once() {
        let (bare, observed) = (size_of_call(&Bare), size_of_call(&Observed::new(Bare)));
        let more = observed - bare;
        // The operation, and the arguments, which the handler inside has as well once it is called.
        assert!(more < 1_300, "{bare} bytes became {observed}");
    }
}
