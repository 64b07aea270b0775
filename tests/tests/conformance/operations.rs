//! What was exported of the messages that the suite sent: one operation for each.

use std::collections::BTreeMap;

use mcp_observe_tests::wire::eventually;
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::SpanKind;
use opentelemetry_sdk::trace::SpanData;

use super::wire::Message;

/// The method that the suite sends to see it refused: MCP has none of that name.
const NO_METHOD: &str = "unknown/method";

/// Method, request id, and tool or prompt.
type Key = (String, Option<String>, Option<String>);

/// What an operation for the message must say of it.
fn expected(message: &Message) -> Key {
    let method = match &*message.method {
        NO_METHOD => "_OTHER",
        method => method,
    };
    (
        method.to_owned(),
        message.id.clone(),
        message.target.clone(),
    )
}

fn exported(span: &SpanData) -> Key {
    let target = ["gen_ai.tool.name", "gen_ai.prompt.name"];
    let target = target.into_iter().find_map(|key| attribute(span, key));
    let method = attribute(span, "mcp.method.name").expect("every operation has its method");
    let name = match target.as_deref() {
        None | Some("_OTHER") => method.clone(),
        Some(target) => format!("{method} {target}"),
    };
    assert_eq!(span.name, name);
    (method, attribute(span, "jsonrpc.request.id"), target)
}

/// How many there are of each.
fn count(keys: impl IntoIterator<Item = Key>) -> BTreeMap<Key, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

fn operations(capture: &Capture) -> Vec<Key> {
    let spans = capture.spans();
    let received = |span: &&SpanData| span.span_kind == SpanKind::Server;
    spans.iter().filter(received).map(exported).collect()
}

/// Checks that each message that was accepted is one operation, that each one that was not is at most
/// one (the HTTP transport may have refused it before any handler), and that there is no other.
pub(crate) async fn are_those_messages(capture: &Capture, messages: &[Message]) {
    let accepted = messages.iter().filter(|message| message.accepted);
    let accepted = count(accepted.map(expected));
    assert!(!accepted.is_empty(), "the suite was here");
    // A notification is accepted before it is handled, and a subscription ends with its client.
    for (key, accepted) in &accepted {
        let exported = || operations(capture).iter().filter(|it| *it == key).count();
        eventually(&format!("{key:?}"), || exported() >= *accepted).await;
    }

    let (operations, sent) = (operations(capture), messages.iter().map(expected));
    let with_target = operations.iter().filter(|(.., target)| target.is_some());
    are_among(with_target.cloned(), sent.clone());
    // Whether or not it is known what a message asks for, it is not counted twice.
    let without_target = |(method, id, _target): Key| (method, id, None);
    are_among(
        operations.into_iter().map(without_target),
        sent.map(without_target),
    );
}

fn are_among(operations: impl Iterator<Item = Key>, sent: impl Iterator<Item = Key>) {
    let sent = count(sent);
    for (key, count) in count(operations) {
        let sent = sent.get(&key).copied().unwrap_or(0);
        assert!(count <= sent, "{key:?}: {count} of {sent} messages");
    }
}

/// How an operation ended.
#[derive(Debug, PartialEq)]
pub(crate) struct Ending {
    error_type: Option<String>,
    result_type: Option<String>,
}

impl Ending {
    pub(crate) const SUCCESS: Self = Self {
        error_type: None,
        result_type: None,
    };

    pub(crate) fn failed(class: &str) -> Self {
        Self {
            error_type: Some(class.to_owned()),
            ..Self::SUCCESS
        }
    }

    /// With a result that is not the final one.
    pub(crate) fn interim(result_type: &str) -> Self {
        Self {
            result_type: Some(result_type.to_owned()),
            ..Self::SUCCESS
        }
    }

    /// Checks that the one operation of that name ended so.
    pub(crate) fn of(self, capture: &Capture, name: &str) {
        let span = capture.span(name);
        let ending = Self {
            error_type: attribute(&span, "error.type"),
            result_type: attribute(&span, "mcp.result.type"),
        };
        assert_eq!(ending, self, "{name}");
    }
}
