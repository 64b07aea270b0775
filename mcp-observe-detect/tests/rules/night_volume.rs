//! `night-volume`.

use crate::log::{alerts, alerts_with, call, lines};

const NIGHT: &str = "night-volume";

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
