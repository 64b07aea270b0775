//! Texts of errors: of tools that want them recorded, and of no others.

use mcp_observe::Trust;
use mcp_observe_tests::security::Lines;
use opentelemetry_sdk::trace::Sampler;
use serde_json::json;

use crate::tools::{Logged, Tools};

const MESSAGE: &str = "error.message";

#[tokio::test]
async fn a_tool_wants_it_or_not() {
    let mut logged = Logged::serve(Tools::default()).await;
    let city = || json!({ "city": "Atlantis" });
    let told = logged.call("told", city()).await;
    assert_eq!(told.get(MESSAGE), Some("no such city: Atlantis"));
    assert_eq!(told.get("error.kind"), Some("unknown_city"));
    let untold = logged.call("untold", city()).await;
    assert_eq!(untold.get(MESSAGE), None);
    let in_band = logged.call("in_band", json!({})).await;
    assert_eq!(in_band.get(MESSAGE), None);
    let panicked = logged.call("panics", json!({})).await;
    assert_eq!(panicked.get(MESSAGE), None);
    let text = logged.lines.text(&logged.capture.telemetry);
    assert!(!text.contains("a secret"));
}

#[tokio::test]
async fn it_is_scrubbed_and_bounded() {
    let mut logged = Logged::serve(Tools::default()).await;
    let secret = "Bearer abcdefghijklmnopqrstuvwxyz0123456789";
    let event = logged.call("told", json!({ "city": secret })).await;
    let message = event.get(MESSAGE).expect("a message");
    assert!(message.starts_with("no such city: "), "{message}");
    assert!(!message.contains("abcdefghij"), "{message}");
    let long = "ä ".repeat(5_000);
    let event = logged.call("told", json!({ "city": long })).await;
    let length = event.get(MESSAGE).expect("a message").len();
    assert!((1_000..=1_024).contains(&length), "{length} bytes");
}

/// The log has it, whether or not a span does.
#[tokio::test]
async fn it_does_not_depend_on_sampling() {
    let lines = Lines::default();
    let capture = lines.capture(
        |log| log,
        |builder| builder.sampler(Sampler::AlwaysOff).trust(Trust::Link),
    );
    let mut logged = Logged::with(Tools::default(), lines, capture).await;
    let event = logged.call("told", json!({ "city": "x" })).await;
    assert_eq!(event.get(MESSAGE), Some("no such city: x"));
    assert!(logged.capture.spans().is_empty());
}
