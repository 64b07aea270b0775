//! What the current thread is working on.

use std::sync::Arc;

use super::account::Account;
use super::handling::Handling;
use crate::catalogue::Callsite;
use crate::telemetry::Telemetry;
use crate::thread;
use crate::usage::Tally;

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
            (Account::Nobody, _) => Place::Outside(Some(self.telemetry.clone())),
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
    /// Not inside of any call. Observed by this instance, if any: that of the agent's work that it is inside
    /// of, or the default.
    Outside(Option<Telemetry>),
    /// It is the call that the open operation is about.
    Called(Arc<Handling>),
    /// Inside an operation, but not the call: another tool's body calls it.
    Within(Telemetry, Account),
}

/// Enters the tool's function here.
#[inline]
pub(crate) fn place(callsite: &'static Callsite) -> Place {
    match thread::frame_or_installed(|frame| Some(frame.place(callsite))) {
        Ok(place) => place,
        Err(installed) => Place::Outside(installed),
    }
}

/// A frame for other work inside of the current one: part of the same call, with a tally of its own.
pub(crate) fn within() -> Option<Frame> {
    thread::frame(|frame| {
        let (telemetry, account) = (frame.telemetry.clone(), frame.account.clone());
        Some(Frame::new(telemetry, account, frame.tool))
    })
}

/// The current frame, for whoever shares its tally.
pub(crate) fn snapshot() -> Option<Frame> {
    thread::frame_mut(|frame| {
        if frame.tally.is_none() && frame.telemetry.tracer().is_some() {
            frame.tally = Some(Arc::default());
        }
        frame.clone()
    })
}

/// The name of the tool that the thread is carrying out, if it is one that the server knows.
#[cfg(feature = "logs")]
pub(crate) fn tool() -> Option<String> {
    thread::frame(|frame| {
        let name = match (frame.tool, &frame.account) {
            (Some(callsite), _) => callsite.name,
            (None, Account::Handled(handling)) => handling.tool_name()?,
            (None, _) => return None,
        };
        Some(name.to_owned())
    })
}

/// Makes `frame` current until the guard is dropped, which puts it back.
pub(crate) fn enter(frame: &mut Option<Frame>) -> Entered<'_> {
    thread::swap(frame);
    Entered(frame)
}

/// See [`enter`].
pub(crate) struct Entered<'a>(&'a mut Option<Frame>);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        thread::swap(self.0);
    }
}
