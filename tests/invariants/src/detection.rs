//! Any bytes as a security log: each line is an event, malformed or blank, and counted so, in whatever
//! pieces it comes; the same log raises the same alerts, each of which is one line as its schema has it.

use std::sync::LazyLock;

use jsonschema::Validator;
use mcp_observe_detect::{
    Category, Config, Detector, Event, LONGEST_LINE, Lines, Stats, Status, Tags,
};
use serde_json::{Value, json};

/// Every rule fires after few events, and shares its state after more.
const CONFIG: &str = r#"
capacity = 64
allowance = "1s"
[night-volume]
max_calls = 1
[enumeration]
distinct = 2
"#;

/// Reads the first byte as the length of the pieces in which the rest comes.
///
/// # Panics
/// If the invariant does not hold.
pub fn hold(input: &[u8]) {
    let (piece, log) = match input {
        [piece, log @ ..] => (usize::from(*piece) + 1, log),
        [] => (1, input),
    };
    check(log, piece);
}

/// # Panics
/// If it does not hold for this log, which comes in pieces of so many bytes.
pub fn check(log: &[u8], piece: usize) {
    let lines = lines(log, usize::MAX);
    assert_eq!(self::lines(log, piece), lines);
    let [mut events, mut malformed] = [0; 2];
    for line in &lines {
        assert!(line.len() <= LONGEST_LINE + 1, "{} bytes", line.len());
        match Event::parse(line) {
            Ok(event) => {
                assert_reads_back(&event);
                events += 1;
            }
            Err(error) => {
                let is_blank = line.iter().all(u8::is_ascii_whitespace);
                malformed += u64::from(!is_blank);
                assert!(!error.to_string().is_empty());
            }
        }
    }
    let (alerts, stats) = detect(&lines);
    assert_eq!((stats.events, stats.malformed), (events, malformed));
    assert_eq!(u64::try_from(alerts.len()), Ok(stats.total_alerts()));
    for alert in &alerts {
        assert_alert(alert);
    }
    assert_eq!(detect(&lines), (alerts, stats));
}

fn lines(log: &[u8], piece: usize) -> Vec<Vec<u8>> {
    let (mut lines, mut cut) = (Lines::new(), Vec::new());
    for piece in log.chunks(piece) {
        lines.push(piece, |line| cut.push(line.to_vec()));
    }
    lines.end(|line| cut.push(line.to_vec()));
    cut
}

/// The alerts' lines, and what was counted.
fn detect(lines: &[Vec<u8>]) -> (Vec<String>, Stats) {
    static SET: LazyLock<Config> = LazyLock::new(|| Config::from_toml(CONFIG).expect("settings"));
    let mut detector = Detector::new(SET.clone());
    let mut alerts = Vec::new();
    for line in lines {
        let raise = &mut |alert: &mcp_observe_detect::Alert| alerts.push(alert.to_json());
        let parsed = Event::parse(line).is_ok();
        let is_blank = line.iter().all(u8::is_ascii_whitespace);
        let observed = detector.observe_line(line, raise);
        assert_eq!(observed.is_ok(), parsed || is_blank);
    }
    detector.finish(&mut |alert| alerts.push(alert.to_json()));
    (alerts, detector.stats().clone())
}

fn assert_alert(line: &str) {
    static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
        let schema = include_str!("../../../mcp-observe-detect/schema/alert-1.0.json");
        let schema = serde_json::from_str(schema).expect("the schema is JSON");
        jsonschema::validator_for(&schema).expect("the schema is one")
    });
    let alert: Value = serde_json::from_str(line).expect("JSON");
    assert!(
        SCHEMA.is_valid(&alert),
        "{line}: {:?}",
        SCHEMA.validate(&alert)
    );
    assert!(!line.contains(char::is_control), "{line:?}");
    // It may be written into the log that it is about.
    let event = Event::parse(line.as_bytes()).expect("it can be read over");
    assert_eq!(event.category, Category::Other);
}

/// Asserts that the event, written as the schema has it, is read as the same.
fn assert_reads_back(event: &Event<'_>) {
    let written = written(event).to_string();
    if written.len() <= LONGEST_LINE {
        let read = Event::parse(written.as_bytes());
        assert_eq!(&read.expect("it is one"), event);
    }
}

fn written(event: &Event<'_>) -> Value {
    let category = match event.category {
        Category::ToolCall => "mcp.tool_call",
        Category::Auth => "mcp.auth",
        Category::Request => "mcp.request",
        _ => "other",
    };
    let status = event.status.map(|status| match status {
        Status::Success => "success",
        Status::Error => "error",
        Status::Cancelled => "cancelled",
    });
    let tags = [
        (Tags::SOURCE, "source"),
        (Tags::SINK, "sink"),
        (Tags::SENSITIVE, "sensitive"),
    ];
    let tags = tags
        .into_iter()
        .filter(|(tag, _)| event.tags.contains(*tag));
    let all = [
        ("timestamp", json!(event.timestamp.to_string())),
        ("schema.version", json!(event.schema_version)),
        ("event.category", json!(category)),
        ("mcp.method.name", json!(event.method)),
        ("mcp.tool.name", json!(event.tool)),
        (
            "mcp.tool.tags",
            json!(tags.map(|(_, name)| name).collect::<Vec<_>>()),
        ),
        (
            "mcp.unknown.hash",
            json!(event.unknown_hash.map(|it| format!("{it:016x}"))),
        ),
        ("usr.id", json!(event.user)),
        ("mcp.session.id", json!(event.session)),
        ("mcp.client.name", json!(event.client_name)),
        ("network.client.ip", json!(event.client_ip)),
        ("http.status", json!(event.http_status)),
        ("duration_ms", json!(event.duration_ms)),
        ("status", json!(status)),
        ("error.kind", json!(event.error_kind)),
        ("trace_id", json!(event.trace_id.map(|it| it.to_string()))),
    ];
    // What is not known is absent, never null.
    let known = all.into_iter().filter(|(_, value)| !value.is_null());
    let known = known.map(|(key, value)| (key.to_owned(), value));
    Value::Object(known.collect())
}
