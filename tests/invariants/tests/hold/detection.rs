use mcp_observe_detect::Timestamp;
use mcp_observe_invariants::{detection, detection_config};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::input::{cases, object, text};

const KEYS: &[&str] = &[
    "timestamp",
    "schema.version",
    "event.category",
    "mcp.method.name",
    "mcp.tool.name",
    "mcp.tool.tags",
    "mcp.unknown.hash",
    "usr.id",
    "mcp.session.id",
    "network.client.ip",
    "http.status",
    "status",
    "trace_id",
];

/// An event, some of whose members may be others.
fn event() -> impl Strategy<Value = Map<String, Value>> {
    let times = prop_oneof![4 => 0..40_i64, 1 => any::<i64>()];
    let who = ("ada|eve|bob", "192\\.0\\.2\\.[1-3]|::1", "[st]{1,2}");
    let what = (
        prop::sample::select(vec![
            "mcp.tool_call",
            "mcp.auth",
            "mcp.request",
            "mcp.alert",
        ]),
        prop::sample::subsequence(vec!["source", "sink", "sensitive"], 0..=3),
        prop::sample::select(vec![200_u16, 401, 404, 500]),
        prop::sample::select(vec!["success", "error", "cancelled"]),
    );
    let others = prop_oneof![3 => Just(Map::new()), 1 => object(KEYS)];
    (times, who, what, any::<u8>(), others).prop_map(
        |(time, (user, ip, session), (category, tags, http_status, status), hash, others)| {
            let event = json!({
                "timestamp": Timestamp::from_micros(time.saturating_mul(1_000_000)).to_string(),
                "schema.version": "1.0",
                "event.category": category,
                "mcp.tool.name": "post",
                "mcp.tool.tags": tags,
                "mcp.unknown.hash": format!("{hash:016x}"),
                "usr.id": user,
                "network.client.ip": ip,
                "mcp.session.id": session,
                "http.status": http_status,
                "status": status,
            });
            let Value::Object(mut event) = event else {
                unreachable!("an object");
            };
            event.extend(others);
            event
        },
    )
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => event().prop_map(|event| Value::from(event).to_string().into_bytes()),
        1 => text().prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..40),
    ]
}

/// Settings of which some are out of range, and not all keys are known.
fn settings() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        any::<i32>().prop_map(|number| number.to_string()),
        "[0-9]{1,4}(\\.[0-9]{1,3})?",
        "\"[0-9]{1,3}(s|m|h|d|h 3m|)\"",
        "\"(low|high|UTC|Europe/Berlin|2[0-9]:[0-6][0-9])\"",
        Just("false".to_owned()),
        Just("[\"10.0.0.0/8\", \"::1\"]".to_owned()),
    ];
    let key = prop::sample::select(vec![
        "allowance",
        "max_skew",
        "capacity",
        "ignore_peers",
        "enabled",
        "severity",
        "window",
        "max_calls",
        "from",
        "to",
        "time_zone",
        "distinct",
        "sigmas",
        "memory",
        "warm_up",
        "[night-volume]",
        "[enumeration]",
        "[tool-rate-anomaly]",
    ]);
    prop::collection::vec((key, value), 0..4).prop_map(|lines| {
        let line = |(key, value): (&str, String)| {
            if key.starts_with('[') {
                format!("{key}\n")
            } else {
                format!("{key} = {value}\n")
            }
        };
        lines.into_iter().map(line).collect()
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn lines_are_events_malformed_or_blank_however_they_come(
        lines in prop::collection::vec(line(), 0..40),
        piece in 1_usize..300,
        is_windows in any::<bool>(),
    ) {
        let end: &[u8] = if is_windows { b"\r\n" } else { b"\n" };
        detection::check(&lines.join(end), piece);
    }

    #[test]
    fn settings_are_refused_with_a_reason_or_work(text in prop_oneof![settings(), text()]) {
        detection_config::check(&text);
    }
}
