//! Each rule: when it fires, when it does not, at its limits, and when it is quiet.

mod log;

use log::{Line, alerts, alerts_with, call, lines, seconds, unauthorized, unknown_method};
use serde_json::json;

const RATE: &str = "tool-rate-anomaly";
const AUTH: &str = "auth-failure-then-call";
const NIGHT: &str = "night-volume";
const ENUMERATION: &str = "enumeration";
const SENSITIVE: &str = "first-sensitive-use";
const ERRORS: &str = "tool-error-burst";
const ROTATION: &str = "identity-rotation";
const SEQUENCE: &str = "read-then-send";

/// An hour and more in which `ada` searches twice in five minutes.
fn warmed_up() -> Vec<Line> {
    lines(28, |n| call("ada", "search").at(seconds(n) * 150.0))
}

/// So many calls, one a second, after an hour and a half.
fn burst(count: usize) -> impl Iterator<Item = Line> {
    (0..count).map(|n| {
        call("ada", "search")
            .at(5_400.0 + seconds(n))
            .trace(n as u128 + 1)
    })
}

#[test]
fn a_rate_far_above_its_own_baseline_is_an_anomaly() {
    let quiet: Vec<_> = warmed_up().into_iter().chain(burst(20)).collect();
    assert_eq!(alerts(RATE, &quiet), [] as [serde_json::Value; 0]);

    let loud: Vec<_> = warmed_up().into_iter().chain(burst(21)).collect();
    let alerts = alerts(RATE, &loud);
    assert_eq!(alerts.len(), 1);
    let alert = &alerts[0];
    assert_eq!(alert["timestamp"], "2026-03-02T13:30:20.000000Z");
    assert_eq!(alert["usr.id"], "ada");
    assert_eq!(alert["mcp.tool.name"], "search");
    assert_eq!(alert["evidence"]["by"], "baseline");
    assert_eq!(alert["evidence"]["count"], 21);
    assert_eq!(alert["evidence"]["threshold"], 20);
    assert_eq!(alert["evidence"]["window_seconds"], 300.0);
    let mean = alert["evidence"]["baseline_mean"].as_f64().unwrap();
    assert!((2.0..3.0).contains(&mean), "{mean}");
    let traces: Vec<_> = (17..=21).map(|n| format!("{n:032x}")).collect();
    assert_eq!(alert["evidence"]["trace_ids"], json!(traces));
}

#[test]
fn a_rate_in_the_first_hour_is_none_below_the_ceiling() {
    let new = lines(600, |n| call("ada", "search").at(seconds(n) / 4.0));
    assert!(alerts(RATE, &new).is_empty());
    let above = lines(601, |n| call("ada", "search").at(seconds(n) / 4.0));
    let above = alerts(RATE, &above);
    assert_eq!(above.len(), 1);
    assert_eq!(above[0]["evidence"]["by"], "ceiling");
    assert_eq!(above[0]["evidence"]["count"], 601);
}

#[test]
fn a_steady_rate_is_none_however_high_below_the_ceiling() {
    // A call every two seconds for six hours: 150 in five minutes.
    let steady = lines(10_800, |n| call("ada", "search").at(seconds(n) * 2.0));
    assert!(alerts(RATE, &steady).is_empty());
}

#[test]
fn a_window_slides() {
    // 21 calls in 301 seconds, and in 300.
    for (step, expected) in [(15.05, 0), (15.0, 1)] {
        let burst = (0..21).map(|n| call("ada", "search").at(5_410.0 + seconds(n) * step));
        let all: Vec<_> = warmed_up().into_iter().chain(burst).collect();
        assert_eq!(alerts(RATE, &all).len(), expected, "{step}");
    }
}

#[test]
fn after_an_alert_the_rule_is_quiet_for_a_window_and_then_tells_what_it_held_back() {
    // 5 a minute: after the 21st call each one is above, and the alert comes again after five minutes.
    let burst = (0..300).map(|n| call("ada", "search").at(5_400.0 + seconds(n) * 2.0));
    let all: Vec<_> = warmed_up().into_iter().chain(burst).collect();
    let alerts = alerts(RATE, &all);
    assert_eq!(alerts.len(), 2);
    assert_eq!(alerts[0]["evidence"]["suppressed"], json!(null));
    assert_eq!(alerts[1]["evidence"]["suppressed"], 150);
}

