//! Servers built on [`::rmcp`]: all that this crate knows of it.

mod carrier;
#[cfg(feature = "client")]
mod client_handler;
#[cfg(feature = "client")]
mod embedded;
mod ending;
mod followed;
mod handler;
mod message;
mod observed;
mod peer;
mod record;
mod request;
mod served;
mod session;

pub use crate::endpoint::{Endpoint, EndpointError};
pub use observed::{Observed, ObservedBuilder};
#[cfg(feature = "client")]
pub use peer::ObservedClient;
pub use peer::{ObservedPeer, ObservedPeerBuilder, ObservedRequest, Role};
pub(crate) use served::Servers;
