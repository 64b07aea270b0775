//! The agent that goes on calling: what is counted of it, what is exported, and what is not.

use std::time::Instant;

use mcp_observe_tests::{Series, series};
use opentelemetry_proto::tonic::common::v1::{AnyValue, any_value::Value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;

use super::serving::get;
use crate::collector::{Collector, attribute};
use crate::demo::child::Demo;
use crate::process::BOUND;

/// As fast as calls are answered.
const FLAG: &str = "--traffic=60000";

/// What the agent's calls have in their arguments, or the server in its results, and no type declares.
const UNDECLARED: [&str; 6] = [
    "crew@example.com",
    "crew@example.net",
    "It was as warm as",
    "Porto: clear",
    "the whole year",
    "weather/subscribe",
];

/// A label's name and value.
type Label = (&'static str, &'static str);
/// A series, and how often it is counted in the agent's first session and in each round.
type Count = (&'static str, &'static [Label], u32, u32);

const COUNTS: [Count; 24] = {
    const CALLS: &str = "mcp_tool_calls_total";
    const ERRORS: &str = "mcp_tool_errors_total";
    const DURATION: &str = "mcp_tool_invocation_duration_seconds_count";
    const UNKNOWN: &str = "mcp_unknown_total";
    const WEATHER: Label = ("tool_name", "get_weather");
    const DATABASE: Label = ("tool_name", "query_database");
    const REPORT: Label = ("tool_name", "send_report");
    const SUMMARISE: Label = ("tool_name", "summarise");
    const SUCCESS: Label = ("status", "success");
    const ERROR: Label = ("status", "error");
    [
        (CALLS, &[WEATHER], 1, 8),
        (CALLS, &[DATABASE, ("range", "week")], 1, 4),
        (CALLS, &[DATABASE, ("range", "month")], 0, 3),
        (CALLS, &[DATABASE, ("range", "longer")], 0, 2),
        (CALLS, &[DATABASE, ("range", "_OTHER")], 0, 1),
        (CALLS, &[REPORT], 1, 9),
        (CALLS, &[SUMMARISE, ("model", "small")], 0, 7),
        (CALLS, &[SUMMARISE, ("model", "large")], 0, 2),
        (DURATION, &[WEATHER, SUCCESS], 1, 8),
        (DURATION, &[DATABASE, SUCCESS, ("range", "week")], 1, 4),
        (DURATION, &[DATABASE, SUCCESS, ("range", "month")], 0, 3),
        (DURATION, &[DATABASE, SUCCESS, ("range", "longer")], 0, 1),
        (DURATION, &[DATABASE, ERROR, ("range", "_OTHER")], 0, 1),
        (DURATION, &[REPORT, SUCCESS], 0, 8),
        (DURATION, &[REPORT, ERROR], 1, 1),
        (DURATION, &[SUMMARISE, SUCCESS, ("model", "small")], 0, 6),
        (DURATION, &[SUMMARISE, SUCCESS, ("model", "large")], 0, 2),
        (DURATION, &[SUMMARISE, ERROR, ("model", "small")], 0, 1),
        (
            ERRORS,
            &[DATABASE, ("error_type", "invalid_arguments")],
            0,
            1,
        ),
        (ERRORS, &[REPORT, ("error_type", "timeout")], 1, 1),
        (ERRORS, &[SUMMARISE, ("error_type", "too_long")], 0, 1),
        (ERRORS, &[DATABASE, ("error_type", "timeout")], 0, 0),
        (UNKNOWN, &[("kind", "tool")], 0, 1),
        (UNKNOWN, &[("kind", "method")], 0, 1),
    ]
};

/// The value of a series of the scraped text.
fn value(scraped: &[Series], name: &str, labels: &[(&str, &str)]) -> f64 {
    let found = scraped.iter().find(|series| {
        let has = |label: &(&str, &str)| series.labels.iter().any(|(k, v)| (&**k, &**v) == *label);
        series.name == name && series.labels.len() == labels.len() && labels.iter().all(has)
    });
    let found = found.unwrap_or_else(|| panic!("{name} {labels:?} is not there"));
    found.value
}

/// Scrapes until this is so.
fn scrape_until(demo: &Demo, what: &str, wanted: impl Fn(&[Series]) -> bool) -> Vec<Series> {
    let deadline = Instant::now() + BOUND;
    loop {
        let answer = get(demo.url("/metrics"));
        let (_, text) = answer.split_once("\r\n\r\n").expect("a body");
        let scraped = series(text);
        if wanted(&scraped) {
            return scraped;
        }
        assert!(Instant::now() < deadline, "no {what}:\n{text}");
    }
}

#[test]
fn each_round_has_the_same_of_every_outcome() {
    let demo = Demo::serve_with(&[FLAG], &[]);
    // The last request of a round.
    let rounds = |scraped: &[Series]| value(scraped, "mcp_unknown_total", &[("kind", "method")]);
    let scraped = scrape_until(&demo, "second round", |it| rounds(it) >= 2.0);
    let rounds = rounds(&scraped);
    for (name, labels, first, each) in COUNTS {
        let (first, each) = (f64::from(first), f64::from(each));
        let value = value(&scraped, name, labels);
        let at_least = first + rounds * each;
        // The next round may be under way.
        let counted = at_least..=at_least + each;
        assert!(counted.contains(&value), "{name} {labels:?}: {value}");
    }
    for model in ["small", "large"] {
        for token_type in ["input", "input_cache_read", "output"] {
            let labels = [
                ("tool_name", "summarise"),
                ("model", model),
                ("token_type", token_type),
            ];
            let tokens = value(&scraped, "mcp_tool_tokens_total", &labels);
            assert!(tokens > 0.0, "{labels:?}");
        }
    }

    // rmcp lets a call that was cancelled run on: it is counted when it has ended.
    let cancelled = [
        ("tool_name", "query_database"),
        ("range", "longer"),
        ("status", "cancelled"),
    ];
    let duration = "mcp_tool_invocation_duration_seconds_count";
    scrape_until(&demo, "cancelled call", |it| {
        value(it, duration, &cancelled) >= 1.0
    });
    // Each round is a session.
    scrape_until(&demo, "session's end", |scraped| {
        let name = "mcp_server_session_duration_seconds_count";
        let of = scraped.iter().filter(|series| series.name == name);
        of.fold(0.0, |sum, series| sum + series.value) >= 2.0
    });
    demo.interrupt();
    let demo = demo.wait();
    assert_eq!((demo.code, demo.stderr.as_str()), (Some(0), ""));
}

/// A record's text.
fn text(record: &LogRecord) -> Option<&str> {
    let AnyValue { value } = record.body.as_ref()?;
    match value.as_ref()? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

/// Asserts that the record is of a server's span of this name, which is in the agent's trace.
fn assert_of_call(collector: &mut Collector, record: &LogRecord, name: &str) {
    let id = &record.span_id;
    assert_eq!(record.trace_id.len(), 16, "{record:#?}");
    let call = collector.wait_for("span of the record", |span| span.span_id == *id);
    assert_eq!(call.span.trace_id, record.trace_id, "{record:#?}");
    assert_eq!(call.span.name, name);
    assert_eq!(call.span.kind(), SpanKind::Server);
    assert_eq!(call.service, "weather-demo");
    let trace = &record.trace_id;
    collector.wait_for("agent's span", |span| {
        span.trace_id == *trace && span.name == "invoke_agent weather-assistant"
    });
}

#[test]
fn logs_and_security_events_are_exported_and_nothing_undeclared() {
    let mut collector = Collector::start();
    let demo = Demo::serve_with(&[FLAG], &collector.environment());

    let line = collector.wait_for_record("log line", |record| {
        text(record) == Some("asking the archive")
    });
    let tool = attribute(&line.attributes, "gen_ai.tool.name");
    assert_eq!(tool, Some("query_database"), "{line:#?}");
    assert_of_call(&mut collector, &line, "tools/call query_database");
    let line = collector.wait_for_record("warning", |record| {
        text(record) == Some("the mail relay does not answer")
    });
    assert_eq!(line.severity_text, "WARN");
    assert_of_call(&mut collector, &line, "tools/call send_report");

    for (span, tool, error) in [
        ("tools/call get_weather", Some("get_weather"), None),
        (
            "tools/call query_database",
            Some("query_database"),
            Some("invalid_arguments"),
        ),
        (
            "tools/call query_database",
            Some("query_database"),
            Some("cancelled"),
        ),
        (
            "tools/call send_report",
            Some("send_report"),
            Some("timeout"),
        ),
        ("tools/call summarise", Some("summarise"), Some("too_long")),
        ("tools/call", Some("_OTHER"), Some("-32602")),
        ("_OTHER", None, Some("-32601")),
    ] {
        let event = collector.wait_for_record("security event", |record| {
            let value = |key| attribute(&record.attributes, key);
            value("event.category").is_some()
                && value("mcp.tool.name") == tool
                && value("error.kind") == error
        });
        let client = attribute(&event.attributes, "mcp.client.name");
        assert_eq!(client, Some("weather-assistant"), "{event:#?}");
        assert_of_call(&mut collector, &event, span);
    }

    demo.interrupt();
    let demo = demo.wait();
    assert_eq!((demo.code, demo.stderr.as_str()), (Some(0), ""));
    // What is looked for can be found: what is declared is there.
    assert!(collector.has_text(r#"{"city":"Porto"}"#));
    for text in UNDECLARED {
        assert!(!collector.has_text(text), "{text}");
    }
}

#[test]
fn without_traffic_nothing_more_is_called() {
    let demo = Demo::serve(&[]);
    let scraped = scrape_until(&demo, "metrics", |_| true);
    for (name, labels, first, _) in COUNTS {
        let value = value(&scraped, name, labels);
        assert!(value.total_cmp(&first.into()).is_eq(), "{name} {labels:?}");
    }
}