#[test]
fn an_hour_that_is_busy_every_day_is_normal_at_that_hour_only() {
    // For two days, 60 calls at noon (first of all in the warm-up, then after the rest of the day).
    let day = 86_400.0;
    let noon = |day_number: f64, count| {
        (0..count).map(move |n| call("ada", "report").at(day_number * day + seconds(n)))
    };
    let mut lines: Vec<_> = noon(0.0, 60).collect();
    lines.extend(noon(1.0, 60));
    assert!(alerts(RATE, &lines).is_empty());
    let mut elsewhen = lines.clone();
    elsewhen.extend(noon(1.2, 60));
    assert_eq!(alerts(RATE, &elsewhen).len(), 1);
    lines.extend(noon(2.0, 61));
    let more = alerts(RATE, &lines);
    assert_eq!(more.len(), 1);
    assert_eq!(more[0]["evidence"]["seasonal"], 60);
}

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

#[test]
fn many_calls_at_night_are_told() {
    let night = |from: &str, count: usize| {
        let start = call("ada", "search").at_time(from).micros;
        lines(count, |n| {
            let mut line = call("ada", &format!("tool{}", n % 7));
            line.micros = start + i64::try_from(n).unwrap() * 5_000_000;
            line
        })
    };
    let told = alerts(NIGHT, &night("2026-03-02T23:00:00Z", 101));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["usr.id"], "ada");
    assert_eq!(told[0]["timestamp"], "2026-03-02T23:08:20.000000Z");
    assert_eq!(told[0]["evidence"]["count"], 101);
    assert_eq!(told[0]["evidence"]["threshold"], 100);
    assert!(alerts(NIGHT, &night("2026-03-02T23:00:00Z", 100)).is_empty());
    assert!(alerts(NIGHT, &night("2026-03-02T12:00:00Z", 300)).is_empty());
    // Only those after nightfall count: 13 are before.
    assert!(alerts(NIGHT, &night("2026-03-02T22:59:00Z", 112)).is_empty());
    assert_eq!(alerts(NIGHT, &night("2026-03-02T22:59:00Z", 113)).len(), 1);
    // The night ends at 06:00.
    assert!(alerts(NIGHT, &night("2026-03-03T05:51:40Z", 101)).is_empty());
    assert_eq!(alerts(NIGHT, &night("2026-03-03T05:51:39Z", 101)).len(), 1);
    let mut two = night("2026-03-02T23:00:00Z", 100);
    two.push(call("eve", "search").at_time("2026-03-02T23:09:00Z"));
    assert!(alerts(NIGHT, &two).is_empty());
}

#[test]
fn night_is_where_it_is_set_and_the_clocks_change_there() {
    let config = "[night-volume]\nmax_calls = 1\ntime_zone = \"Europe/Berlin\"\n";
    let is_night = |time: &str| {
        let twice = [
            call("ada", "search").at_time(time),
            call("ada", "search").at_time(time),
        ];
        !alerts_with(config, NIGHT, &twice).is_empty()
    };
    for (time, night) in [
        // Winter, an hour ahead of UTC.
        ("2026-01-10T21:59:59.999999Z", false),
        ("2026-01-10T22:00:00Z", true),
        ("2026-01-11T04:59:59.999999Z", true),
        ("2026-01-11T05:00:00Z", false),
        // The night to 2026-03-29 is an hour shorter: 06:00 is 04:00 in UTC then.
        ("2026-03-28T22:00:00Z", true),
        ("2026-03-29T03:59:59Z", true),
        ("2026-03-29T04:00:00Z", false),
        ("2026-03-29T20:59:59Z", false),
        ("2026-03-29T21:00:00Z", true),
        // The night to 2026-10-25 is an hour longer.
        ("2026-10-24T21:00:00Z", true),
        ("2026-10-25T04:59:59Z", true),
        ("2026-10-25T05:00:00Z", false),
        ("2026-10-25T21:59:59Z", false),
        ("2026-10-25T22:00:00Z", true),
    ] {
        assert_eq!(is_night(time), night, "{time}");
    }
}

#[test]
fn distinct_unknown_names_are_an_enumeration() {
    let names = |count: usize, step: f64| {
        lines(count, |n| {
            let line = if n % 2 == 0 {
                call("ada", "_OTHER").failed().unknown(n as u64)
            } else {
                unknown_method("ada", n as u64)
            };
            line.at(seconds(n) * step)
        })
    };
    let told = alerts(ENUMERATION, &names(10, 1.0));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["evidence"]["count"], 10);
    assert_eq!(told[0]["evidence"]["threshold"], 10);
    assert!(alerts(ENUMERATION, &names(9, 1.0)).is_empty());
    assert_eq!(alerts(ENUMERATION, &names(10, 66.0)).len(), 1);
    assert!(alerts(ENUMERATION, &names(100, 67.0)).is_empty());
    let same = lines(100, |n| unknown_method("ada", n as u64 % 9).at(seconds(n)));
    assert!(alerts(ENUMERATION, &same).is_empty());
    let two_actors = lines(18, |n| {
        unknown_method(["ada", "eve"][n % 2], n as u64).at(seconds(n))
    });
    assert!(alerts(ENUMERATION, &two_actors).is_empty());
    // The quiet period is the window: one alert for 590 more names within it.
    let many = alerts(ENUMERATION, &names(700, 1.0));
    assert_eq!(many.len(), 2);
    assert_eq!(many[1]["evidence"]["suppressed"], 600);
}

