//! The attribute without a handler around it.

use std::fmt;

use mcp_observe::{Record, mcp_tool};
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::Status;
use serde_json::Value;

use super::{ARGUMENTS, RESULT};

/// An installed instance that records.
fn installed() -> &'static Capture {
    Capture::installed_with(|builder| builder.capture_content(true))
}

#[derive(Debug, Record)]
#[record(all)]
struct City {
    name: String,
    #[redact]
    token: u8,
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a server hands arguments over"
)]
#[mcp_tool(record_all, result(redact(hash)))]
fn everything(
    city: &City,
    days: u8,
    #[redact] secret: &str,
    #[record(serde)] raw: Undeclarable,
    #[meta] _meta: &serde_json::Map<String, Value>,
) -> Result<String, String> {
    Ok(format!(
        "{} {days} {} {}",
        city.name,
        secret.len() + usize::from(city.token),
        raw.0
    ))
}

#[derive(serde::Serialize)]
struct Undeclarable(u8);

#[mcp_tool]
fn some(#[record] r#type: &str, #[redact] _code: u8, quiet: u8) -> usize {
    r#type.len() + usize::from(quiet)
}

/// Not inside of an operation that someone else opened.
#[test]
fn the_attribute_alone_records_as_well() {
    let capture = installed();
    let city = City {
        name: "Paris".to_owned(),
        token: 1,
    };
    everything(&city, 3, "abc", Undeclarable(4), &serde_json::Map::new()).expect("it works");
    let span = capture.span("tools/call everything");
    assert_eq!(
        attribute(&span, ARGUMENTS).as_deref(),
        Some(
            r#"{"city":{"name":"Paris","token":"[redacted]"},"days":3,"secret":"[redacted]","raw":4}"#
        )
    );
    let result = attribute(&span, RESULT).expect("recorded");
    assert!(result.starts_with(r#"{"result":"[hash:"#), "{result}");

    some("visit", 1, 2);
    let span = capture.span("tools/call some");
    assert_eq!(
        attribute(&span, ARGUMENTS).as_deref(),
        Some(r#"{"type":"visit","_code":"[redacted]"}"#)
    );
    assert_eq!(attribute(&span, RESULT), None);
}

/// A tool that another one calls has a span of its own, and its content there.
#[test]
fn an_inner_call_has_its_own_content() {
    #[mcp_tool]
    fn inner_content(#[record] n: u8) -> u8 {
        n
    }
    #[mcp_tool]
    fn outer_content(#[record] n: u8) -> u8 {
        inner_content(n + 1)
    }
    let capture = installed();
    outer_content(1);
    for (span, arguments) in [
        ("tools/call outer_content", r#"{"n":1}"#),
        ("execute_tool inner_content", r#"{"n":2}"#),
    ] {
        let span = capture.span(span);
        assert_eq!(attribute(&span, ARGUMENTS).as_deref(), Some(arguments));
    }
}

#[derive(Debug)]
struct Unspeakable;

impl fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("while the error is written")
    }
}

struct Unwritable;

impl Record for Unwritable {
    fn record(&self, _: mcp_observe::Recorder<'_>) {
        panic!("while the argument is written")
    }
}

/// Telemetry never harms the call: values write themselves by the user's own code.
#[test]
fn values_that_panic_while_they_are_written_are_left_out() {
    #[mcp_tool(error_message = true)]
    fn unwritable(#[record] _value: Unwritable) -> Result<(), Unspeakable> {
        Err(Unspeakable)
    }
    let capture = installed();
    unwritable(Unwritable).expect_err("as it was");
    let span = capture.span("tools/call unwritable");
    assert_eq!(attribute(&span, ARGUMENTS), None);
    assert_eq!(span.status, Status::error(""));
    assert_eq!(
        attribute(&span, "error.type").as_deref(),
        Some("tool_error")
    );
}

#[test]
fn large_arguments_are_cut_and_stay_json() {
    #[mcp_tool]
    fn large(#[record] items: &[String]) -> usize {
        items.len()
    }
    let capture = installed();
    large(&vec!["x".repeat(100); 1_000]);
    let json = attribute(&capture.span("tools/call large"), ARGUMENTS).expect("recorded");
    assert!(json.len() <= 4_096, "{}", json.len());
    let value: Value = serde_json::from_str(&json).expect("JSON");
    assert!(value["items"].as_array().expect("an array").len() > 30);
}
