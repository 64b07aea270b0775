//! Lines to other code of the process.

use super::{BOUND, call, record, telemetry, tools};
use crate::ShutdownError;
use crate::security::{SecurityLog, channel};

#[test]
fn each_line_is_received_whole_until_the_log_ends() {
    let (sender, lines) = channel(2);
    let telemetry = telemetry(SecurityLog::builder().writer(sender));
    let expected: Vec<String> = (0..50).map(|number| format!("tool {number}")).collect();
    for tool in &expected {
        record(&telemetry, &call(tool));
    }
    let received = std::thread::spawn(move || lines.collect::<Vec<String>>());
    telemetry.shutdown(BOUND).expect("someone receives them");
    let received = received.join().expect("it ends");
    assert_eq!(tools(&(received.join("\n") + "\n")), expected);
}

#[test]
fn lines_that_nobody_receives_are_lost_and_told() {
    let (sender, lines) = channel(2);
    let telemetry = telemetry(SecurityLog::builder().writer(sender));
    drop(lines);
    record(&telemetry, &call("a"));
    let error = telemetry.shutdown(BOUND).expect_err("nobody is there");
    assert!(matches!(error, ShutdownError::SecurityLog { .. }));
    assert_eq!(
        error.to_string(),
        "the last security events could not be written and are lost (nobody receives the lines)"
    );
}
