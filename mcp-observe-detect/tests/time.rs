//! Event time: order of arrival, lateness, and clocks that go wrong.

mod log;

use log::{Line, call, detect, lines, seconds};
use mcp_observe_detect::{Config, Detector, Rule, Timestamp};
use proptest::prelude::*;
use serde_json::Value;

fn config(text: &str) -> Config {
    Config::from_toml(text).expect(text)
}

/// So many calls of a `source` and of a `sink`, in turns, by several users; many pairs are sequences.
fn busy(count: usize) -> Vec<Line> {
    lines(count, |n| {
        let line = call(["ada", "bob", "eve"][n % 3], ["read", "post"][n % 2])
            .tags(&[["source"], ["sink"]][n % 2]);
        let line = if n % 5 == 0 { line.failed() } else { line };
        line.ip("192.0.2.1")
            .session(&format!("s{}", n % 23))
            .unknown(n as u64 % 17)
            .at(seconds(n) * 1.7)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_arrival_within_the_allowance_makes_no_difference(
        delays in prop::collection::vec(0_i64..5_000_000, 400)
    ) {
        let in_order = busy(400);
        let mut arriving: Vec<(i64, Line)> = in_order
            .iter()
            .zip(delays)
            .map(|(line, delay)| (line.micros + delay, line.clone()))
            .collect();
        arriving.sort_by_key(|(arrival, _)| *arrival);
        let arriving: Vec<Line> = arriving.into_iter().map(|(_, line)| line).collect();
        let (expected, _) = detect(&Config::default(), &in_order);
        let (raised, stats) = detect(&Config::default(), &arriving);
        prop_assert!(!expected.is_empty());
        prop_assert_eq!(raised, expected);
        prop_assert_eq!(stats.late, 0);
    }
}

#[test]
fn events_of_one_time_stay_in_the_order_of_their_arrival() {
    let read = call("ada", "read").tags(&["source"]);
    let send = call("ada", "post").tags(&["sink"]);
    let later = call("bob", "search").at(10.0);
    let sequence = |lines: &[Line]| {
        detect(&Config::default(), lines)
            .1
            .alerts(Rule::ReadThenSend)
    };
    assert_eq!(sequence(&[read.clone(), send.clone(), later.clone()]), 1);
    assert_eq!(sequence(&[send, read, later]), 0);
}

#[test]
fn late_events_are_counted_and_still_have_their_effect() {
    // The failing calls of a burst arrive a minute late, among others that are in time.
    let mut arriving = Vec::new();
    for n in 0..20 {
        arriving.push(call("bob", "other").at(100.0 + seconds(n)));
        arriving.push(call("ada", "search").failed().at(40.0 + seconds(n)));
    }
    let (_, stats) = detect(&Config::default(), &arriving);
    assert_eq!(stats.late, 20);
    assert_eq!(stats.alerts(Rule::ToolErrorBurst), 1);
    let (_, stats) = detect(&config("allowance = \"2m\""), &arriving);
    assert_eq!(stats.late, 0);
    assert_eq!(stats.alerts(Rule::ToolErrorBurst), 1);
}

#[test]
fn a_late_event_is_at_night_if_it_happened_at_night() {
    let night = "[night-volume]\nmax_calls = 1\n";
    let at_night = || call("ada", "search").at_time("2026-03-03T05:59:50Z");
    let by_day = call("bob", "search").at_time("2026-03-03T06:00:30Z");
    let (_, stats) = detect(&config(night), &[by_day, at_night(), at_night()]);
    assert_eq!(stats.late, 2);
    assert_eq!(stats.alerts(Rule::NightVolume), 1);
}

/// What is raised when lines arrive one by one, and the clock says what it is after each.
fn live(lines: &[Line], after_each: i64) -> Vec<Value> {
    let mut detector = Detector::new(Config::default());
    let mut alerts = Vec::new();
    for line in lines {
        let mut raise = |alert: &mcp_observe_detect::Alert| {
            alerts.push(serde_json::from_str(&alert.to_json()).unwrap());
        };
        detector
            .observe_line(line.write().as_bytes(), &mut raise)
            .unwrap();
        detector.advance(Timestamp::from_micros(line.micros + after_each), &mut raise);
    }
    alerts
}

#[test]
fn live_and_replayed_the_alerts_are_the_same() {
    let busy = busy(2_000);
    let (replayed, _) = detect(&Config::default(), &busy);
    let mut live = live(&busy, 100_000);
    // What the last seconds hold back comes with time.
    assert!(replayed.starts_with(&live));
    live.extend_from_slice(&replayed[live.len()..]);
    assert_eq!(live, replayed);
}

#[test]
fn time_that_passes_without_events_evaluates_what_is_held_back() {
    let mut detector = Detector::new(Config::default());
    let mut count = 0;
    let lines = [
        call("ada", "read").tags(&["source"]),
        call("ada", "post").tags(&["sink"]).at(1.0),
    ];
    for line in &lines {
        detector
            .observe_line(line.write().as_bytes(), &mut |_| count += 1)
            .unwrap();
    }
    let at = |seconds: i64| Timestamp::from_micros((log::NOON + seconds) * 1_000_000);
    detector.advance(at(6), &mut |_| count += 1);
    assert_eq!(count, 0);
    detector.advance(at(7), &mut |_| count += 1);
    assert_eq!(count, 1);
    // A machine's clock that is behind the log's changes nothing.
    detector.advance(at(-100_000), &mut |_| count += 1);
    detector.finish(&mut |_| count += 1);
    assert_eq!(count, 1);
}

/// Nineteen errors, something in between, and the twentieth.
fn interrupted_burst(between: Vec<Line>, from: f64) -> (Vec<Value>, mcp_observe_detect::Stats) {
    let mut lines = lines(19, |n| call("ada", "search").failed().at(seconds(n)));
    lines.extend(between);
    lines.push(call("ada", "search").failed().at(from));
    // Enough that is in time after it.
    lines.extend((0..10).map(|n| call("bob", "other").at(from + 1.0 + seconds(n))));
    detect(&Config::default(), &lines)
}

#[test]
fn one_event_of_the_far_future_does_not_end_everybodys_windows() {
    let future = || vec![call("eve", "other").at_time("2031-01-01T00:00:00Z")];
    let (_, stats) = interrupted_burst(future(), 20.0);
    assert_eq!(stats.alerts(Rule::ToolErrorBurst), 1);
    assert_eq!(stats.late, 0);
    assert_eq!(stats.events, 31);
    // Two of them are believed: what comes then is late, and is evaluated all the same.
    let (_, stats) = interrupted_burst([future(), future()].concat(), 20.0);
    assert_eq!(stats.alerts(Rule::ToolErrorBurst), 1);
    assert_eq!(stats.late, 11);
}

#[test]
fn an_event_of_the_far_future_is_evaluated_in_the_end() {
    let lines = [
        call("ada", "search"),
        call("eve", "delete").tags(&["sensitive"]).at(1_000_000.0),
    ];
    let (_, stats) = detect(&Config::default(), &lines);
    assert_eq!(stats.alerts(Rule::FirstSensitiveUse), 1);
    let mut detector = Detector::new(Config::default());
    let mut count = 0;
    for line in &lines {
        detector
            .observe_line(line.write().as_bytes(), &mut |_| count += 1)
            .unwrap();
    }
    assert_eq!(count, 0);
    detector.advance(
        Timestamp::from_micros(lines[1].micros + 6_000_000),
        &mut |_| count += 1,
    );
    assert_eq!(count, 1);
}

#[test]
fn a_quiet_server_whose_next_event_is_hours_later_goes_on() {
    let lines = lines(30, |n| {
        call(&format!("user{n}"), "delete")
            .tags(&["sensitive"])
            .at(seconds(n) * 20_000.0)
    });
    let (alerts, stats) = detect(&Config::default(), &lines);
    assert_eq!(stats.alerts(Rule::FirstSensitiveUse), 30);
    assert_eq!(stats.late, 0);
    let times: Vec<_> = alerts
        .iter()
        .map(|alert| alert["timestamp"].to_string())
        .collect();
    assert!(times.is_sorted());
}

#[test]
fn a_clock_that_is_set_back_is_told_and_time_goes_on_from_there() {
    // Nineteen errors, then the clock is set back by a day. Sixty-three calls are late; with the
    // sixty-fourth the step is believed, and the twentieth error is within the window.
    let back = -86_400.0;
    let calls = |count: usize| lines(count, |n| call("bob", "other").at(back + seconds(n)));
    let (_, stats) = interrupted_burst(calls(10), back + 64.0);
    assert_eq!(stats.alerts(Rule::ClockStep), 0);
    assert_eq!(stats.late, 21);
    let (alerts, stats) = interrupted_burst(calls(100), back + 100.0);
    assert_eq!(stats.alerts(Rule::ClockStep), 1);
    assert_eq!(stats.late, 63);
    assert_eq!(stats.alerts(Rule::ToolErrorBurst), 1);
    let step = &alerts[0];
    assert_eq!(step["rule.id"], "clock-step");
    assert_eq!(step["rule.severity"], "low");
    assert_eq!(step["timestamp"], "2026-03-01T12:01:03.000000Z");
    assert_eq!(step["evidence"]["since"], "2026-03-02T12:00:18.000000Z");
}

#[test]
fn a_clock_that_jumps_to_and_fro_ends_no_window_for_good() {
    // Every event has a time of its own, up to years apart, and every other is an error.
    let times = lines(2_000, |n| {
        let line = if n % 2 == 0 {
            call("ada", "search").failed()
        } else {
            call("bob", "other")
        };
        line.at(seconds(n * 7_919 % 2_000) * 100_000.0)
    });
    let (_, stats) = detect(&Config::default(), &times);
    assert_eq!(stats.events, 2_000);
    assert!(stats.alerts(Rule::ToolErrorBurst) >= 1, "{stats:?}");
}

#[test]
fn the_ends_of_the_calendar_are_times_as_any() {
    let mut lines = Vec::new();
    for _ in 0..40 {
        for time in ["9999-12-30T22:00:00Z", "0000-01-01T00:00:00.000000Z"] {
            lines.extend((0..70).map(|_| {
                call("ada", "search")
                    .unknown(1)
                    .session("s")
                    .ip("::1")
                    .at_time(time)
            }));
        }
    }
    let (_, stats) = detect(&Config::default(), &lines);
    assert_eq!(stats.events, 5_600);
    assert!(stats.alerts(Rule::ClockStep) >= 30, "{stats:?}");
}

#[test]
fn when_more_is_held_back_than_there_is_room_for_the_oldest_is_evaluated_early() {
    let lines = lines(65_546, |n| {
        let mut line = call("ada", "search");
        line.micros += i64::try_from(n).unwrap();
        line
    });
    let (_, stats) = detect(&Config::default(), &lines);
    assert_eq!(stats.early, 10);
    assert_eq!(stats.alerts(Rule::ToolRateAnomaly), 1);
}
