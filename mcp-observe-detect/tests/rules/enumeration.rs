//! `enumeration`.

use crate::log::{alerts, call, lines, seconds, unknown_method};

const ENUMERATION: &str = "enumeration";

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
