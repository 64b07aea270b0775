//! Each rule: when it fires, when it does not, at its limits, and when it is quiet.

#[path = "../log/mod.rs"]
mod log;

mod auth_failure_then_call;
mod enumeration;
mod first_sensitive_use;
mod identity_rotation;
mod night_volume;
mod read_then_send;
mod tool_error_burst;
mod tool_rate_anomaly;

use log::{alerts_with, call, lines};

const NIGHT: &str = "night-volume";

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
