//! Traces in a trace store: whole, by their ids.

use std::collections::BTreeSet;

use crate::caller::{Call, Ending};
use crate::demo::Demo;
use crate::polling::until;
use crate::trace_store::{StoredSpan, TraceStore};

/// Waits until the trace of every call is stored with its server's span; returns all spans.
pub(crate) async fn stored(traces: &TraceStore, calls: &[Call]) -> Vec<StoredSpan> {
    until("all traces are stored", async || {
        let spans = traces.spans().await?;
        let there: BTreeSet<_> = spans.iter().map(|it| it.trace.as_str()).collect();
        let missing = calls.iter().filter(|it| !there.contains(it.trace.as_str()));
        match missing.count() {
            0 => Ok(spans),
            missing => Err(format!("{missing} of {} are missing", calls.len())),
        }
    })
    .await
}

/// The one span of a call that is right below the client's.
///
/// # Panics
/// If there is none, or more than one.
pub(crate) fn server_span<'a>(spans: &'a [StoredSpan], call: &Call) -> &'a StoredSpan {
    let below = |it: &&StoredSpan| it.parent.as_deref() == Some(&call.span);
    let mut below = spans
        .iter()
        .filter(|it| it.trace == call.trace)
        .filter(below);
    match (below.next(), below.next()) {
        (Some(span), None) => span,
        (found, _) => panic!(
            "{} span for {call:?}",
            found.map_or("no", |_| "more than one")
        ),
    }
}

/// Asserts of each call that its trace has the server's span below the client's, and below that what the
/// tool's own code has made.
pub(crate) fn assert_whole(spans: &[StoredSpan], calls: &[Call]) {
    for call in calls {
        let server = server_span(spans, call);
        let name = match call.ending {
            Ending::UnknownTool => "tools/call".to_owned(),
            _ => format!("tools/call {}", call.tool),
        };
        assert_eq!(server.name, name, "{call:?}");
        let below: Vec<_> = spans
            .iter()
            .filter(|it| it.trace == call.trace && it.parent.as_deref() == Some(&server.id))
            .map(|it| it.name.as_str())
            .collect();
        let expected: &[&str] = match (call.tool.as_str(), call.ending) {
            (_, Ending::InvalidArguments) => &[],
            ("query_database", _) => &["db.query"],
            ("summarise", _) => &["chat gpt-5-mini"],
            _ => &[],
        };
        assert_eq!(below, expected, "{call:?}");
        let all = spans.iter().filter(|it| it.trace == call.trace);
        assert_eq!(all.count(), 1 + below.len(), "{call:?}");
    }
}

/// Asserts that the trace of the demo's agent is a tree: the agent at its root, and the tools in it at
/// both ends.
pub(crate) async fn assert_tree(traces: &TraceStore, demo: &Demo) {
    until("the agent's trace is whole", async || {
        let mut spans = traces.spans().await?;
        spans.retain(|it| it.trace == demo.trace);
        let ids: BTreeSet<_> = spans.iter().map(|it| it.id.as_str()).collect();
        let is_root = |it: &&StoredSpan| {
            it.parent
                .as_deref()
                .is_none_or(|parent| !ids.contains(parent))
        };
        let roots: Vec<_> = spans.iter().filter(is_root).collect();
        let named = |name: &str| spans.iter().filter(|it| it.name == name).count();
        let tools = ["get_weather", "query_database", "send_report"];
        let whole = matches!(roots[..], [root]
                if root.parent.is_none() && root.name.starts_with("invoke_agent"))
            && tools
                .iter()
                .all(|tool| named(&format!("tools/call {tool}")) == 2)
            && named("db.query") == 1;
        whole.then_some(()).ok_or_else(|| format!("{spans:#?}"))
    })
    .await;
}
