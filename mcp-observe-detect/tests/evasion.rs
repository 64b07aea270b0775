//! How an attacker may try not to be seen. Each attempt is told of all the same, or is named among the
//! rule's limits.

mod log;

use log::{Line, alerts, call, lines, seconds, unauthorized, unknown_method};
use mcp_observe_detect::{Alert, Config, Detector, Rule, Stats, Timestamp};

/// An attempt that is not told of is one that the rule says of itself.
fn is_named_a_limit(rule: Rule, words: &str) {
    assert!(
        rule.limits().iter().any(|limit| limit.contains(words)),
        "{rule} names its limits, and {words:?} among them"
    );
}

/// What `ada` does after an hour and a half of hardly anything, 60 times, a second each.
fn attack(line: impl Fn(usize, Line) -> Line) -> Vec<Line> {
    let warm_up = (0..18).map(|n| call("ada", "search").ip("192.0.2.1").at(seconds(n) * 300.0));
    let burst = (0..60).map(|n| {
        call("ada", "search")
            .ip("192.0.2.1")
            .at(5_400.0 + seconds(n))
    });
    let all = warm_up.chain(burst).enumerate();
    all.map(|(n, attempt)| line(n, attempt)).collect()
}

#[test]
fn a_new_session_for_each_call_changes_nothing() {
    let rotating = attack(|n, line| line.session(&format!("session-{n}")));
    assert_eq!(alerts("tool-rate-anomaly", &rotating).len(), 1);
    // And is an anomaly of its own.
    assert_eq!(alerts("identity-rotation", &rotating).len(), 1);

    let probing = lines(10, |n| {
        unknown_method("ada", n as u64)
            .session(&format!("session-{n}"))
            .at(seconds(n))
    });
    assert_eq!(alerts("enumeration", &probing).len(), 1);

    let sequence = [
        call("ada", "read").tags(&["source"]).session("one"),
        call("ada", "post").tags(&["sink"]).session("two").at(1.0),
    ];
    assert_eq!(alerts("read-then-send", &sequence).len(), 1);

    let mut guessing = lines(5, |n| {
        unauthorized("192.0.2.1")
            .session(&format!("guess-{n}"))
            .at(seconds(n))
    });
    guessing.push(
        call("ada", "search")
            .ip("192.0.2.1")
            .session("right")
            .at(6.0),
    );
    assert_eq!(alerts("auth-failure-then-call", &guessing).len(), 1);
    // From another address and in another session, nothing binds failure and call.
    guessing.pop();
    guessing.push(
        call("ada", "search")
            .ip("203.0.113.9")
            .session("right")
            .at(6.0),
    );
    assert!(alerts("auth-failure-then-call", &guessing).is_empty());
    is_named_a_limit(
        Rule::AuthFailureThenCall,
        "changes both the session and the address",
    );
}

#[test]
fn a_new_client_name_for_each_call_changes_nothing() {
    let rotating = attack(|n, line| line.client(&format!("agent/{n}")));
    assert_eq!(alerts("tool-rate-anomaly", &rotating).len(), 1);
    assert_eq!(alerts("identity-rotation", &rotating).len(), 1);
}

#[test]
fn what_callers_put_into_meta_is_not_even_in_the_log() {
    // Were it there, it would be a key that detection does not know, and passes over.
    let rotating = attack(|n, line| line.with("mcp.meta.user", format!("somebody-{n}")));
    assert_eq!(alerts("tool-rate-anomaly", &rotating).len(), 1);
}

