//! The layer changes nothing of what goes over the wire, whatever it is.

use std::net::SocketAddr;

use http::Method;
use mcp_observe_tests::Capture;
use mcp_observe_tests::server::Everything;
use mcp_observe_tests::web::Web;
use mcp_observe_tests::wire::request;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::cases::{ACCEPT, CONTENT, of_http, of_json_rpc};
use crate::{Kind, LEGACY, serve};

/// All that the server sends back, down to the last byte, but for the date and the session's id.
async fn ask(
    web: &Web,
    method: &Method,
    headers: &[(&str, &str)],
    body: &str,
    session: &str,
) -> String {
    let address = web.url.trim_start_matches("http://");
    let address: SocketAddr = address
        .trim_end_matches("/mcp")
        .parse()
        .expect("an address");
    let mut connection = TcpStream::connect(address).await.expect("it listens");
    let mut head = format!("{method} /mcp HTTP/1.1\r\nconnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "host") {
        head.push_str("host: localhost\r\n");
    }
    for (name, value) in headers {
        head += name;
        head += ": ";
        head += value;
        head += "\r\n";
    }
    let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    connection
        .write_all(request.as_bytes())
        .await
        .expect("it reads");
    let mut answer = Vec::new();
    connection
        .read_to_end(&mut answer)
        .await
        .expect("it answers");
    let answer = String::from_utf8(answer).expect("text");
    let answer = match session {
        "" => answer,
        session => answer.replace(session, "SESSION"),
    };
    let lines = answer
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("date:"));
    lines.collect()
}

/// What a client gets to read that sends everything: from a server as it is, or from an observed one.
async fn transcript(kind: Kind, capture: Option<&Capture>) -> Vec<String> {
    let web = match capture {
        Some(capture) => serve(kind, capture).await,
        None => Web::serve_as(Everything::default, kind.config(), |it| it).await,
    };
    let session = web.initialize(LEGACY).await.unwrap_or_default();
    let mut transcript = Vec::new();
    for case in of_http().into_iter().chain(of_json_rpc()) {
        let mut headers = case.headers.clone();
        if case.in_session && !session.is_empty() {
            headers.push(("mcp-session-id", &*session));
        }
        let answer = ask(&web, &Method::POST, &headers, &case.body, &session);
        transcript.push(answer.await);
    }
    let mut headers = vec![ACCEPT, CONTENT];
    if !session.is_empty() {
        headers.push(("mcp-session-id", &session));
    }
    for message in [
        request(1, "tools/list", &json!({})),
        request(
            2,
            "tools/call",
            &json!({ "name": "echo", "arguments": { "a": "x".repeat(500) } }),
        ),
        request(3, "tools/call", &json!({ "name": "break" })),
        request(4, "no/such", &json!({})),
        json!({ "jsonrpc": "2.0", "method": "notifications/roots/list_changed" }),
    ] {
        let message = message.to_string();
        let answer = ask(&web, &Method::POST, &headers, &message, &session);
        transcript.push(answer.await);
    }
    for method in [Method::DELETE, Method::GET, Method::PATCH, Method::HEAD] {
        transcript.push(ask(&web, &method, &headers, "", &session).await);
    }
    transcript
}

#[tokio::test]
async fn every_answer_is_the_same_byte_for_byte() {
    for kind in Kind::ALL {
        let bare = transcript(kind, None).await;
        assert!(
            bare.iter().all(|it| it.starts_with("HTTP/1.1 ")),
            "{bare:#?}"
        );
        let capture = Capture::new();
        let observed = transcript(kind, Some(&capture)).await;
        for (bare, observed) in bare.iter().zip(&observed) {
            assert_eq!(bare, observed, "{kind:?}");
        }
        assert!(capture.spans().len() > 20, "it was observed");
    }
}
