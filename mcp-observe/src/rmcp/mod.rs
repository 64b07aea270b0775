//! Servers built on [`::rmcp`]: all that this crate knows of it.

mod carrier;
mod ending;
mod handler;
mod message;
mod observed;
mod record;
mod request;
mod served;
mod session;

pub use observed::{Observed, ObservedBuilder};
pub(crate) use served::Servers;
