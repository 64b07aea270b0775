//! `docs/migrate.md`.

use mcp_observe_tests::pages::Page;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;

use super::command::Command;
use super::seen::{assert_lines, spans};
use super::{command, curl};
use crate::collector::{Collector, hex};
use crate::session::{PARENT, TRACE};

fn guide() -> Page {
    Page::read("docs/migrate.md")
}

/// Before and after.
fn blocks(language: &str) -> [String; 2] {
    let blocks = guide().blocks_in(language);
    blocks.try_into().expect("a block before and one after")
}

#[test]
fn spans_are_those_of_the_guide_and_in_the_callers_trace() {
    let binaries = ["tickets-by-hand ", "tickets-migrated "];
    for (binary, expected) in binaries.into_iter().zip(blocks("text")) {
        let mut collector = Collector::start();
        let exporting = command(&guide(), |line| line.contains(binary));
        let ended = exporting.run(&collector.environment());
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        assert_eq!(spans(&mut collector), expected, "{binary}");
        let reply = collector.one(|span| span.name.ends_with(" send_reply"));
        let reply = reply.span.clone();
        assert_eq!(hex(&reply.trace_id), TRACE);
        assert_eq!(hex(&reply.parent_span_id), PARENT);
        assert_eq!(reply.kind(), SpanKind::Server);
        // The server's own span stays below the tool's.
        let relay = collector.one(|span| span.name == "relay");
        assert_eq!(relay.span.parent_span_id, reply.span_id);
        assert_eq!(relay.span.trace_id, reply.trace_id);
        assert_eq!(relay.service, "tickets");
    }
}

#[test]
fn metrics_are_those_of_the_guide() {
    let requests = curl::requests(&Page::read("docs/instrument.md"));
    let [call, scrape, ..] = requests.as_slice() else {
        panic!("{requests:#?}")
    };
    let binaries = ["tickets-by-hand", "tickets-migrated"];
    for (binary, expected) in binaries.into_iter().zip(blocks("prometheus")) {
        let line = format!("cargo run --bin {binary} -- --listen 127.0.0.1:8000");
        let (_server, address) = Command::read(&line).serve(&[]);
        call.send(address);
        let text = scrape.send(address).body;
        assert_lines(&expected, &text);
        // Nothing is counted twice.
        let by_hand = text.contains("tool_requests_total{");
        assert_eq!(by_hand, binary == "tickets-by-hand", "{text}");
    }
}
