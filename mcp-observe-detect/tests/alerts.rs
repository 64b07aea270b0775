//! Alerts as lines: their schema, and that they stay lines.

mod log;

use log::{Line, call, detect, lines, seconds, unauthorized, unknown_method};
use mcp_observe_detect::{Config, Detector, Rule};
use proptest::prelude::*;
use serde_json::Value;

const SCHEMA: &str = include_str!("../schema/alert-1.0.json");

/// Lines that make every rule fire.
fn everything() -> Vec<Line> {
    let mut all = lines(700, |n| {
        call("ada", "search")
            .trace(n as u128 + 1)
            .at(seconds(n) / 10.0)
    });
    all.push(unauthorized("192.0.2.1").session("s").at(100.0));
    all.push(
        call("ada", "read")
            .session("s")
            .tags(&["source", "sensitive"])
            .at(101.0),
    );
    all.push(call("ada", "post").tags(&["sink"]).at(102.0));
    all.extend((0..25).map(|n| {
        call(&format!("user{n}"), "fail")
            .failed()
            .ip("192.0.2.1")
            .at(200.0 + seconds(n))
    }));
    all.extend((0..10).map(|n| unknown_method("eve", n).at(300.0)));
    all.extend((0..200).map(|n| unknown_method(&format!("noise{n}"), n).at(301.0)));
    all.extend((0..101).map(|n| call("ada", "search").at(39_700.0 + seconds(n))));
    all.extend((0..64).map(|n| call("ada", "search").at(0.0 + seconds(n))));
    all
}

#[test]
fn alerts_are_as_their_schema_says() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let (alerts, stats) = detect(&Config::from_toml("capacity = 64").unwrap(), &everything());
    for &rule in Rule::ALL {
        assert!(stats.alerts(rule) > 0, "{rule}");
    }
    assert_eq!(alerts.len() as u64, stats.total_alerts());
    for alert in &alerts {
        assert!(
            validator.is_valid(alert),
            "{alert}: {:?}",
            validator.validate(alert).map_err(|error| error.to_string())
        );
    }
    // The schema knows the keys that there are, and the rules.
    let known = &schema["properties"];
    let of_evidence = &known["evidence"]["properties"];
    for alert in &alerts {
        assert!(
            alert
                .as_object()
                .unwrap()
                .keys()
                .all(|key| known.get(key).is_some()),
            "{alert}"
        );
        assert!(
            alert["evidence"]
                .as_object()
                .unwrap()
                .keys()
                .all(|key| of_evidence.get(key).is_some()),
            "{alert}"
        );
    }
    let rules: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    assert_eq!(known["rule.id"]["enum"], serde_json::json!(rules));
    assert!(!validator.is_valid(&serde_json::json!({"event.category": "mcp.alert"})));
}

#[test]
fn keys_of_an_alert_are_in_their_order() {
    let mut detector = Detector::new(Config::default());
    let mut told = String::new();
    let line = call("ada", "delete").tags(&["sensitive"]).trace(1).write();
    detector.observe_line(line.as_bytes(), &mut |_| ()).unwrap();
    detector.finish(&mut |alert| told = alert.to_json());
    assert_eq!(
        told,
        "{\"timestamp\":\"2026-03-02T12:00:00.000000Z\",\"schema.version\":\"1.0\",\
         \"event.category\":\"mcp.alert\",\"rule.id\":\"first-sensitive-use\",\
         \"rule.name\":\"First use of a sensitive tool\",\"rule.severity\":\"low\",\"usr.id\":\"ada\",\
         \"mcp.tool.name\":\"delete\",\"evidence\":{\"trace_ids\":[\"00000000000000000000000000000001\"]}}"
    );
}

/// What must not be in a line as it is.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

proptest! {
    #[test]
    fn an_alert_is_one_line_whatever_its_texts_are(user in "\\PC{0,40}|.{0,400}|[\\x00-\\x1f\\x7f-\\u{9f}\u{202e}\u{2066}\u{feff}\u{2028}\"\\\\a]{0,300}") {
        let line = call(&user, "delete").tags(&["sensitive"]).write();
        let mut detector = Detector::new(Config::default());
        let mut told = Vec::new();
        detector.observe_line(line.as_bytes(), &mut |_| ()).unwrap();
        detector.finish(&mut |alert| alert.write_line(&mut told).unwrap());
        let told = String::from_utf8(told).unwrap();
        prop_assert!(told.ends_with('\n'));
        prop_assert!(!told.trim_end_matches('\n').contains(is_hidden), "{}", told);
        let alert: Value = serde_json::from_str(&told).unwrap();
        let said = alert["usr.id"].as_str().unwrap();
        prop_assert!(said.len() <= 256);
        prop_assert!(user.starts_with(said));
        prop_assert!(said == user || said.len() > 252);
    }
}
