//! Agreement on streams that nobody thought of: a few callers who call, fail, are refused, try out names
//! and change who they are, at random.

use std::cell::RefCell;
use std::collections::BTreeSet;

use mcp_observe_detect::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::episodes::assert_agreement;
use super::{Event, ours};

/// Half past ten in the evening, UTC: the night begins within the stream.
const BEGIN: i64 = 1_795_559_400_000_000;

/// Tools and their tags.
const TOOLS: [(&str, &[&str]); 5] = [
    ("get_weather", &[]),
    ("read_mail", &["source"]),
    ("send_mail", &["sink"]),
    ("delete_mail", &["sensitive"]),
    ("export_mail", &["sink", "sensitive"]),
];

/// Users, and addresses: one has two users, one has none, and the last is a server over stdio.
const CALLERS: [(Option<&str>, Option<&str>); 4] = [
    (Some("alice"), Some("192.0.2.1")),
    (Some("bob"), Some("192.0.2.1")),
    (None, Some("192.0.2.2")),
    (None, None),
];

/// Something that a caller does again and again.
#[derive(Debug, Clone)]
struct Burst {
    caller: usize,
    session: Option<u8>,
    what: What,
    times: usize,
    /// From one time to the next, in microseconds.
    gap: i64,
    /// Before the first, in microseconds.
    pause: i64,
}

#[derive(Debug, Clone)]
enum What {
    Call {
        tool: usize,
        status: &'static str,
    },
    /// A tool that reads and sends. Sigma does not see two such calls as a sequence, so there is one.
    Browse,
    Unauthenticated,
    /// The first name, and how many there are.
    Unknown {
        first: u8,
        of: u8,
    },
    Rotate {
        field: &'static str,
        of: u8,
    },
}

fn burst() -> impl Strategy<Value = Burst> {
    let status = prop_oneof![
        4 => Just("success"),
        3 => Just("error"),
        1 => Just("cancelled")
    ];
    let rotated = prop_oneof![
        Just("usr.id"),
        Just("mcp.session.id"),
        Just("mcp.client.name")
    ];
    let what = prop_oneof![
        6 => (0..TOOLS.len(), status).prop_map(|(tool, status)| What::Call { tool, status }),
        1 => Just(What::Browse),
        2 => Just(What::Unauthenticated),
        2 => (0..4u8, 1..14u8).prop_map(|(first, of)| What::Unknown { first, of }),
        2 => (rotated, 1..24u8).prop_map(|(field, of)| What::Rotate { field, of }),
    ];
    // Often a few times, sometimes about as many as are too many by night or at all.
    let times = prop_oneof![4 => 1..30usize, 2 => 90..120usize, 1 => 590..640usize];
    let gap = prop_oneof![3 => 1_000..500_000i64, 2 => 500_000..8_000_000i64, 1 => 8_000_000..90_000_000i64];
    let pause = prop_oneof![3 => 1_000..20_000_000i64, 2 => 200_000_000..700_000_000i64];
    let session = proptest::option::of(0..2u8);
    (0..CALLERS.len(), session, what, times, gap, pause).prop_map(
        |(caller, session, what, times, gap, pause)| Burst {
            caller,
            session,
            what,
            times: if gap > 8_000_000 {
                times.min(30)
            } else {
                times
            },
            gap,
            pause,
        },
    )
}

impl Burst {
    fn event(&self, time: usize) -> Value {
        let (user, address) = CALLERS[self.caller];
        let mut event = json!({
            "schema.version": "1.0",
            "event.category": "mcp.tool_call",
            "mcp.method.name": "tools/call",
            "http.status": 200,
            "duration_ms": 1.5,
            "status": "success",
        });
        let mut set = |field: &str, value: Value| event[field] = value;
        if let Some(user) = user {
            set("usr.id", user.into());
        }
        if let Some(address) = address {
            set("network.client.ip", address.into());
        }
        if let Some(session) = self.session {
            set("mcp.session.id", format!("session-{session}").into());
        }
        match &self.what {
            What::Call { tool, status } => {
                let (name, tags) = TOOLS[*tool];
                set("mcp.tool.name", name.into());
                if !tags.is_empty() {
                    set("mcp.tool.tags", tags.into());
                }
                set("status", (*status).into());
                match *status {
                    "error" => set("http.status", 500.into()),
                    "cancelled" => set("http.status", 499.into()),
                    _ => {}
                }
            }
            What::Browse => {
                set("mcp.tool.name", "browse".into());
                set("mcp.tool.tags", ["source", "sink"].as_slice().into());
            }
            What::Unauthenticated => {
                set("event.category", "mcp.auth".into());
                set("http.status", 401.into());
                set("status", "error".into());
                event.as_object_mut().expect("an object").remove("usr.id");
            }
            What::Unknown { first, of } => {
                let name = usize::from(*first) + time % usize::from(*of);
                set("mcp.tool.name", "_OTHER".into());
                set("mcp.unknown.hash", format!("{name:016x}").into());
                set("http.status", 404.into());
                set("status", "error".into());
            }
            What::Rotate { field, of } => {
                let who = time % usize::from(*of);
                set("mcp.tool.name", TOOLS[0].0.into());
                set(field, format!("rotated-{who}").into());
            }
        }
        event
    }
}

/// Two callers at a time, in the order of time.
fn stream(tracks: &[Vec<Burst>]) -> Vec<Event> {
    let mut events = vec![];
    let mut browsed = false;
    for (track, bursts) in tracks.iter().enumerate() {
        let mut now = BEGIN;
        for burst in bursts {
            now += burst.pause;
            let is_browsing = matches!(burst.what, What::Browse);
            let times = match burst.times {
                _ if is_browsing && browsed => 0,
                _ if is_browsing => 1,
                times => times,
            };
            browsed |= is_browsing;
            for time in 0..times {
                now += burst.gap;
                // No two events have the same time: the tracks' differ in their last digit.
                let at = now / 10 * 10 + i64::try_from(track).expect("two tracks");
                events.push((at, burst.event(time)));
            }
        }
    }
    events.sort_by_key(|(at, _)| *at);
    events
        .into_iter()
        .map(|(at, mut event)| {
            event["timestamp"] = Timestamp::from_micros(at).to_string().into();
            Event::read(&event.to_string())
        })
        .collect()
}

#[test]
fn random_streams_are_judged_alike() {
    // The same ones each time, so that a failure is one of the code.
    let mut runner = TestRunner::new_with_rng(
        ProptestConfig {
            cases: 40,
            failure_persistence: None,
            ..ProptestConfig::default()
        },
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let tracks = vec(vec(burst(), 1..14), 2..=2);
    let crossed = RefCell::new(BTreeSet::new());
    runner
        .run(&tracks, |tracks| {
            let by_both = assert_agreement(&stream(&tracks), "a random stream");
            crossed.borrow_mut().extend(by_both);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
    let crossed = crossed.into_inner();
    for rule in ours::rules() {
        assert!(crossed.contains(rule.id()), "no stream crosses {rule}");
    }
}
