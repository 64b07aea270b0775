//! What a thread knows: what it is working on, and which instance was the default when it last looked. In one
//! place, as whoever enters a tool's function asks for both.

use std::cell::RefCell;

use crate::installed::{Seen, changes};
use crate::telemetry::Telemetry;
use crate::work::scope::Frame;

thread_local! {
    static THREAD: RefCell<Thread> = const {
        RefCell::new(Thread { frame: None, seen: Seen::NOTHING })
    };
}

struct Thread {
    /// Set on every poll and taken back after it, as the OpenTelemetry context is, but beside it: a value in
    /// a `Context` costs three allocations.
    frame: Option<Frame>,
    seen: Seen,
}

/// The process's default instance.
pub(crate) fn installed() -> Option<Telemetry> {
    frame_or_installed(|_| None::<()>).err().flatten()
}

/// What `look` finds in the current frame, or the default instance where there is none, or nothing in it.
#[inline]
pub(crate) fn frame_or_installed<R>(
    look: impl FnOnce(&Frame) -> Option<R>,
) -> Result<R, Option<Telemetry>> {
    let changes = changes();
    let found = THREAD.try_with(|thread| {
        let thread = thread.borrow();
        match thread.frame.as_ref().and_then(look) {
            Some(found) => Some(Ok(found)),
            None if thread.seen.is_of(changes) => Some(Err(thread.seen.instance())),
            None => None,
        }
    });
    match found {
        Ok(Some(found)) => found,
        // A thread that is being torn down remembers nothing.
        Ok(None) | Err(_) => Err(look_again(changes)),
    }
}

#[cold]
fn look_again(changes: usize) -> Option<Telemetry> {
    let (seen, instance) = Seen::look(changes);
    let _ = THREAD.try_with(|thread| {
        if let Ok(mut thread) = thread.try_borrow_mut() {
            thread.seen = seen;
        }
    });
    instance
}

/// Looks at the current frame. A thread that is being torn down has none any more.
pub(crate) fn frame<R>(look: impl FnOnce(&Frame) -> Option<R>) -> Option<R> {
    THREAD
        .try_with(|thread| look(thread.borrow().frame.as_ref()?))
        .ok()
        .flatten()
}

/// The same of one that it may change.
pub(crate) fn frame_mut<R>(look: impl FnOnce(&mut Frame) -> R) -> Option<R> {
    THREAD
        .try_with(|thread| Some(look(thread.try_borrow_mut().ok()?.frame.as_mut()?)))
        .ok()
        .flatten()
}

/// Puts `frame` in the place of the current one, and the other way round.
#[inline]
pub(crate) fn swap(frame: &mut Option<Frame>) {
    // A thread that is being torn down has no current frame any more; its work goes on without one.
    let _ = THREAD.try_with(|thread| {
        if let Ok(mut thread) = thread.try_borrow_mut() {
            std::mem::swap(&mut thread.frame, frame);
        }
    });
}