#[test]
fn the_first_use_of_a_sensitive_tool_is_told_once() {
    let day = 86_400.0;
    let delete = |user: &str, days: f64| call(user, "delete").tags(&["sensitive"]).at(days * day);
    let told = alerts(
        SENSITIVE,
        &[
            delete("ada", 0.0).trace(7),
            delete("ada", 1.0),
            delete("eve", 2.0),
            call("eve", "search").at(2.1 * day),
        ],
    );
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["usr.id"], "ada");
    assert_eq!(told[0]["mcp.tool.name"], "delete");
    assert_eq!(told[0]["rule.severity"], "low");
    assert_eq!(
        told[0]["evidence"]["trace_ids"],
        json!([format!("{:032x}", 7)])
    );
    assert_eq!(told[1]["usr.id"], "eve");
    let other_tool = [
        delete("ada", 0.0),
        call("ada", "wipe").tags(&["sink", "sensitive"]).at(1.0),
    ];
    assert_eq!(alerts(SENSITIVE, &other_tool).len(), 2);
    assert_eq!(
        alerts(SENSITIVE, &[delete("ada", 0.0), delete("ada", 90.0)]).len(),
        1
    );
    assert_eq!(
        alerts(
            SENSITIVE,
            &[
                delete("ada", 0.0),
                delete("ada", 0.5),
                call("bob", "search").at(90.4 * day),
                delete("ada", 90.6)
            ]
        )
        .len(),
        2
    );
    assert!(alerts(SENSITIVE, &[delete("ada", 0.0).with("http.status", 403)]).is_empty());
    let learning = "[first-sensitive-use]\nlearning = \"7d\"\n";
    let after = alerts_with(
        learning,
        SENSITIVE,
        &[delete("ada", 0.0), delete("ada", 8.0), delete("eve", 8.0)],
    );
    assert_eq!(after.len(), 1);
    assert_eq!(after[0]["usr.id"], "eve");
}

#[test]
fn many_errors_of_a_tool_are_a_burst_if_they_are_half_of_its_calls() {
    let calls = |errors: usize, others: usize| {
        // The errors last, so that the whole share is there when the last one comes.
        let mut lines = lines(others, |n| {
            call(&format!("user{n}"), "search").at(seconds(n))
        });
        lines.extend((0..errors).map(|n| {
            call(&format!("user{n}"), "search")
                .failed()
                .at(seconds(others + n))
        }));
        lines
    };
    let told = alerts(ERRORS, &calls(20, 20));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["mcp.tool.name"], "search");
    assert_eq!(told[0]["usr.id"], json!(null));
    assert_eq!(told[0]["evidence"]["count"], 20);
    assert_eq!(told[0]["evidence"]["calls"], 40);
    assert!(alerts(ERRORS, &calls(19, 0)).is_empty());
    assert!(alerts(ERRORS, &calls(20, 21)).is_empty());
    let cancelled = lines(50, |n| {
        call("ada", "search")
            .with("status", "cancelled")
            .with("http.status", 499)
            .at(seconds(n))
    });
    assert!(alerts(ERRORS, &cancelled).is_empty());
    let slow = lines(100, |n| {
        call("ada", "search").failed().at(seconds(n) * 15.9)
    });
    assert!(alerts(ERRORS, &slow).is_empty());
    // Quiet for five minutes.
    let long = lines(400, |n| call("ada", "search").failed().at(seconds(n)));
    assert_eq!(alerts(ERRORS, &long).len(), 2);
}

