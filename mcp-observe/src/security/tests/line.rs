//! The line of an event.

use std::net::IpAddr;
use std::time::Duration;

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};

use super::{BOUND, Written, call, record, telemetry};
use crate::closed::{Method, RpcCode};
use crate::error_class::ErrorClass;
use crate::operation::outcome::Status;
use crate::security::{Category, Event, SecurityLog, SpanRef, Tags};
use crate::{HashKey, Telemetry};

fn line(event: &Event<'_>) -> String {
    let written = Written::default();
    let telemetry = telemetry(SecurityLog::builder().writer(written.clone()));
    record(&telemetry, event);
    telemetry.flush(BOUND).expect("it can be written");
    written.text()
}

#[test]
fn every_key_stands_in_its_place() {
    let context = SpanContext::new(
        TraceId::from_hex("0af7651916cd43dd8448eb211c80319c").expect("hex"),
        SpanId::from_hex("00f067aa0ba902b7").expect("hex"),
        TraceFlags::NOT_SAMPLED,
        false,
        TraceState::NONE,
    );
    let log = SecurityLog::builder().hash_key(HashKey::new([7; 16]));
    let hash = telemetry(log)
        .security_log()
        .expect("there is one")
        .hash_unknown("rm_rf");
    let event = Event {
        category: Category::ToolCall,
        method: Some(Method::TOOLS_CALL),
        tool: Some("send_report"),
        tags: Tags::SENSITIVE.with(Tags::SOURCE),
        unknown: Some(hash),
        subject: Some("alice"),
        session: Some("5f3c"),
        client_name: Some("agent"),
        client_ip: Some("::ffff:192.0.2.7".parse::<IpAddr>().expect("an address")),
        http_status: 500,
        duration: Duration::from_nanos(12_034_567),
        status: Status::Error,
        error: Some(ErrorClass::TOOL_ERROR),
        message: Some("it \"failed\""),
        trace: SpanRef::of(&context),
    };
    assert_eq!(
        line(&event),
        concat!(
            r#"{"timestamp":"2026-11-24T20:57:13.012345Z","schema.version":"1.0","#,
            r#""event.category":"mcp.tool_call","mcp.method.name":"tools/call","#,
            r#""mcp.tool.name":"send_report","mcp.tool.tags":["source","sensitive"],"#,
            r#""mcp.unknown.hash":"HASH","usr.id":"alice","mcp.session.id":"5f3c","#,
            r#""mcp.client.name":"agent","network.client.ip":"192.0.2.7","#,
            r#""http.status":500,"duration_ms":12.034,"status":"error","#,
            r#""error.kind":"tool_error","error.message":"it \"failed\"","#,
            r#""trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"00f067aa0ba902b7"}"#,
            "\n"
        )
        .replace("HASH", &hash.to_string())
    );
}

#[test]
fn what_is_not_known_is_not_there() {
    assert_eq!(
        line(&Event::new(Category::Auth, 401, Status::Error)),
        concat!(
            r#"{"timestamp":"2026-11-24T20:57:13.012345Z","schema.version":"1.0","#,
            r#""event.category":"mcp.auth","http.status":401,"duration_ms":0.000,"status":"error"}"#,
            "\n"
        )
    );
    assert!(SpanRef::of(&SpanContext::NONE).is_none());
}

#[test]
fn hashes_of_unknown_names_tell_them_apart_and_depend_on_the_key() {
    let hashes = |log| {
        let telemetry: Telemetry = telemetry(log);
        let log = telemetry.security_log().expect("there is one");
        ["a", "a", "b"].map(|name| log.hash_unknown(name).to_string())
    };
    let keyed = || SecurityLog::builder().hash_key(HashKey::new([1; 16]));
    let [first, again, other] = hashes(keyed());
    assert_eq!(first, again);
    assert_ne!(first, other);
    assert_eq!(first.len(), 16);
    assert_eq!(hashes(keyed())[0], first, "the key is the same");
    assert_ne!(
        hashes(SecurityLog::builder())[0],
        first,
        "the key is random"
    );
}

/// A clock of the user's may say anything, and may panic.
#[test]
fn a_clock_that_is_wrong_harms_nothing() {
    use std::time::SystemTime;
    let clocks: [fn() -> SystemTime; 3] = [
        || panic!("no time"),
        || SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 60),
        || SystemTime::UNIX_EPOCH - Duration::from_secs(1),
    ];
    for clock in clocks {
        let written = Written::default();
        let log = SecurityLog::builder().writer(written.clone()).clock(clock);
        let telemetry = Telemetry::builder()
            .security_log(log)
            .build()
            .expect("it can be made");
        record(&telemetry, &call("a"));
        telemetry.flush(BOUND).expect("it can be written");
        assert_eq!(written.tools(), ["a"]);
    }
}

#[test]
fn classes_and_statuses_are_those_of_the_outcome() {
    let event = |error| Event {
        error: Some(error),
        ..Event::new(Category::Request, 404, Status::Error)
    };
    let unknown = line(&event(ErrorClass::of_code(RpcCode(-32601))));
    assert!(unknown.contains(r#""error.kind":"-32601""#), "{unknown}");
}
