//! Servers built on [`::rmcp`]: all that this crate knows of it.

mod carried_out;
mod carrier;
#[cfg(feature = "client")]
mod client_handler;
#[cfg(feature = "client")]
mod embedded;
mod ending;
#[cfg(feature = "client")]
mod expected;
mod followed;
mod handler;
#[cfg(feature = "client-http")]
mod http_client;
mod message;
mod observed;
mod origin;
mod peer;
mod record;
mod request;
#[cfg(feature = "client")]
mod sent;
mod served;
mod session;
#[cfg(feature = "client")]
mod transport;

pub use crate::sent::endpoint::{Endpoint, EndpointError};
#[cfg(feature = "client")]
pub(crate) use expected::Expectations;
#[cfg(feature = "client-http")]
pub use http_client::ObservedHttpClient;
pub use observed::{Observed, ObservedBuilder};
pub(crate) use origin::Origin;
#[cfg(feature = "client")]
pub use peer::ObservedClient;
pub use peer::{ObservedPeer, ObservedPeerBuilder, ObservedRequest, Role};
pub(crate) use served::Servers;
#[cfg(feature = "client")]
pub use transport::{ObservedTransport, ObservedTransportBuilder};
