//! The end of `docs/instrument.md`: what was finished is exported.

use mcp_observe_tests::pages::Page;

use super::command::Command;
use super::curl;
use crate::collector::Collector;
use crate::process::BOUND;

#[test]
fn sigterm_loses_no_span() {
    let mut collector = Collector::start();
    let [endpoint, _] = collector.environment();
    // By themselves, spans would not be exported before the test is over.
    let delay = (BOUND * 10).as_millis().to_string();
    let environment = [endpoint, ("OTEL_BSP_SCHEDULE_DELAY", delay.as_str())];
    for name in ["tickets", "tickets-migrated"] {
        let line = format!("cargo run --bin {name} -- --listen 127.0.0.1:8000");
        let (server, address) = Command::read(&line).serve(&environment);
        curl::requests(&Page::read("docs/instrument.md"))[0].send(address);
        server.signal("TERM");
        let ended = server.wait();
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{name}");
    }
    let calls = collector.arrived().iter();
    let calls = calls.filter(|it| it.span.name == "tools/call read_ticket");
    assert_eq!(calls.count(), 2);
}
