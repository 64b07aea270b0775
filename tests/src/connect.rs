//! A client that is connected to a handler.

use rmcp::service::RunningService;
use rmcp::{RoleClient, ServerHandler, ServiceExt};

/// Serves the handler over a pipe, and returns a client that is connected to it.
///
/// # Panics
/// If no session begins.
pub async fn connect(handler: impl ServerHandler) -> RunningService<RoleClient, ()> {
    let (server, client) = tokio::io::duplex(64 * 1024);
    tokio::spawn(async move {
        let running = handler.serve(server).await.expect("a session begins");
        running.waiting().await
    });
    ().serve(client).await.expect("a session begins")
}
