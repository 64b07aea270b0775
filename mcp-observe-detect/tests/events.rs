//! Lines of the log: what is read, what is passed over, what is refused.

use mcp_observe_detect::{
    Category, Config, Detector, Event, EventError, LONGEST_LINE, Status, Tags,
};
use proptest::prelude::*;

const MINIMAL: &str = r#""timestamp":"2026-03-02T12:00:00.000000Z","schema.version":"1.0","event.category":"mcp.tool_call""#;

fn with(fields: &str) -> String {
    format!("{{{MINIMAL}{fields}}}")
}

#[test]
fn every_key_is_read() {
    let line = with(
        r#","mcp.method.name":"tools/call","mcp.tool.name":"post","mcp.tool.tags":["source","sink"],
        "mcp.unknown.hash":"00000000000000ff","usr.id":"ada","mcp.session.id":"s","mcp.client.name":"agent",
        "network.client.ip":"::1","http.status":404,"duration_ms":1.5,"status":"error","error.kind":"-32602",
        "error.message":"no","trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331""#,
    );
    let event = Event::parse(line.as_bytes()).unwrap();
    assert_eq!(event.timestamp.to_string(), "2026-03-02T12:00:00.000000Z");
    assert_eq!(event.schema_version, "1.0");
    assert_eq!(event.category, Category::ToolCall);
    assert_eq!(event.method.as_deref(), Some("tools/call"));
    assert_eq!(event.tool.as_deref(), Some("post"));
    assert_eq!(event.tags, Tags::SOURCE.with(Tags::SINK));
    assert_eq!(event.unknown_hash, Some(255));
    assert_eq!(event.user.as_deref(), Some("ada"));
    assert_eq!(event.session.as_deref(), Some("s"));
    assert_eq!(event.client_name.as_deref(), Some("agent"));
    assert_eq!(event.client_ip.as_deref(), Some("::1"));
    assert_eq!(event.http_status, Some(404));
    assert_eq!(event.duration_ms, Some(1.5));
    assert_eq!(event.status, Some(Status::Error));
    assert_eq!(event.error_kind.as_deref(), Some("-32602"));
    assert_eq!(
        event.trace_id.unwrap().to_string(),
        "0af7651916cd43dd8448eb211c80319c"
    );
}

#[test]
fn later_minor_versions_are_read_and_what_they_add_is_passed_over() {
    let line = r#"{"new":{"a":[1,null]},"timestamp":"2026-03-02T12:00:00.000000Z","schema.version":"1.9","event.category":"mcp.new","mcp.tool.tags":["shiny","sink"]}"#;
    let event = Event::parse(line.as_bytes()).unwrap();
    assert_eq!(event.category, Category::Other);
    assert_eq!(event.tags, Tags::SINK);
}

