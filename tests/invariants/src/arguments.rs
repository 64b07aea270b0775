//! Arguments of a tool, which may be any JSON: what is declared of them is on the span as declared, within
//! the bound, and nothing else of them is anywhere; and the answer is the one that the tool gives alone.

mod booking;

use std::io;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use mcp_observe::logs::Logs;
use mcp_observe::rmcp::Observed;
use opentelemetry_sdk::trace::SpanData;
use rmcp::ServerHandler;
use rmcp::model::CallToolRequestParams;
use serde_json::{Map, Value};

use crate::exported::{Instance, assert_clean};
use crate::request::{context, ready};
use crate::security_event;
use booking::Tools;

/// Bytes that recorded arguments may have: the default, and the least.
const LIMITS: [usize; 2] = [4_096, 64];

/// How deep what is recorded nests.
const DEPTH: usize = 16;

/// Reads the input as a JSON object, in which canaries are planted.
///
/// # Panics
/// If the invariant does not hold.
pub fn hold(input: &[u8]) {
    if let Ok(arguments) = serde_json::from_slice(input) {
        check(arguments);
    }
}

/// Plants canaries in what may not be seen of these arguments.
///
/// # Panics
/// If one of them gets out, or the rest is not seen as it is declared.
pub fn check(arguments: Map<String, Value>) {
    static SERVERS: LazyLock<Mutex<[Server; 2]>> =
        LazyLock::new(|| Mutex::new(LIMITS.map(Server::new)));
    let servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    let planted = booking::planted(arguments);
    let alone = answer(&Tools::default(), &planted);
    for server in &*servers {
        assert_eq!(answer(&server.observed, &planted), alone);
        let seen = server.exported();
        match (&seen, booking::recorded(&planted)) {
            (Some(seen), Some(expected)) => server.assert_recorded(seen, &expected),
            (seen, expected) => assert_eq!(seen.as_deref(), expected.as_ref().map(|_| "it ran")),
        }
    }
}

/// What the tool answers, as text.
fn answer(handler: &impl ServerHandler, arguments: &Map<String, Value>) -> String {
    let request = CallToolRequestParams::new("book").with_arguments(arguments.clone());
    format!("{:?}", ready(handler.call_tool(request, context())))
}

struct Server {
    limit: usize,
    instance: Instance,
    observed: Observed<Tools>,
    log: Written,
}

impl Server {
    fn new(limit: usize) -> Self {
        let instance =
            Instance::logged(|builder| builder.capture_content(true).content_limit(limit));
        let observed = Observed::builder(Tools::default()).telemetry(&instance.telemetry);
        let log = Written::default();
        let writer = log.clone();
        // One process has one log: the first server's.
        let _ = Logs::json()
            .directives("info,mcp_observe=trace")
            .writer(move || writer.clone())
            .init(&instance.telemetry);
        Self {
            limit,
            observed: observed.build(),
            instance,
            log,
        }
    }

    /// The recorded arguments of the one call, if it ran; there is no canary in anything of it.
    fn exported(&self) -> Option<String> {
        let spans = self.instance.spans();
        let [span] = &spans[..] else {
            panic!("one call, one span: {spans:?}");
        };
        let lines = self.instance.lines();
        let scraped = self.instance.telemetry.prometheus_text();
        let log = self.log.take();
        assert_clean(&format!("{span:?}\n{lines:?}\n{scraped}\n{log}"));
        for line in &lines {
            let _as_the_schema_says = security_event::event(line);
        }
        assert_eq!(lines.len(), 1, "one call, one event: {lines:?}");
        attribute(span, "gen_ai.tool.call.arguments")
    }

    fn assert_recorded(&self, seen: &str, expected: &Value) {
        assert!(seen.len() <= self.limit, "{} bytes", seen.len());
        let parsed: Value = serde_json::from_str(seen).expect("JSON");
        assert!(parsed.is_object(), "{seen}");
        // With room for all of it nothing is left out.
        if expected.to_string().len() < self.limit && booking::depth(expected) <= DEPTH {
            assert_eq!(booking::hashes_blanked(parsed), *expected);
        }
    }
}

fn attribute(span: &SpanData, key: &str) -> Option<String> {
    let found = span.attributes.iter().find(|it| it.key.as_str() == key);
    found.map(|it| it.value.as_str().into_owned())
}

/// Log lines, kept until they are taken.
#[derive(Debug, Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().expect("not poisoned")
    }

    fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.bytes());
        String::from_utf8(bytes).expect("text")
    }
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
