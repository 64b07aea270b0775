//! What `_meta` has when it arrives.

use std::sync::{Arc, Mutex};

use mcp_observe::rmcp::ObservedPeer;
use mcp_observe_tests::Capture;
use mcp_observe_tests::connect::connect;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::FutureExt;
use opentelemetry::{Context, KeyValue};
use rmcp::model::{
    CallToolRequest, CallToolRequestParams, CallToolResponse, CallToolResult, ListToolsResult,
    PaginatedRequestParams, RequestMetaObject, RequestParamsMeta,
};
use rmcp::service::{PeerRequestOptions, RequestContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Map, Value, json};

/// Keeps the `_meta` of every request.
#[derive(Debug, Clone, Default)]
struct Keeping(Arc<Mutex<Vec<Map<String, Value>>>>);

impl Keeping {
    fn keep(&self, context: &RequestContext<RoleServer>) {
        self.0.lock().unwrap().push(context.meta.0.0.clone());
    }

    fn last(&self) -> Map<String, Value> {
        self.0.lock().unwrap().last().unwrap().clone()
    }
}

impl ServerHandler for Keeping {
    async fn call_tool(
        &self,
        _: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        self.keep(&context);
        Ok(CallToolResult::success(vec![]).into())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        self.keep(&context);
        Ok(ListToolsResult::default())
    }
}

fn with_meta() -> CallToolRequestParams {
    let mut params = CallToolRequestParams::new("any");
    let mut meta = RequestMetaObject::default();
    meta.insert("com.example/mine".to_owned(), json!({ "kept": true }));
    params.set_meta(meta);
    params
}

#[tokio::test]
async fn what_the_user_set_stays() {
    let capture = Capture::new();
    let server = Keeping::default();
    let client = connect(server.clone()).await;
    let peer = ObservedPeer::builder(client.peer().clone())
        .telemetry(&capture.telemetry)
        .build();
    let mine = json!({ "kept": true });

    peer.call_tool(with_meta()).await.unwrap();
    assert_eq!(server.last()["com.example/mine"], mine);
    assert!(server.last()["traceparent"].is_string());
    assert!(
        !server.last().contains_key("tracestate"),
        "it would be empty"
    );
    assert!(!server.last().contains_key("baggage"));

    // rmcp has three places for it.
    let mut options = RequestMetaObject::default();
    options.insert("com.example/options".to_owned(), json!(1));
    let mut request = CallToolRequest::new(with_meta());
    let mut extension = RequestMetaObject::default();
    extension.insert("com.example/extension".to_owned(), json!(2));
    request.extensions.insert(extension);
    peer.send_request_with_option(
        request.into(),
        PeerRequestOptions::no_options().with_meta(options),
    )
    .await
    .unwrap()
    .await_response()
    .await
    .unwrap();
    let meta = server.last();
    assert_eq!(meta["com.example/mine"], mine);
    assert_eq!(meta["com.example/options"], 1);
    assert_eq!(meta["com.example/extension"], 2);
    assert!(meta["traceparent"].is_string());

    let mut params = PaginatedRequestParams::default();
    let mut meta = RequestMetaObject::default();
    meta.insert("com.example/mine".to_owned(), mine.clone());
    params.set_meta(meta);
    peer.list_tools(Some(params)).await.unwrap();
    assert_eq!(server.last()["com.example/mine"], mine);
    assert!(server.last()["traceparent"].is_string());
}

#[tokio::test]
async fn baggage_is_sent_as_far_as_it_is_allowed() {
    let capture = Capture::with(|builder| builder.baggage(["tenant"]));
    let server = Keeping::default();
    let client = connect(server.clone()).await;
    let peer = ObservedPeer::builder(client.peer().clone())
        .telemetry(&capture.telemetry)
        .build();
    let context = Context::new().with_baggage([
        KeyValue::new("tenant", "acme"),
        KeyValue::new("password", "hunter2"),
    ]);
    peer.call_tool(with_meta())
        .with_context(context)
        .await
        .unwrap();
    assert_eq!(server.last()["baggage"], "tenant=acme");
}

#[tokio::test]
async fn without_telemetry_nothing_is_added() {
    let server = Keeping::default();
    let client = connect(server.clone()).await;
    let peer = ObservedPeer::new(client.peer().clone());
    peer.call_tool(with_meta()).await.unwrap();
    let bare = {
        client.peer().call_tool(with_meta()).await.unwrap();
        server.last()
    };
    let observed = server.0.lock().unwrap()[0].clone();
    let keys = |meta: &Map<String, Value>| meta.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&observed), keys(&bare));
}
