//! Any text as the settings of detection: it is refused with a place and a reason, or it can be written and
//! read again, and detection works with it.

use mcp_observe_detect::{Config, Detector, Timestamp};
use serde_json::json;

/// Reads the input as a file's text.
///
/// # Panics
/// If the invariant does not hold.
pub fn hold(input: &[u8]) {
    check(&String::from_utf8_lossy(input));
}

/// # Panics
/// If it does not hold for this text.
pub fn check(text: &str) {
    let config = match Config::from_toml(text) {
        Ok(config) => config,
        Err(error) => {
            let lines = text.matches('\n').count() + 1;
            assert!((1..=lines).contains(&error.line), "{error}");
            assert!(error.column >= 1 && !error.message.is_empty(), "{error}");
            return;
        }
    };
    let written = config.to_toml();
    assert_eq!(
        Config::from_toml(&written).as_ref(),
        Ok(&config),
        "{written}"
    );

    let mut detector = Detector::new(config);
    for (at, tag) in [(0, "source"), (1, "sink"), (90_000, "sensitive")] {
        let line = json!({
            "timestamp": Timestamp::from_micros(at * 1_000_000).to_string(),
            "schema.version": "1.0",
            "event.category": "mcp.tool_call",
            "mcp.tool.name": "post",
            "mcp.tool.tags": [tag],
            "network.client.ip": "192.0.2.1",
            "status": "success",
        });
        let observed = detector.observe_line(line.to_string().as_bytes(), &mut |_| ());
        observed.expect("it is an event");
    }
    detector.finish(&mut |_| ());
    assert_eq!(detector.stats().events, 3);
}
