//! The security log: one JSON line for each tool call, each refused message and each authentication
//! failure, for those who watch for attacks.
//!
//! The keys are documented in `schema/security-event-1.0.json`. An event is recorded where its operation is
//! closed, from the same outcome as the span and the metrics. Its line is made there and then (`line`,
//! `text`), and put into the queue of each sink (`queue`), whose thread writes it (`lane`, `sink`). What is
//! lost on the way is counted (`losses`). Stdout is a sink only where it cannot be the protocol (`gate`).
//!
//! # Example
//! ```
//! use mcp_observe::{Telemetry, security::SecurityLog};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let telemetry = Telemetry::builder()
//!     .security_log(SecurityLog::builder().stderr())
//!     .build()?;
//! // … serve …
//! telemetry.shutdown(std::time::Duration::from_secs(5))?;
//! # Ok(())
//! # }
//! ```

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
mod sender;
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
pub(crate) use losses::Loss;
pub(crate) use sender::Sender;
pub(crate) use sink::Kind as SinkKind;
pub use sink::{LineSender, Lines, LogFile, channel};
pub use tags::Tags;
