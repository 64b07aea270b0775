//! The weather server over HTTP: what is around the handler.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use mcp_observe::http::ObserveLayer;
use mcp_observe::rmcp::Observed;
use mcp_observe_examples::listening;
use mcp_observe_examples::weather::Weather;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How long open requests may take to end when the server is stopped.
const STOP_BOUND: Duration = Duration::from_secs(2);

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Serves on `listener`. By default rmcp refuses whoever calls the server by another name than one
    /// of this machine (`Host`): a web page could have its own name lead here. `names` are accepted too.
    pub(crate) fn start(listener: TcpListener, names: &[String]) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let handler = Observed::new(Weather::default());
        let mut config = StreamableHttpServerConfig::default();
        config.allowed_hosts.extend_from_slice(names);
        let mcp = StreamableHttpService::new(
            // Each session has a clone.
            move || Ok(handler.clone()),
            Arc::new(LocalSessionManager::default()),
            config.with_cancellation_token(stop.child_token()),
        );
        let router = Router::new()
            .nest_service("/mcp", mcp)
            // Sees what is refused before the handler; links a span around the HTTP request.
            .route_layer(ObserveLayer::new())
            // What the spans' `client.address` is read from.
            .into_make_service_with_connect_info::<SocketAddr>();
        let stopped = stop.clone().cancelled_owned();
        let serving = axum::serve(listener, router).with_graceful_shutdown(stopped);
        Ok(Self {
            address,
            stop,
            task: tokio::spawn(serving.into_future()),
        })
    }

    /// Where the server is called from this machine.
    pub(crate) fn address(&self) -> SocketAddr {
        listening::reachable(self.address)
    }

    /// Ends the sessions, and waits for what is under way as long as is reasonable.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        if timeout(STOP_BOUND, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}
