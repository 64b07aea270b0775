//! What the current thread is working on. Set on every poll and taken back after it, as the
//! OpenTelemetry context is, but beside it: a value in a `Context` costs three allocations.

use std::cell::RefCell;
use std::sync::Arc;

use super::account::Account;
use super::handling::Handling;
use crate::catalogue::Callsite;
use crate::telemetry::Telemetry;
use crate::usage::Tally;

thread_local! {
    static CURRENT: RefCell<Option<Frame>> = const { RefCell::new(None) };
}

/// The innermost operation, execution or other work that the thread is inside of.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) telemetry: Telemetry,
    /// The call that it is part of.
    pub(crate) account: Account,
    /// The tool whose body runs, where the macro opened what is open.
    pub(crate) tool: Option<&'static Callsite>,
    /// What its span shall say of the tokens that were used; made when someone needs it.
    pub(crate) tally: Option<Arc<Tally>>,
}

impl Frame {
    pub(crate) fn new(
        telemetry: Telemetry,
        account: Account,
        tool: Option<&'static Callsite>,
    ) -> Self {
        Self {
            telemetry,
            account,
            tool,
            tally: None,
        }
    }

    /// Out of line, so that being outside of everything costs no more than to see that.
    #[inline(never)]
    fn place(&self, callsite: &'static Callsite) -> Place {
        match (&self.account, self.tool) {
            (Account::Nobody, _) => Place::BelowAgent(self.telemetry.clone()),
            (Account::Handled(handling), None) if handling.enter(callsite) => {
                Place::Called(Arc::clone(handling))
            }
            (account, _) => Place::Within(self.telemetry.clone(), account.clone()),
        }
    }
}

/// What entering a tool's function means where it happens.
#[derive(Debug)]
pub(crate) enum Place {
    /// Not inside anything.
    Outside,
    /// Inside of an agent's work, which is observed by this instance, and not of any call.
    BelowAgent(Telemetry),
    /// It is the call that the open operation is about.
    Called(Arc<Handling>),
    /// Inside an operation, but not the call: another tool's body calls it.
    Within(Telemetry, Account),
}

/// Enters the tool's function here.
#[inline]
pub(crate) fn place(callsite: &'static Callsite) -> Place {
    current(|frame| match frame {
        None => Place::Outside,
        Some(frame) => frame.place(callsite),
    })
}

/// A frame for other work inside of the current one: part of the same call, with a tally of its own.
pub(crate) fn within() -> Option<Frame> {
    current(|frame| {
        let frame = frame?;
        let (telemetry, account) = (frame.telemetry.clone(), frame.account.clone());
        Some(Frame::new(telemetry, account, frame.tool))
    })
}

/// The current frame, for whoever shares its tally.
pub(crate) fn snapshot() -> Option<Frame> {
    let shared = |current: &RefCell<Option<Frame>>| {
        let mut current = current.try_borrow_mut().ok()?;
        let frame = current.as_mut()?;
        if frame.tally.is_none() && frame.telemetry.tracer().is_some() {
            frame.tally = Some(Arc::default());
        }
        Some(frame.clone())
    };
    CURRENT.try_with(shared).ok().flatten()
}

/// The name of the tool that the thread is carrying out, if it is one that the server knows.
#[cfg(feature = "logs")]
pub(crate) fn tool() -> Option<String> {
    current(|frame| {
        let frame = frame?;
        let name = match (frame.tool, &frame.account) {
            (Some(callsite), _) => callsite.name,
            (None, Account::Handled(handling)) => handling.tool_name()?,
            (None, _) => return None,
        };
        Some(name.to_owned())
    })
}

/// Looks at the current frame. A thread that is being torn down has none any more.
#[inline]
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
#[inline]
pub(crate) fn swap(frame: &mut Option<Frame>) {
    // A thread that is being torn down has no current frame any more; its work goes on without one.
    let _ = CURRENT.try_with(|current| {
        if let Ok(mut current) = current.try_borrow_mut() {
            std::mem::swap(&mut *current, frame);
        }
    });
}
