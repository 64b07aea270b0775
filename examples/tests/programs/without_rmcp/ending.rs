//! A signal ends the call that is under way, and what it recorded has arrived before it is gone.

use serde_json::json;

use super::start;
use crate::collector::{Collector, attribute, hex};
use crate::session::{self, TRACE, ask, call, tell};

#[test]
fn at_sigterm() {
    assert_flushed("TERM");
}

#[test]
fn at_ctrl_c() {
    assert_flushed("INT");
}

fn assert_flushed(signal: &str) {
    let mut collector = Collector::start();
    let [endpoint, _] = collector.environment();
    // Metrics alone are exported often: they tell when the call is under way.
    let mut server = start(&[endpoint, ("OTEL_METRIC_EXPORT_INTERVAL", "50")]);
    session::open(&mut server);
    ask(&mut server, &call(1, "add", json!({ "a": 1, "b": 2 })));
    let forever = json!({ "seconds": 1_000_000, "limit": 1_000_000 });
    tell(&mut server, &call(2, "pause", forever));
    let pause = ("tool_name", "pause");
    collector.wait_for_value(1.0, "mcp.tool.active", &[pause]);
    server.signal(signal);
    let server = server.wait();
    assert_eq!((server.code, server.stderr.as_str()), (Some(0), ""));
    assert_eq!(server.stdout.lines().count(), 2, "{server:#?}");

    let span = &collector.one(|span| span.name == "tools/call pause").span;
    assert_eq!(hex(&span.trace_id), TRACE, "{span:#?}");
    let error_type = attribute(&span.attributes, "error.type");
    assert_eq!(error_type, Some("cancelled"), "{span:#?}");
    collector.one(|span| span.name == "tools/call add");

    assert_eq!(collector.last("mcp.tool.calls", &[pause]), Some(1.0));
    assert_eq!(collector.last("mcp.tool.active", &[pause]), Some(0.0));
    let cancelled = [pause, ("status", "cancelled")];
    let durations = collector.last("mcp.tool.invocation.duration", &cancelled);
    assert_eq!(durations, Some(1.0));
}
