//! A request to a handler: its context can only be had from a real session.

use std::sync::{Arc, OnceLock};

use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt};
use serde_json::json;

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// The context of a request that a client sent over a pipe, with the client's `traceparent`.
///
/// # Panics
/// If there is no session to be had.
pub(crate) fn context() -> RequestContext<RoleServer> {
    let catch = Catch::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let (to_server, to_client) = tokio::io::duplex(1 << 16);
        let server = tokio::spawn(catch.clone().serve(to_server));
        let client = ().serve(to_client).await.expect("a client");
        let server = server.await.expect("a server").expect("a session");
        let request = CallToolRequestParams::new("any");
        client.call_tool(request).await.expect("an answer");
        client.cancel().await.expect("the client ends");
        server.cancel().await.expect("the server ends");
    });
    let mut context = catch.0.get().expect("the request came").clone();
    // The session's end has cancelled the old token.
    context.ct = tokio_util::sync::CancellationToken::new();
    context
        .meta
        .insert("traceparent".to_owned(), json!(TRACEPARENT));
    context
}

/// Keeps the context of the first request.
#[derive(Clone, Default)]
struct Catch(Arc<OnceLock<RequestContext<RoleServer>>>);

impl ServerHandler for Catch {
    async fn call_tool(
        &self,
        _: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        // Only the first is wanted.
        let _ = self.0.set(context);
        Ok(CallToolResult::success(Vec::new()).into())
    }
}
