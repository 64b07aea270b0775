//! What the current thread is working on. Set on every poll and taken back after it, as the
//! OpenTelemetry context is, but beside it: a value in a `Context` costs three allocations.

use std::cell::RefCell;
use std::sync::Arc;

use crate::catalogue::Callsite;
use crate::handling::Handling;
use crate::telemetry::Telemetry;

thread_local! {
    static CURRENT: RefCell<Option<Frame>> = const { RefCell::new(None) };
}

/// The innermost operation or execution that the thread is inside of.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) telemetry: Telemetry,
    /// Of an operation that a wrapper opened; the macro's own have no one to tell.
    pub(crate) handling: Option<Arc<Handling>>,
    /// The tool whose body runs, where the macro opened what is open.
    #[cfg_attr(not(feature = "logs"), expect(dead_code, reason = "for log lines"))]
    pub(crate) tool: Option<&'static Callsite>,
}

/// What entering a tool's function means where it happens.
#[derive(Debug)]
pub(crate) enum Place {
    /// Not inside anything.
    Outside,
    /// It is the call that the open operation is about.
    Called(Arc<Handling>),
    /// Inside an operation, but not the call: another tool's body calls it.
    Within(Telemetry),
}

/// Enters the tool's function here.
pub(crate) fn place(callsite: &'static Callsite) -> Place {
    current(|frame| match frame {
        None => Place::Outside,
        Some(Frame {
            handling: Some(handling),
            ..
        }) if handling.enter(callsite) => Place::Called(Arc::clone(handling)),
        Some(frame) => Place::Within(frame.telemetry.clone()),
    })
}

/// The current frame, for work that goes on elsewhere.
pub(crate) fn snapshot() -> Option<Frame> {
    current(|frame| Some(frame?.clone()))
}

/// The name of the tool that the thread is carrying out, if it is one that the server knows.
#[cfg(feature = "logs")]
pub(crate) fn tool() -> Option<String> {
    current(|frame| {
        let frame = frame?;
        let name = match &frame.tool {
            Some(callsite) => callsite.name,
            None => frame.handling.as_ref()?.tool_name()?,
        };
        Some(name.to_owned())
    })
}

/// Looks at the current frame. A thread that is being torn down has none any more.
fn current<R>(mut look: impl FnMut(Option<&Frame>) -> R) -> R {
    CURRENT
        .try_with(|current| look(current.borrow().as_ref()))
        .unwrap_or_else(|_| look(None))
}

/// Makes `frame` current until the guard is dropped, which puts it back.
pub(crate) fn enter(frame: &mut Option<Frame>) -> Entered<'_> {
    swap(frame);
    Entered(frame)
}

/// See [`enter`].
pub(crate) struct Entered<'a>(&'a mut Option<Frame>);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        swap(self.0);
    }
}

/// Puts `frame` in the place of the current one, and the other way round.
pub(crate) fn swap(frame: &mut Option<Frame>) {
    // A thread that is being torn down has no current frame any more; its work goes on without one.
    let _ = CURRENT.try_with(|current| {
        if let Ok(mut current) = current.try_borrow_mut() {
            std::mem::swap(&mut *current, frame);
        }
    });
}