#[test]
fn addresses_of_one_ipv6_network_are_one_peer() {
    let host = |n: usize| format!("2001:db8:1:2:{:x}:{:x}:0:{:x}", n * 7, n * 31, n + 1);
    let probing = lines(10, |n| {
        unknown_method("", n as u64)
            .without("usr.id")
            .ip(&host(n))
            .at(seconds(n))
    });
    let told = alerts("enumeration", &probing);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["network.client.ip"], host(9));
    let users = lines(10, |n| {
        call(&format!("user-{n}"), "search")
            .ip(&host(n))
            .at(seconds(n))
    });
    assert_eq!(alerts("identity-rotation", &users).len(), 1);
    // IPv4 written as IPv6 is the same address.
    let mapped = lines(10, |n| {
        let ip = ["192.0.2.1", "::ffff:192.0.2.1", "::ffff:c000:201"][n % 3];
        unknown_method("", n as u64)
            .without("usr.id")
            .ip(ip)
            .at(seconds(n))
    });
    assert_eq!(alerts("enumeration", &mapped).len(), 1);
    // Other networks are other peers.
    let networks = lines(100, |n| {
        unknown_method("", n as u64)
            .without("usr.id")
            .ip(&format!("2001:db8:1:{n:x}::1"))
            .at(seconds(n))
    });
    assert!(alerts("enumeration", &networks).is_empty());
    is_named_a_limit(Rule::Enumeration, "changes that network begins anew");
    is_named_a_limit(Rule::IdentityRotation, "more than one /64");
}

#[test]
fn without_users_and_addresses_everybody_is_one_actor() {
    let stdio = lines(10, |n| {
        unknown_method("", n as u64)
            .without("usr.id")
            .session(&format!("{n}"))
            .at(seconds(n))
    });
    let told = alerts("enumeration", &stdio);
    assert_eq!(told.len(), 1);
    assert!(told[0].get("usr.id").is_none() && told[0].get("network.client.ip").is_none());
}

#[test]
fn a_slow_drip_below_the_thresholds_is_a_limit() {
    let drip = lines(2_000, |n| call("ada", "search").at(seconds(n) * 15.1));
    assert!(alerts("tool-rate-anomaly", &drip).is_empty());
    is_named_a_limit(Rule::ToolRateAnomaly, "slow drip");
    let drip = lines(200, |n| {
        unknown_method("ada", n as u64).at(seconds(n) * 70.0)
    });
    assert!(alerts("enumeration", &drip).is_empty());
    is_named_a_limit(Rule::Enumeration, "slow drip");
    let drip = lines(2_000, |n| {
        let mut line = call("ada", "search").at_time("2026-03-02T23:00:00Z");
        line.micros += i64::try_from(n).unwrap() * 6_010_000;
        line
    });
    assert!(alerts("night-volume", &drip).is_empty());
    is_named_a_limit(Rule::NightVolume, "slow drip");
    let patient = [
        call("ada", "read").tags(&["source"]),
        call("ada", "post").tags(&["sink"]).at(301.0),
    ];
    assert!(alerts("read-then-send", &patient).is_empty());
    is_named_a_limit(Rule::ReadThenSend, "waits longer than the window");
    let hidden = lines(1_000, |n| {
        if n % 5 < 2 {
            call("ada", "search").failed()
        } else {
            call("ada", "search")
        }
        .at(seconds(n))
    });
    assert!(alerts("tool-error-burst", &hidden).is_empty());
    is_named_a_limit(Rule::ToolErrorBurst, "hidden among");
}

#[test]
fn a_drip_just_above_a_threshold_is_told_of() {
    let drip = lines(400, |n| {
        call("ada", "search").at(seconds(n) * if n < 100 { 40.0 } else { 14.9 })
    });
    // The first hundred are an hour and more of fewer; from then on they are 21 in five minutes. The times
    // of the second kind begin later than those of the first end.
    let mut drip = drip;
    for line in &mut drip[100..] {
        line.micros += 2_600_000_000;
    }
    assert!(!alerts("tool-rate-anomaly", &drip).is_empty());
}