#[test]
fn many_identities_of_one_peer_are_told() {
    let peer = "198.51.100.7";
    let users = |count: usize, ip: &'static str| {
        lines(count, move |n| {
            call(&format!("user{n}"), "search").ip(ip).at(seconds(n))
        })
    };
    let told = alerts(ROTATION, &users(10, peer));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["network.client.ip"], peer);
    assert_eq!(told[0]["evidence"]["by"], "users");
    assert_eq!(told[0]["evidence"]["count"], 10);
    assert!(alerts(ROTATION, &users(9, peer)).is_empty());
    let sessions = |count: usize| {
        lines(count, |n| {
            call("ada", "search")
                .ip(peer)
                .session(&format!("s{n}"))
                .at(seconds(n))
        })
    };
    assert_eq!(
        alerts(ROTATION, &sessions(20))[0]["evidence"]["by"],
        "sessions"
    );
    assert!(alerts(ROTATION, &sessions(19)).is_empty());
    let clients = |count: usize| {
        lines(count, |n| {
            call("ada", "search")
                .ip(peer)
                .client(&format!("agent/{n}"))
                .at(seconds(n))
        })
    };
    assert_eq!(
        alerts(ROTATION, &clients(10))[0]["evidence"]["by"],
        "client_names"
    );
    assert!(alerts(ROTATION, &clients(9)).is_empty());
    // Over stdio there is no peer, and behind a proxy there is one for everybody.
    let stdio = lines(50, |n| call(&format!("user{n}"), "search").at(seconds(n)));
    assert!(alerts(ROTATION, &stdio).is_empty());
    assert!(
        alerts_with(
            "ignore_peers = [\"198.51.100.0/24\"]",
            ROTATION,
            &users(50, peer)
        )
        .is_empty()
    );
    assert!(
        alerts_with(
            "ignore_peers = [\"198.51.100.7\"]",
            ROTATION,
            &users(50, "::ffff:198.51.100.7")
        )
        .is_empty()
    );
    // Slower than the window.
    let slow = lines(50, |n| {
        call(&format!("user{n}"), "search")
            .ip(peer)
            .at(seconds(n) * 67.0)
    });
    assert!(alerts(ROTATION, &slow).is_empty());
}

#[test]
fn people_behind_one_address_are_told_once_and_not_again_and_again() {
    let office = lines(1_200, |n| {
        call(&format!("user{}", n % 10), "search")
            .ip("198.51.100.7")
            .at(seconds(n) * 2.0)
    });
    assert_eq!(alerts(ROTATION, &office).len(), 1);
}

#[test]
fn a_source_and_then_a_sink_is_told() {
    let read = |user: &str| call(user, "read_mail").tags(&["source"]).trace(1);
    let send = |user: &str, at: f64| call(user, "post").tags(&["sink"]).trace(2).at(at);
    let told = alerts(SEQUENCE, &[read("ada"), send("ada", 300.0)]);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["usr.id"], "ada");
    assert_eq!(told[0]["evidence"]["by"], "actor");
    assert_eq!(told[0]["evidence"]["tools"], json!(["read_mail", "post"]));
    assert_eq!(told[0]["evidence"]["since"], "2026-03-02T12:00:00.000000Z");
    assert_eq!(
        told[0]["evidence"]["trace_ids"],
        json!([format!("{:032x}", 1), format!("{:032x}", 2)])
    );
    assert!(alerts(SEQUENCE, &[read("ada"), send("ada", 300.1)]).is_empty());
    assert!(alerts(SEQUENCE, &[send("ada", -1.0), read("ada")]).is_empty());
    assert!(alerts(SEQUENCE, &[read("ada"), send("eve", 1.0)]).is_empty());
    assert!(alerts(SEQUENCE, &[read("ada").failed(), send("ada", 1.0)]).is_empty());
    assert!(
        alerts(
            SEQUENCE,
            &[read("ada"), send("ada", 1.0).with("http.status", 403)]
        )
        .is_empty()
    );
    assert_eq!(
        alerts(SEQUENCE, &[read("ada"), send("ada", 1.0).failed()]).len(),
        1
    );
    let session = alerts(
        SEQUENCE,
        &[read("ada").session("s"), send("eve", 1.0).session("s")],
    );
    assert_eq!(session.len(), 1);
    assert_eq!(session[0]["mcp.session.id"], "s");
    assert_eq!(session[0]["evidence"]["by"], "session");
    let both = |at: f64| call("ada", "forward").tags(&["source", "sink"]).at(at);
    assert!(alerts(SEQUENCE, &[both(0.0)]).is_empty());
    assert_eq!(alerts(SEQUENCE, &[both(0.0), both(1.0)]).len(), 1);
    // Quiet for five minutes.
    assert_eq!(
        alerts(
            SEQUENCE,
            &[
                read("ada"),
                send("ada", 1.0),
                send("ada", 2.0),
                read("ada").at(200.0),
                send("ada", 301.5)
            ]
        )
        .len(),
        2
    );
}

#[test]
fn a_rule_can_be_turned_off_and_its_severity_set() {
    let night = lines(101, |n| {
        let mut line = call("ada", "search").at_time("2026-03-02T23:00:00Z");
        line.micros += i64::try_from(n).unwrap();
        line
    });
    assert!(alerts_with("[night-volume]\nenabled = false\n", NIGHT, &night).is_empty());
    let critical = alerts_with("[night-volume]\nseverity = \"critical\"\n", NIGHT, &night);
    assert_eq!(critical[0]["rule.severity"], "critical");
}
