//! A request to a handler without a transport: its context can only be had from a real session, and is
//! good for any number of requests.

use std::pin::pin;
use std::sync::{Arc, LazyLock, OnceLock};
use std::task::{Context, Poll, Waker};

use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt};

/// The output of a future that waits for nothing.
pub(crate) fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing here waits"),
    }
}

/// The context of a request that came over a pipe, with nothing in its `_meta`.
pub(crate) fn context() -> RequestContext<RoleServer> {
    static CONTEXT: LazyLock<RequestContext<RoleServer>> = LazyLock::new(of_a_session);
    let mut context = CONTEXT.clone();
    // The session's end has cancelled the old one.
    context.ct = tokio_util::sync::CancellationToken::new();
    context
}

fn of_a_session() -> RequestContext<RoleServer> {
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
    context.meta.clear();
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
