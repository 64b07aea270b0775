//! No secret of a caller's or of a tool's gets into any output of this project.
//!
//! A server is started in a process of its own (`session`), with all that it can export turned on. It
//! has secrets itself (`tools`) and is given some (`requests`) in every place of a message (`messages`)
//! and of an HTTP request (`over_http`), and so are functions without a server (`alone`). Each secret
//! names its place (`canary`). What comes out (`sinks`) is searched for them in every form.
//!
//! Exempt are what the conventions want on spans of what callers choose (a resource's URI, the
//! request's id), the name of the client in the security log, the caller's `tracestate`, which is handed on as it is, and what a declaration says
//! shall be recorded: each in its own place and nowhere else.

mod alone;
mod canary;
mod messages;
mod over_http;
mod requests;
mod session;
mod sinks;
mod tools;

use canary::{canary, leaks};
use sinks::Sinks;

/// Attributes of spans that have canaries, and the places of those.
const EXEMPT: [(&str, &[&str]); 2] = [
    ("mcp.resource.uri", &["resource-uri"]),
    ("jsonrpc.request.id", &["request-id"]),
];

/// What clients call themselves, which the security log has so that the names of one peer can be counted.
const CLIENT_NAMES: [&str; 4] = [
    "initialize-client-name",
    "meta-client",
    "http-half-client-name",
    "http-meta-client",
];

/// What tools declare to be recorded, of their arguments and results.
const DECLARED: [(&str, &[&str]); 2] = [
    (
        "gen_ai.tool.call.arguments",
        &[
            "declared",
            "declared-nested",
            "declared-choice",
            "declared-parameter",
            "declared-all",
        ],
    ),
    ("gen_ai.tool.call.result", &["declared-result"]),
];

/// Takes the canaries out that may be in these attributes, each of which has to be there.
fn take_out(sinks: &mut Sinks, attributes: &[(&str, &[&str])]) {
    for (attribute, places) in attributes {
        for place in *places {
            let found = sinks.take_out(attribute, &canary(place));
            assert!(
                found > 0,
                "{place} is in no {attribute}: the search is blind"
            );
        }
    }
}

fn take_out_client_names(sinks: &mut Sinks) {
    for place in CLIENT_NAMES {
        let found = sinks.take_out_of_events("mcp.client.name", &canary(place));
        assert!(found > 0, "{place} is in no event: the search is blind");
    }
}

#[track_caller]
fn assert_clean(sinks: &Sinks) {
    let leaked: Vec<String> = sinks
        .all()
        .flat_map(|(sink, bytes)| {
            let found = leaks(bytes).into_iter();
            found.map(move |place| format!("{place} in {sink}"))
        })
        .collect();
    assert!(
        leaked.is_empty(),
        "canaries got out:\n{}",
        leaked.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_declared_gets_out() {
    for format in ["json", "text"] {
        let mut sinks = Sinks::of_session(format, true).await;
        take_out(&mut sinks, &EXEMPT);
        take_out_client_names(&mut sinks);
        sinks.take_out_trace_state(&canary("tracestate"));
        take_out(&mut sinks, &DECLARED);
        assert_clean(&sinks);
        sinks.assert_live();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_declared_gets_out_while_recording_is_off() {
    for format in ["json", "text"] {
        let mut sinks = Sinks::of_session(format, false).await;
        take_out(&mut sinks, &EXEMPT);
        take_out_client_names(&mut sinks);
        sinks.take_out_trace_state(&canary("tracestate"));
        assert_clean(&sinks);
        sinks.assert_live();
    }
}
