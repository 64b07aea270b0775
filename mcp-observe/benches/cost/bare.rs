//! The tool that all contenders observe, and how it is called.

use std::hint::black_box;
use std::num::TryFromIntError;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::scenario::Call;

/// What the tool returns.
pub(crate) type Sum = Result<i64, TryFromIntError>;

/// The tool: little more than its telemetry, and it can fail.
pub(crate) async fn add(a: i64, b: i64) -> Sum {
    i8::try_from(a)?;
    Ok(a + b)
}

/// Calls of `tool` with these arguments.
pub(crate) fn calling<F>(tool: fn(i64, i64) -> F, a: i64, b: i64) -> Call
where
    F: Future<Output = Sum> + 'static,
{
    Box::new(move || {
        let sum = poll_once(tool(black_box(a), black_box(b)));
        let _ = black_box(sum);
    })
}

/// Polls a future that is ready at once.
///
/// # Panics
/// If it is not.
pub(crate) fn poll_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing here ever waits"),
    }
}
