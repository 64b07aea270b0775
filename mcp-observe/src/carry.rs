//! Carrying a tool's context into another task.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use opentelemetry::Context;
use pin_project_lite::pin_project;

use crate::work::scope::{self, Frame};

/// Makes `future` part of the tool that it is made in, wherever it runs.
///
/// A task that a tool spawns starts without the tool's context: its spans are roots, its log lines
/// say of no tool. With this they are the tool's, and an attributed function that the task calls is
/// part of the call and no message of its own. The tool's span ends when the tool returns, also if
/// the task goes on.
///
/// # Example
/// ```
/// # async fn reindex() {}
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// tokio::spawn(mcp_observe::carry(async { reindex().await })).await
/// # }
/// ```
pub fn carry<F: Future>(future: F) -> Carried<F> {
    Carried {
        context: Context::current(),
        frame: scope::snapshot(),
        future,
    }
}

pin_project! {
    /// The future that [`carry`] returns.
    #[must_use = "futures do nothing unless awaited"]
    #[derive(Debug)]
    pub struct Carried<F> {
        context: Context,
        frame: Option<Frame>,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Carried<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _attached = this.context.clone().attach();
        let _entered = scope::enter(this.frame);
        this.future.poll(task)
    }
}
