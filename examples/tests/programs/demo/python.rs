//! Traces of another SDK's client go on in the server.

use crate::collector::Collector;
use crate::demo::child::Demo;
use crate::python;

#[test]
fn the_current_protocol() {
    assert_traces_go_on("auto", "2026-07-28");
}

#[test]
fn the_protocol_with_sessions() {
    assert_traces_go_on("legacy", "2025-11-25");
}

fn assert_traces_go_on(mode: &str, version: &str) {
    let mut collector = Collector::start();
    let demo = Demo::serve(&collector.environment());
    let session = python::call_tools(demo.url("/mcp"), mode, &[]);
    python::assert_traces_go_on(&session, version, &mut collector);
}
