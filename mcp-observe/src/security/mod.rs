//! The security log: one JSON line for each tool call, each refused message and each authentication
//! failure.

// Until operations record their events.
#![allow(dead_code, unused_imports)]

mod caller;
mod event;
mod identity;
mod line;
mod log;
mod subject;
mod tags;
mod text;

pub use caller::{Caller, Subject};
pub(crate) use event::{Category, Event, SpanRef, UnknownHash};
pub(crate) use identity::Identity;
pub use log::{SecurityLog, SecurityLogBuilder};
pub use tags::Tags;
