//! `auth-failure-then-call`.

use serde_json::json;

use crate::log::{alerts, alerts_with, call, lines, seconds, unauthorized};

const AUTH: &str = "auth-failure-then-call";

#[test]
fn a_call_after_a_failure_in_its_session_is_told() {
    let story = |seconds: f64, session: &str, http: u16| {
        [
            unauthorized("192.0.2.1").session("s1").at(0.0).trace(1),
            call("ada", "search")
                .session(session)
                .with("http.status", http)
                .at(seconds)
                .trace(2),
        ]
    };
    let told = alerts(AUTH, &story(300.0, "s1", 200));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["rule.severity"], "high");
    assert_eq!(told[0]["mcp.session.id"], "s1");
    assert_eq!(told[0]["usr.id"], json!(null));
    assert_eq!(told[0]["evidence"]["by"], "session");
    assert_eq!(told[0]["evidence"]["since"], "2026-03-02T12:00:00.000000Z");
    assert_eq!(told[0]["evidence"]["tools"], json!(["search"]));
    assert_eq!(
        told[0]["evidence"]["trace_ids"],
        json!([format!("{:032x}", 1), format!("{:032x}", 2)])
    );
    assert_eq!(alerts(AUTH, &story(10.0, "s1", 500)).len(), 1);
    for (seconds, session, http) in [
        (300.1, "s1", 200),
        (10.0, "s2", 200),
        (10.0, "s1", 401),
        (10.0, "s1", 403),
        (10.0, "s1", 429),
    ] {
        assert!(
            alerts(AUTH, &story(seconds, session, http)).is_empty(),
            "{seconds} {session} {http}"
        );
    }
    let mut other_order = story(-10.0, "s1", 200);
    other_order.reverse();
    assert!(alerts(AUTH, &other_order).is_empty());
    let forbidden = [
        unauthorized("192.0.2.1")
            .session("s1")
            .with("http.status", 403),
        call("ada", "search").session("s1").at(1.0),
    ];
    assert!(alerts(AUTH, &forbidden).is_empty());
}

#[test]
fn a_call_after_many_failures_of_its_peer_is_told_whatever_the_sessions() {
    let story = |failures: usize, ip: &str| {
        let mut lines = lines(failures, |n| {
            unauthorized("192.0.2.1")
                .session(&format!("s{n}"))
                .at(seconds(n))
        });
        lines.push(call("ada", "search").session("fresh").ip(ip).at(60.0));
        lines.push(call("ada", "search").session("fresh").ip(ip).at(61.0));
        lines
    };
    let told = alerts(AUTH, &story(5, "192.0.2.1"));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["rule.severity"], "medium");
    assert_eq!(told[0]["network.client.ip"], "192.0.2.1");
    assert_eq!(told[0]["evidence"]["by"], "peer");
    assert_eq!(told[0]["evidence"]["count"], 5);
    assert!(alerts(AUTH, &story(4, "192.0.2.1")).is_empty());
    assert!(alerts(AUTH, &story(9, "192.0.2.2")).is_empty());
    assert!(
        alerts_with(
            "ignore_peers = [\"192.0.2.0/24\"]",
            AUTH,
            &story(9, "192.0.2.1")
        )
        .is_empty()
    );
}