#[test]
fn nobody_can_train_the_baseline_above_the_ceiling() {
    // From the first hour on, 300 and 590 in turns, so that the statistics would allow far more; then
    // more than 600.
    let in_window = |window: usize, count: usize| {
        let from = seconds(window) * 300.0;
        lines(count, move |n| {
            call("ada", "search").at(from + 100.0 + seconds(n) / 4.0)
        })
    };
    let mut training: Vec<Line> = (0..20)
        .flat_map(|n| in_window(n, [300, 590][n % 2]))
        .collect();
    assert!(alerts("tool-rate-anomaly", &training).is_empty());
    training.extend(in_window(21, 601));
    let told = alerts("tool-rate-anomaly", &training);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["evidence"]["by"], "ceiling");
    assert_eq!(told[0]["evidence"]["threshold"], 600);
}

#[test]
fn the_baseline_grows_by_a_factor_in_an_hour_however_it_is_trained() {
    is_named_a_limit(Rule::ToolRateAnomaly, "patient can train the baseline");
    // Up and down, so that the deviation is large, and with it what the statistics would allow.
    let in_window = |window: usize, count: usize| {
        let from = seconds(window) * 300.0;
        lines(count, move |n| {
            call("ada", "search").at(from + 150.0 + seconds(n))
        })
    };
    let mut training: Vec<Line> = (0..12).flat_map(|window| in_window(window, 2)).collect();
    training.extend((0..5).flat_map(|n| in_window(12 + 2 * n, 20)));
    training.extend(in_window(22, 41));
    let told = |growth: u32| {
        let config = format!("[tool-rate-anomaly]\nsigmas = 10\ngrowth = {growth}\n");
        log::alerts_with(&config, "tool-rate-anomaly", &training)
    };
    assert!(told(3).is_empty());
    let told = told(2);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["evidence"]["threshold"], 40);
}

/// What one of many others leaves in the log; formatted by hand, as there are many.
fn noise(category: &str, fields: &str, micros: i64) -> String {
    let time = Timestamp::from_micros(micros);
    format!(
        "{{\"timestamp\":\"{time}\",\"schema.version\":\"1.0\",\"event.category\":\"{category}\",{fields}}}"
    )
}

/// An unknown method that somebody else asks for.
fn other_probe(n: usize, micros: i64) -> String {
    let fields = format!("\"usr.id\":\"noise-{n}\",\"mcp.unknown.hash\":\"{n:016x}\"");
    noise("mcp.request", &fields, micros)
}

/// The rule of each alert, whether its state was shared, and its user.
type Told = Vec<(Rule, bool, Option<String>)>;

/// `attack`, the first line of it after half of 200,000 events of others, and all of it among them.
fn flooded(attack: &[Line], other: impl Fn(usize, i64) -> String) -> (Told, Stats) {
    const OTHERS: i64 = 200_000;
    let mut detector = Detector::new(Config::default());
    let mut told = Vec::new();
    let mut raise = |alert: &Alert| {
        told.push((alert.rule, alert.evidence.shared, alert.key.user.clone()));
    };
    let (first, last) = (attack[0].micros, attack[attack.len() - 1].micros);
    let mut attack = attack.iter().peekable();
    for n in 0..OTHERS {
        // A minute of others, then the attack among the rest of them.
        let among = n - OTHERS / 2;
        let micros = first
            + if among < 0 {
                among * 600
            } else {
                (last - first) * among * 2 / OTHERS
            };
        while let Some(line) = attack.next_if(|line| line.micros <= micros) {
            detector
                .observe_line(line.write().as_bytes(), &mut raise)
                .unwrap();
        }
        let n = usize::try_from(n).unwrap();
        detector
            .observe_line(other(n, micros).as_bytes(), &mut raise)
            .unwrap();
    }
    for line in attack {
        detector
            .observe_line(line.write().as_bytes(), &mut raise)
            .unwrap();
    }
    detector.finish(&mut raise);
    (told, detector.stats().clone())
}

