//! Servers over HTTP: the layer around the MCP service, and `/metrics`.

mod answer;
mod arrival;
mod exchange;
mod layer;
mod members;
mod message;
mod received;
mod request;
mod response;

#[cfg(feature = "prometheus")]
mod metrics;

use std::net::SocketAddr;

pub(crate) use exchange::authenticated;
#[cfg(feature = "rmcp")]
pub(crate) use exchange::{Handler, context_of, handled};
pub use layer::{Observe, ObserveLayer, ResponseFuture};
#[cfg(feature = "prometheus")]
pub use metrics::{MetricsListener, metrics_route};
pub use request::RequestBody;
pub use response::ResponseBody;

/// The peer of a connection, where the server is served with axum's connect info.
pub(crate) fn client(extensions: &http::Extensions) -> Option<SocketAddr> {
    let info = extensions.get::<axum::extract::ConnectInfo<SocketAddr>>()?;
    Some(info.0)
}
