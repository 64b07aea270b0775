//! `tool-error-burst`.

use serde_json::json;

use crate::log::{alerts, call, lines, seconds};

const ERRORS: &str = "tool-error-burst";

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
