//! With an `ObservedPeer` on it, every message is one operation.

use mcp_observe::Telemetry;
use mcp_observe::rmcp::{Endpoint, ObservedPeer};
use mcp_observe_tests::{Capture, attribute, names, series};
use opentelemetry::trace::{SpanId, TraceContextExt, Tracer, TracerProvider};
use opentelemetry_sdk::trace::SdkTracerProvider;
use rmcp::RoleClient;
use rmcp::ServiceExt;
use rmcp::model::{CallToolRequestParams, ReadResourceRequestParams};
use serde_json::json;

use crate::fixture::{Client, Puppet, connect, everything, legacy, request, sent};

fn peer(capture: &Capture, client: &Client) -> ObservedPeer<RoleClient> {
    ObservedPeer::builder(client.peer().clone())
        .telemetry(&capture.telemetry)
        .endpoint(Endpoint::pipe())
        .build()
}

#[tokio::test]
async fn every_message_is_one_operation() {
    let capture = Capture::new();
    let client = connect(&capture).await;
    let peer = peer(&capture, &client);
    peer.call_tool(CallToolRequestParams::new("echo"))
        .await
        .expect("an answer");
    peer.list_all_tools().await.expect("an answer");
    peer.list_all_prompts().await.expect("an answer");
    peer.list_all_resources().await.expect("an answer");
    peer.list_all_resource_templates().await.expect("an answer");
    peer.list_all_skills().await.expect("an answer");
    let memo = ReadResourceRequestParams::new("memo://one");
    peer.read_resource(memo).await.expect("an answer");
    peer.read_resource(ReadResourceRequestParams::new("memo://none"))
        .await
        .expect_err("there is no such memo");
    peer.send_request(request("ping", &json!({})))
        .await
        .expect_err("no pings");
    peer.notify_roots_list_changed().await.expect("sent");
    let spans = sent(&capture);
    assert_eq!(
        names(&spans),
        [
            "initialize",
            "notifications/initialized",
            "tools/call echo",
            "tools/list",
            "prompts/list",
            "resources/list",
            "resources/templates/list",
            "skills/list",
            "resources/read",
            "resources/read",
            "ping",
            "notifications/roots/list_changed",
        ]
    );
    // The peer cannot know the ids of lists and reads; the transport tells it.
    let ids: Vec<_> = spans
        .iter()
        .filter_map(|it| attribute(it, "jsonrpc.request.id"))
        .collect();
    assert_eq!(ids, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    let all = capture.sum("mcp_client_operation_duration_seconds_count", &[]);
    assert_eq!(all.to_string(), spans.len().to_string());
}

#[tokio::test]
async fn the_callers_span_is_the_parent_of_what_the_peer_sends() {
    let capture = Capture::new();
    let client = connect(&capture).await;
    let peer = peer(&capture, &client);
    let tracer = SdkTracerProvider::builder().build().tracer("agent");
    let agent = opentelemetry::Context::new().with_span(tracer.start("agent"));
    let id = agent.span().span_context().span_id();
    {
        let _agent = agent.attach();
        // Nothing here waits on another thread: the test has but one.
        peer.list_all_tools().await.expect("an answer");
        client.list_all_prompts().await.expect("an answer");
    }
    let spans = sent(&capture);
    assert_eq!(names(&spans[2..]), ["tools/list", "prompts/list"]);
    assert_eq!(spans[2].parent_span_id, id);
    assert_eq!(spans[3].parent_span_id, SpanId::INVALID, "of a plain peer");
}

/// An answer from rmcp's cache is no message.
#[tokio::test]
async fn what_is_in_the_cache_is_not_sent() {
    let capture = Capture::new();
    let (mut puppet, client) = Puppet::connected(&capture).await;
    let peer = peer(&capture, &client);
    let listing = {
        let peer = peer.clone();
        tokio::spawn(async move { peer.list_tools(None).await })
    };
    let heard = puppet.hear().await;
    let result = json!({ "tools": [], "ttlMs": 60_000, "cacheScope": "private" });
    puppet
        .say(&json!({ "jsonrpc": "2.0", "id": heard["id"], "result": result }))
        .await;
    listing.await.expect("no panic").expect("an answer");
    peer.list_tools(None).await.expect("the same");

    let spans = sent(&capture);
    assert_eq!(names(&spans[2..]), ["tools/list", "tools/list"]);
    let cached = |index: usize| attribute(&spans[index], "mcp.response.cached");
    let id = |index: usize| attribute(&spans[index], "jsonrpc.request.id");
    assert_eq!((cached(2), id(2)), (None, Some("1".to_owned())));
    assert_eq!((cached(3), id(3)), (Some("true".to_owned()), None));
    let lists = capture.sum(
        "mcp_client_operation_duration_seconds_count",
        &[("mcp_method_name", "tools/list")],
    );
    assert_eq!(lists.to_string(), "1");
    client.cancel().await.expect("it stops");
    assert_eq!(puppet.rest().await.len(), 0);
}

/// Without traces messages carry nothing by which they could be told apart.
#[tokio::test]
async fn without_traces_every_message_is_one_sample() {
    let telemetry = Telemetry::builder().build().expect("an instance");
    let capture = Capture::new();
    let transport = mcp_observe::rmcp::ObservedTransport::builder(everything(&capture))
        .telemetry(&telemetry)
        .build();
    let client = legacy().serve(transport).await.expect("a session begins");
    let peer = ObservedPeer::builder(client.peer().clone())
        .telemetry(&telemetry)
        .build();
    peer.call_tool(CallToolRequestParams::new("echo"))
        .await
        .expect("an answer");
    peer.list_all_tools().await.expect("an answer");
    peer.notify_roots_list_changed().await.expect("sent");
    client.list_all_tools().await.expect("an answer");
    let counted = |method: &str| {
        let of_method = |series: &mcp_observe_tests::Series| {
            series.name == "mcp_client_operation_duration_seconds_count"
                && series
                    .labels
                    .contains(&("mcp_method_name".to_owned(), method.to_owned()))
        };
        let all = series(&telemetry.prometheus_text());
        all.iter()
            .filter(|it| of_method(it))
            .map(|it| it.value)
            .sum::<f64>()
            .to_string()
    };
    assert_eq!(counted("initialize"), "1");
    assert_eq!(counted("tools/call"), "1");
    assert_eq!(counted("tools/list"), "2");
    assert_eq!(counted("notifications/roots/list_changed"), "1");
}

/// A context that somebody wrote into a message makes it theirs.
#[tokio::test]
async fn what_carries_a_context_is_left_as_it_is() {
    let capture = Capture::new();
    let (puppet, client) = Puppet::connected(&capture).await;
    let theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let meta = json!({ "traceparent": theirs });
    let options = rmcp::service::PeerRequestOptions::no_options()
        .with_meta(serde_json::from_value(meta.clone()).expect("an object"));
    for (tool, params) in [
        ("in-params", json!({ "name": "in-params", "_meta": meta })),
        ("in-options", json!({ "name": "in-options" })),
    ] {
        let mut request = request("tools/call", &params);
        if let rmcp::model::ClientRequest::CallToolRequest(call) = &mut request {
            call.params.meta = serde_json::from_value(params["_meta"].clone()).ok();
        }
        let options = if tool == "in-options" {
            rmcp::service::PeerRequestOptions::no_options()
                .with_meta(options.meta.clone().expect("a meta"))
        } else {
            rmcp::service::PeerRequestOptions::no_options()
        };
        client
            .send_cancellable_request(request, options)
            .await
            .expect("sent");
    }
    let custom = json!({ "method": "custom/thing", "params": { "_meta": meta } });
    let custom: rmcp::model::CustomRequest = {
        let mut custom: rmcp::model::CustomRequest =
            serde_json::from_value(custom.clone()).expect("a request");
        custom.extensions = rmcp::model::Extensions::new();
        custom.params = Some(json!({ "_meta": meta }));
        custom
    };
    let request = rmcp::model::ClientRequest::CustomRequest(custom);
    let options = rmcp::service::PeerRequestOptions::no_options();
    client
        .send_cancellable_request(request, options)
        .await
        .expect("sent");
    let progress = json!({
        "method": "notifications/progress",
        "params": { "progressToken": 1, "progress": 0.5, "_meta": meta },
    });
    client
        .send_notification(serde_json::from_value(progress).expect("a notification"))
        .await
        .expect("sent");
    client.cancel().await.expect("it stops");
    let heard = puppet.rest().await;
    assert_eq!(heard.len(), 4);
    for message in heard {
        assert_eq!(
            message["params"]["_meta"]["traceparent"], theirs,
            "{message}"
        );
    }
    assert_eq!(sent(&capture).len(), 2, "{:?}", names(&sent(&capture)));
}
