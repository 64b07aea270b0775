//! After the session the demo serves until Ctrl-C.
#![cfg(unix)]

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::demo::child::Demo;
use crate::process::BOUND;

/// What a `GET` answers, head and body.
pub(super) fn get(url: &str) -> String {
    let (authority, _) = parts(url);
    get_as(url, authority)
}

/// The authority and the path of a URL.
fn parts(url: &str) -> (&str, &str) {
    url.strip_prefix("http://")
        .and_then(|url| url.split_once('/'))
        .expect("a URL")
}

/// The same, where the client calls the server by this name.
fn get_as(url: &str, host: &str) -> String {
    let (authority, path) = parts(url);
    let mut stream = TcpStream::connect(authority).expect("it is listened there");
    stream.set_read_timeout(Some(BOUND)).expect("a bound");
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .expect("the request is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn metrics_can_be_scraped_until_ctrl_c() {
    let demo = Demo::serve(&[]);
    let answer = get(demo.url("/metrics"));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    for tool in ["get_weather", "query_database", "send_report"] {
        let failed = u8::from(tool == "send_report");
        let range = if tool == "query_database" {
            "range=\"week\","
        } else {
            ""
        };
        for series in [
            format!("mcp_tool_calls_total{{{range}tool_name=\"{tool}\"}} 1"),
            format!("mcp_tool_active{{tool_name=\"{tool}\"}} 0"),
            format!(
                "mcp_tool_errors_total{{error_type=\"timeout\",tool_name=\"{tool}\"}} {failed}"
            ),
            format!(
                "mcp_tool_invocation_duration_seconds_count{{{range}status=\"success\",tool_name=\"{tool}\"}} {}",
                1 - failed
            ),
            format!(
                "mcp_tool_invocation_duration_seconds_count{{{range}status=\"error\",tool_name=\"{tool}\"}} {failed}"
            ),
        ] {
            assert!(answer.contains(&series), "{series}:\n{answer}");
        }
    }

    demo.interrupt();
    let demo = demo.wait();
    assert_eq!(
        (demo.code, demo.stderr.as_str()),
        (Some(0), ""),
        "{demo:#?}"
    );
}

#[test]
fn the_server_is_called_by_the_names_that_it_was_told() {
    let demo = Demo::serve_with(&["--allow-host", "demo"], &[]);
    for (host, is_refused) in [
        ("127.0.0.1:8000", false),
        ("localhost", false),
        ("demo:8000", false),
        ("elsewhere.example:8000", true),
    ] {
        let answer = get_as(demo.url("/mcp"), host);
        // What is let through is no MCP request, and told so.
        assert!(!answer.starts_with("HTTP/1.1 2"), "{host}: {answer}");
        let forbidden = answer.starts_with("HTTP/1.1 403 ");
        assert_eq!(forbidden, is_refused, "{host}: {answer}");
    }
    // Whoever scrapes may call it as they like.
    let answer = get_as(demo.url("/metrics"), "demo:9464");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");

    let demo = Demo::serve(&[]);
    let answer = get_as(demo.url("/mcp"), "demo:8000");
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
}

#[test]
fn an_open_stream_does_not_hold_ctrl_c_up() {
    let demo = Demo::serve(&[]);
    let url = demo.url("/mcp");
    let authority = url.trim_start_matches("http://").trim_end_matches("/mcp");
    let mut open = TcpStream::connect(authority).expect("it is listened there");
    // A request whose end never comes.
    write!(
        open,
        "POST /mcp HTTP/1.1\r\nHost: {authority}\r\nContent-Length: 100\r\n\r\n{{"
    )
    .expect("it is sent");

    demo.interrupt();
    let demo = demo.wait();
    assert_eq!(demo.code, Some(0), "{demo:#?}");
}
