//! The server of ours that clients of another make call.

use std::process::Command;

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;

use crate::process::{Server, run};
use crate::received::{Exported, Receiver, Spans};
use crate::transport::Transport;
use crate::versions::LEGACY;

const NAME: &str = "rust-server";
const PATH: &str = env!("CARGO_BIN_EXE_interop-server");

/// What both ends export while a client has a session with the server: a program whose last argument
/// says where the server is, or what to start.
pub(crate) async fn session(transport: Transport, client: impl FnOnce(&str) -> Command) -> Spans {
    let receiver = Receiver::start().await;
    let environment = receiver.environment();
    match transport {
        Transport::Stdio => run(client(PATH), &environment).await,
        Transport::Http => {
            let mut server = Command::new(PATH);
            server.arg("http");
            let server = Server::start(server, &environment).await;
            run(client(&server.url), &environment).await;
            server.end().await;
        }
    }
    receiver.spans().await
}

/// Asserts what became of a request: its span at the client, everything below, and what the span of
/// the server says, which is returned.
#[track_caller]
pub(crate) fn assert_handled<'a>(
    spans: &'a Spans,
    asked: &Exported,
    request: &str,
    version: &str,
    transport: Transport,
) -> &'a Exported {
    let (post, linked) = match transport {
        Transport::Stdio => (String::new(), ""),
        // `_meta` has the parent, and the headers have the HTTP request's span.
        Transport::Http => (
            format!("  {} Client POST\n", asked.service),
            ", linked to POST",
        ),
    };
    let below = match request {
        "tools/call query_archive" => {
            "    rust-server Client db.query\n    rust-server Internal execute_tool mean\n"
        }
        _ => "",
    };
    assert_eq!(
        spans.tree(asked),
        format!(
            "{} Client {}\n{post}  {NAME} Server {request}{linked}\n{below}",
            asked.service, asked.name
        )
    );

    let mut children = spans.children(asked);
    let handled = children.find(|it| it.service == NAME).expect("in the tree");
    let (method, tool) = match request.split_once(' ') {
        Some((method, tool)) => (method, Some(tool)),
        None => (request, None),
    };
    let is_error = tool == Some("close_archive");
    let is_http = transport == Transport::Http;
    let mut expected = vec![
        ("mcp.method.name", Some(method)),
        ("gen_ai.tool.name", tool),
        ("mcp.protocol.version", Some(version)),
        ("error.type", is_error.then_some("closed")),
        ("network.protocol.version", is_http.then_some("1.1")),
    ];
    expected.extend(transport.attributes());
    for (key, value) in expected {
        assert_eq!(handled.attribute(key), value, "{key} of {handled:#?}");
    }
    let has_session = is_http && version == LEGACY && method != "initialize";
    let session = handled.attribute("mcp.session.id");
    assert_eq!(session.is_some(), has_session, "{handled:#?}");
    handled
}

/// Asserts that there are the spans of these requests at the server and no others.
#[track_caller]
pub(crate) fn assert_all_handled(spans: &Spans, mut requests: Vec<&str>) {
    let handled = spans.all(NAME, SpanKind::Server);
    let mut handled: Vec<_> = handled.map(|it| it.name.as_str()).collect();
    handled.sort_unstable();
    requests.sort_unstable();
    assert_eq!(handled, requests);
}

/// Asserts where a message belongs whose `_meta` has no context: below the HTTP request that brought
/// it, or nowhere.
#[track_caller]
pub(crate) fn assert_without_meta(spans: &Spans, message: &str, agent: &Exported) {
    let handled = spans.one(NAME, SpanKind::Server, message);
    assert!(handled.links.is_empty(), "{handled:#?}");
    if handled.attribute("network.transport") == Some("pipe") {
        assert!(handled.parent.is_empty(), "{handled:#?}");
        assert_ne!(handled.trace, agent.trace);
    } else {
        let post = spans.parent(handled).expect("the HTTP request's span");
        assert_eq!((&post.service, &*post.name), (&agent.service, "POST"));
        assert_eq!(post.trace, agent.trace);
    }
}
