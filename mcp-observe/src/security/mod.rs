//! The security log: one JSON line for each tool call, each refused message and each authentication
//! failure.

// Until operations record their events.
#![allow(dead_code, unused_imports)]

mod event;
mod line;
mod log;
mod tags;
mod text;

pub(crate) use event::{Category, Event, SpanRef, UnknownHash};
pub use log::{SecurityLog, SecurityLogBuilder};
pub use tags::Tags;