#[test]
fn two_hundred_thousand_others_do_not_hide_an_enumeration() {
    let probing = lines(10, |n| {
        unknown_method("mallory", n as u64).at(seconds(n) * 50.0)
    });
    let (told, stats) = flooded(&probing, other_probe);
    assert!(stats.shared > 0);
    assert!(told.iter().any(|(rule, ..)| *rule == Rule::StatePressure));
    let named = told
        .iter()
        .any(|(rule, _, user)| *rule == Rule::Enumeration && user.as_deref() == Some("mallory"));
    let shared = told
        .iter()
        .any(|(rule, shared, _)| *rule == Rule::Enumeration && *shared);
    assert!(named || shared, "{told:?}");
}

#[test]
fn an_attacker_who_was_there_before_the_flood_is_named() {
    // The first call is before the flood, the others are in it.
    let mut probing = lines(10, |n| {
        unknown_method("mallory", n as u64).at(seconds(n) * 50.0)
    });
    probing.insert(0, unknown_method("mallory", 77).at(-1.0));
    let mut detector = Detector::new(Config::default());
    let mut told = Vec::new();
    let mut n = 0;
    for line in &probing {
        let mut raise = |alert: &Alert| {
            if alert.rule == Rule::Enumeration && !alert.evidence.shared {
                told.push(alert.key.user.clone());
            }
        };
        detector
            .observe_line(line.write().as_bytes(), &mut raise)
            .unwrap();
        for _ in 0..20_000 {
            n += 1;
            let other = other_probe(1_000_000 + n, line.micros + 1);
            detector.observe_line(other.as_bytes(), &mut raise).unwrap();
        }
    }
    assert_eq!(told, [Some("mallory".to_owned())]);
}

#[test]
fn a_flood_of_failures_does_not_hide_the_call_after_one() {
    let mallory = [
        unauthorized("192.0.2.1").session("mine").at(0.0),
        call("mallory", "search")
            .session("mine")
            .ip("192.0.2.1")
            .at(200.0),
    ];
    let (told, _) = flooded(&mallory, |n, micros| {
        let fields = format!("\"mcp.session.id\":\"noise-{n}\",\"http.status\":401");
        noise("mcp.auth", &fields, micros)
    });
    assert!(
        told.iter()
            .any(|(rule, ..)| *rule == Rule::AuthFailureThenCall),
        "{told:?}"
    );
}

#[test]
fn a_baseline_that_was_pushed_out_gives_no_second_warm_up() {
    // A small table: 64 pairs. Ada's baseline is pushed out by others while she is idle.
    let small = Config::from_toml("capacity = 64").unwrap();
    let mut lines = attack(|_, line| line);
    let burst = lines.split_off(18);
    let mut with_flood = lines.clone();
    with_flood.extend((0..200).map(|n| {
        call(&format!("noise-{n}"), "search")
            .at(18.0 * 300.0 - 290.0 + 3_600.0 + seconds(n) / 100.0)
    }));
    with_flood.extend(burst.into_iter().map(|mut line| {
        line.micros += 3_700_000_000;
        line
    }));
    let (told, stats) = log::detect(&small, &with_flood);
    assert!(stats.evicted >= 1, "{stats:?}");
    let ada = told
        .iter()
        .find(|alert| alert["rule.id"] == "tool-rate-anomaly");
    assert!(ada.is_some(), "{told:?}");
}

#[test]
fn a_first_use_that_was_pushed_out_is_told_again() {
    let small = Config::from_toml("capacity = 64").unwrap();
    let delete = |user: &str, at: f64| call(user, "delete").tags(&["sensitive"]).at(at);
    let mut uses = vec![delete("ada", 0.0)];
    uses.extend((0..64).map(|n| delete(&format!("noise-{n}"), 1.0 + seconds(n))));
    uses.push(delete("ada", 100.0));
    let (_, stats) = log::detect(&small, &uses);
    assert_eq!(stats.alerts(Rule::FirstSensitiveUse), 66);
    assert_eq!(stats.evicted, 2);
    is_named_a_limit(Rule::FirstSensitiveUse, "forgotten for want of room");
}

#[test]
fn who_shares_is_not_always_who_did_it() {
    is_named_a_limit(Rule::StatePressure, "need not be");
}
