//! A receiver that is not as it should be.

use axum::Router;

/// A receiver that takes every request and does with it what it is told.
pub(crate) async fn receiver(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async { axum::serve(listener, router).await });
    format!("http://{address}")
}
