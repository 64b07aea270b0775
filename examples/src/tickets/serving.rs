//! How the ticket server is served, observed or not: over HTTP until it is told to stop, or over stdio until its
//! client has gone.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ServerHandler, ServiceExt};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How long calls that are under way may take after a signal.
const STOP_BOUND: Duration = Duration::from_secs(2);

/// The MCP endpoint: each session has a clone of the handler.
pub(crate) fn endpoint<H: ServerHandler + Clone>(handler: H, stop: &CancellationToken) -> Router {
    let config = StreamableHttpServerConfig::default();
    let service = StreamableHttpService::new(
        move || Ok(handler.clone()),
        Arc::new(LocalSessionManager::default()),
        config.with_cancellation_token(stop.child_token()),
    );
    Router::new().nest_service("/mcp", service)
}

/// Serves at this address; port 0 takes a free one.
pub(crate) async fn over_http(
    address: SocketAddr,
    router: Router,
    stop: CancellationToken,
) -> io::Result<()> {
    let stopped = stop_signal()?;
    let listener = TcpListener::bind(address).await?;
    eprintln!("tickets: http://{}/mcp", listener.local_addr()?);
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving =
        axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
    let serving = serving.into_future();
    tokio::pin!(serving);
    tokio::select! {
        ended = &mut serving => ended,
        () = stopped => {
            stop.cancel();
            // Whoever is not done by then is not waited for.
            timeout(STOP_BOUND, serving).await.unwrap_or(Ok(()))
        }
    }
}

/// Serves the client that has this process's stdin and stdout, until it closes them or a signal comes.
pub(crate) async fn over_stdio<H: ServerHandler>(handler: H) -> io::Result<()> {
    let stopped = stop_signal()?;
    let session = async {
        let server = handler.serve(rmcp::transport::stdio()).await;
        let server = server.map_err(io::Error::other)?;
        server.waiting().await.map_err(io::Error::other)
    };
    tokio::select! {
        ended = session => ended.map(|_| ()),
        () = stopped => Ok(()),
    }
}

/// Completes when the process is asked to stop. It is heard from when this returns, not only once the future is
/// polled.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(windows)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut ctrl_c = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        ctrl_c.recv().await;
    })
}
