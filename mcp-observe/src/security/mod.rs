//! The security log: one JSON line for each tool call, each refused message and each authentication
//! failure.

mod builder;
mod caller;
mod event;
mod gate;
mod identity;
mod lane;
mod line;
mod log;
mod losses;
mod queue;
mod sink;
mod subject;
mod tags;
#[cfg(test)]
mod tests;
mod text;

pub use builder::SecurityLogBuilder;
pub use caller::{Caller, Subject};
pub(crate) use event::{Category, Event, SpanRef, UnknownHash};
pub(crate) use identity::Identity;
pub use log::SecurityLog;
pub use sink::{LineSender, Lines, LogFile, channel};
pub use tags::Tags;
