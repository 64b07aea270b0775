//! The one flag, and what is wrong with the command line.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::json;

use super::SERVER;
use crate::process::{BOUND, Program};
use crate::session::{self, ask, call};

#[test]
fn metrics_can_be_scraped_if_asked_for() {
    let mut server = Program::start(SERVER, &["--metrics", "127.0.0.1:0"], &[]);
    let said = server.complaint();
    let address = said
        .trim_end()
        .strip_prefix("stdio: metrics on http://")
        .and_then(|rest| rest.strip_suffix("/metrics"))
        .unwrap_or_else(|| panic!("no address: {said}"));
    session::open(&mut server);
    ask(
        &mut server,
        &call(1, "get_weather", json!({ "city": "Porto" })),
    );

    let mut stream = TcpStream::connect(address).expect("it is listened there");
    stream.set_read_timeout(Some(BOUND)).expect("a bound");
    stream
        .write_all(b"GET /metrics HTTP/1.1\r\nHost: it\r\nConnection: close\r\n\r\n")
        .expect("the request is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    for (labels, calls) in [
        (r#"tool_name="get_weather""#, 1),
        (r#"range="week",tool_name="query_database""#, 0),
        (r#"range="longer",tool_name="query_database""#, 0),
        (r#"tool_name="send_report""#, 0),
    ] {
        let series = format!("mcp_tool_calls_total{{{labels}}} {calls}\n");
        assert!(answer.contains(&series), "{series}:\n{answer}");
    }

    server.close_stdin();
    let server = server.wait();
    assert_eq!((server.code, server.stderr.as_str()), (Some(0), ""));
}

#[test]
fn what_is_wrong_is_said_in_one_line_on_stderr() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let taken = holder.local_addr().expect("it has an address").to_string();
    for (flags, code, says) in [
        (&["--port"][..], 2, "--port"),
        (&["--metrics"], 2, "--metrics"),
        (&["--metrics", "9464"], 2, "9464"),
        (&["--metrics", &taken], 1, "--metrics ADDR"),
    ] {
        let ended = Program::start(SERVER, flags, &[]).wait();
        assert_eq!(ended.code, Some(code), "{ended:#?}");
        assert_eq!(ended.stdout, "");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:#?}");
        assert!(ended.stderr.starts_with("stdio: "), "{ended:#?}");
        assert!(ended.stderr.contains(says), "{ended:#?}");
    }
}
