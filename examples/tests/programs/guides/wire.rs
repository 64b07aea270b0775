//! Whatever is around the tools, clients are answered the same.

use mcp_observe_tests::pages::Page;
use serde_json::Value;

use super::command::Command;
use super::curl;
use super::seen::sorted;
use crate::collector;

const BINARIES: [&str; 4] = [
    "tickets-plain",
    "tickets",
    "tickets-by-hand",
    "tickets-migrated",
];

#[test]
fn over_stdio() {
    let session = |name: &str, environment: &[(&str, &str)]| {
        let line = format!("cargo run --bin {name} < examples/src/tickets/session.jsonl");
        let ended = Command::read(&line).run(environment);
        assert_eq!(ended.code, Some(0), "{name}: {ended:#?}");
        ended.stdout
    };
    let plain = session("tickets-plain", &[]);
    let ids: Vec<Value> = sorted(&plain)
        .into_iter()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["id"].take())
        .collect();
    assert_eq!(ids, [0, 1, 2, 3, 4, 5]);
    for name in BINARIES {
        assert_eq!(sorted(&session(name, &[])), sorted(&plain), "{name}");
    }
    // With a collector that is down.
    let (closed, endpoint) = collector::mute();
    drop(closed);
    let down = session("tickets", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]);
    assert_eq!(sorted(&down), sorted(&plain));
}

#[test]
fn over_http() {
    let requests = curl::requests(&Page::read("docs/instrument.md"));
    let [call, _, wrong] = requests.as_slice() else {
        panic!("{requests:#?}")
    };
    let answers = BINARIES.map(|name| {
        let line = format!("cargo run --bin {name} -- --listen 127.0.0.1:8000");
        let (_server, address) = Command::read(&line).serve(&[]);
        [call.send(address), wrong.send(address)].map(|it| (it.status, it.body))
    });
    let [plain, observed @ ..] = &answers;
    assert_eq!(plain[0].0, 200, "{plain:?}");
    assert!(plain[0].1.contains("grace@example.com"), "{plain:?}");
    assert_eq!(plain[1].0, 406, "{plain:?}");
    for answers in observed {
        assert_eq!(answers, plain);
    }
}