#[test]
fn texts_are_borrowed_unless_they_are_escaped() {
    let line = with(r#","usr.id":"ada","mcp.tool.name":"a\u0062c""#);
    let event = Event::parse(line.as_bytes()).unwrap();
    assert!(matches!(
        event.user,
        Some(std::borrow::Cow::Borrowed("ada"))
    ));
    assert_eq!(event.tool.as_deref(), Some("abc"));
}

fn refused(line: &str) -> String {
    Event::parse(line.as_bytes()).expect_err(line).to_string()
}

#[test]
fn other_major_versions_are_refused_even_where_they_differ_otherwise() {
    let other = r#"{"timestamp":17,"schema.version":"2.0","event.category":["x"]}"#;
    assert_eq!(
        refused(other),
        "the event is of schema version \"2.0\", and only 1.x can be read"
    );
    assert!(
        refused(
            &MINIMAL
                .replace("1.0", "10.0")
                .replace("\"timestamp", "{\"timestamp")
                .replace("call\"", "call\"}")
        )
        .contains("\"10.0\"")
    );
}

#[test]
fn what_is_not_as_the_schema_says_is_refused() {
    for (fields, why) in [
        (r#","usr.id":null"#, "invalid type: null, expected a string"),
        (
            r#","usr.id":7"#,
            "invalid type: integer `7`, expected a string",
        ),
        (
            r#","http.status":"200""#,
            "invalid type: string \"200\", expected u16",
        ),
        (r#","http.status":70000"#, "expected u16"),
        (r#","duration_ms":"1""#, "expected f64"),
        (r#","status":"fine""#, "unknown variant `fine`"),
        (r#","mcp.tool.tags":"sink""#, "expected an array of strings"),
        (r#","mcp.tool.tags":[1]"#, "expected a string"),
        (
            r#","mcp.unknown.hash":"ff""#,
            "expected 16 hexadecimal digits",
        ),
        (r#","trace_id":"zz""#, "expected 32 hexadecimal digits"),
        (r#","usr.id":"a","usr.id":"b""#, "duplicate field `usr.id`"),
        (r#","usr.id":"\ud800""#, "hex escape"),
        (r#","usr.id":"a"} {""#, "trailing characters"),
    ] {
        let error = refused(&with(fields));
        assert!(
            error.starts_with("the line is no security event: ") && error.contains(why),
            "{fields}: {error}"
        );
    }
    for key in ["timestamp", "schema.version", "event.category"] {
        let line = with("").replace(key, "other");
        assert!(
            refused(&line).contains(&format!("missing field `{key}`")),
            "{line}"
        );
    }
    for line in ["", "{", "[]", "7", "null", "plain text"] {
        assert!(
            refused(line).starts_with("the line is no security event: "),
            "{line}"
        );
    }
    assert!(refused(&with("").replace("12:00:00.000000Z", "noon")).contains("RFC 3339"));
    assert!(matches!(
        Event::parse(b"{\"usr.id\":\"\xff\"}"),
        Err(EventError::Encoding(_))
    ));
    assert!(refused(&"[".repeat(60_000)).contains("the line is no security event"));
}

#[test]
fn long_lines_are_refused() {
    let fill = LONGEST_LINE - with(r#","usr.id":"""#).len();
    let longest = with(&format!(r#","usr.id":"{}""#, "a".repeat(fill)));
    assert!(Event::parse(longest.as_bytes()).is_ok());
    assert!(matches!(
        Event::parse(format!("{longest} ").as_bytes()),
        Err(EventError::TooLong { bytes: 65_537 })
    ));
}

#[test]
fn malformed_lines_are_counted_and_blank_ones_passed_over() {
    let mut detector = Detector::new(Config::default());
    for line in ["", " \r\n", "{}", "what?"] {
        let _ = detector.observe_line(line.as_bytes(), &mut |_| ());
    }
    detector
        .observe_line(format!("{}\r\n", with("")).as_bytes(), &mut |_| ())
        .unwrap();
    assert_eq!(
        (detector.stats().malformed, detector.stats().events),
        (2, 1)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_line_makes_it_panic(lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..20)) {
        let mut detector = Detector::new(Config::default());
        for line in lines {
            let _ = detector.observe_line(&line, &mut |_| ());
        }
        detector.finish(&mut |_| ());
    }

    #[test]
    fn no_event_makes_it_panic(
        events in prop::collection::vec((
            any::<i64>(),
            0..4_usize,
            prop::option::of(any::<String>()),
            prop::option::of("[0-9a-f:.]{0,40}"),
            any::<u64>(),
            0..700_u16,
            0..3_usize,
        ), 1..200),
        capacity in 64_u32..80,
    ) {
        let config = format!("capacity = {capacity}\n[night-volume]\ntime_zone = \"America/New_York\"\nmax_calls = 1\n[enumeration]\ndistinct = 2\n");
        let mut detector = Detector::new(Config::from_toml(&config).unwrap());
        let categories = ["mcp.tool_call", "mcp.auth", "mcp.request", "mcp.alert"];
        let tags = ["sink", "source", "sensitive"];
        let statuses = ["success", "error", "cancelled"];
        for (time, category, user, ip, hash, http, status) in events {
            let line = serde_json::json!({
                "timestamp": mcp_observe_detect::Timestamp::from_micros(time).to_string(),
                "schema.version": "1.0",
                "event.category": categories[category],
                "mcp.tool.name": user.clone().unwrap_or_default(),
                "mcp.tool.tags": &tags[..status],
                "usr.id": user.unwrap_or_default(),
                "mcp.session.id": format!("{}", hash % 7),
                "network.client.ip": ip.unwrap_or_default(),
                "mcp.unknown.hash": format!("{hash:016x}"),
                "http.status": http,
                "status": statuses[status],
            });
            prop_assert!(detector.observe_line(line.to_string().as_bytes(), &mut |_| ()).is_ok());
            detector.advance(mcp_observe_detect::Timestamp::from_micros(time), &mut |_| ());
        }
        detector.finish(&mut |_| ());
    }
}
