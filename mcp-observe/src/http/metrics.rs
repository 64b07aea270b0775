//! `/metrics`: as a route for those who have a server, on a listener of its own for those who have
//! none.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};
use tokio::sync::oneshot;

use crate::prometheus;
use crate::telemetry::Telemetry;

/// A route that answers `GET` with the instance's metrics as Prometheus text.
///
/// # Example
/// ```
/// # fn with(telemetry: mcp_observe::Telemetry) -> axum::Router {
/// axum::Router::new().route("/metrics", mcp_observe::http::metrics_route(&telemetry))
/// # }
/// ```
pub fn metrics_route<S>(telemetry: &Telemetry) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    let telemetry = telemetry.clone();
    get(move || async move {
        let header = [(CONTENT_TYPE, prometheus::CONTENT_TYPE)];
        (header, telemetry.prometheus_text()).into_response()
    })
}

/// A listener that serves `/metrics` and nothing else, on a thread of its own: it answers also while
/// the server's runtime is stuck. Stops when it is dropped: keep it for as long as the server runs.
#[derive(Debug)]
#[must_use = "it stops listening when it is dropped"]
pub struct MetricsListener {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl MetricsListener {
    /// Listens at `address`, by convention `127.0.0.1:9464`; port 0 takes a free one.
    ///
    /// The metrics are not protected in any way: listen on a loopback address, or see to it that
    /// only your Prometheus can reach it.
    ///
    /// # Errors
    /// If the address cannot be listened at, such as when its port is taken.
    pub fn start(telemetry: &Telemetry, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()?;
        let router = Router::new().route("/metrics", metrics_route(telemetry));
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::Builder::new()
            .name("mcp-observe-metrics".to_owned())
            .spawn(move || {
                runtime.block_on(async move {
                    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
                        return;
                    };
                    tokio::select! {
                        _ = stopped => {}
                        // Serving ends by itself only with an error of the listening socket.
                        _ = axum::serve(listener, router) => {}
                    }
                });
            })?;
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The address that is listened at.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for MetricsListener {
    fn drop(&mut self) {
        // Fails if the thread has ended already.
        let _ = self.stop.take().map(|stop| stop.send(()));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
