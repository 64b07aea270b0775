//! The security log: one JSON line for each tool call, each refused message and each authentication
//! failure.

// Until operations record their events.
#![allow(dead_code, unused_imports)]

mod builder;
mod event;
mod gate;
mod lane;
mod line;
mod log;
mod losses;
mod queue;
mod sink;
mod tags;
#[cfg(test)]
mod tests;
mod text;

pub use builder::SecurityLogBuilder;
pub(crate) use event::{Category, Event, SpanRef, UnknownHash};
pub use log::SecurityLog;
pub use sink::{LineSender, Lines, LogFile, channel};
pub use tags::Tags;
