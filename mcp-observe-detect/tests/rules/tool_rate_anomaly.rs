//! `tool-rate-anomaly`.

use serde_json::json;

use crate::log::{Line, alerts, call, lines, seconds};

const RATE: &str = "tool-rate-anomaly";

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
