//! All that comes out of the process under test: what it sends to a receiver, and what it prints.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::Uri;
use tokio::process::Command;

use super::canary::occurrences;

/// Where the receiver gets traces, metrics and logs: OTLP's paths.
const TRACES: &str = "/v1/traces";
const METRICS: &str = "/v1/metrics";
const LOGS: &str = "/v1/logs";
/// Where the process hands over what others would scrape or read.
pub(crate) const PROMETHEUS: &str = "/sink/prometheus-text";
pub(crate) const METRICS_ROUTE: &str = "/sink/metrics-route";
pub(crate) const OWN_EVENTS: &str = "/sink/own-events-at-trace";
pub(crate) const SECURITY_LOG: &str = "/sink/security-log";
/// The log, as it is set up by default.
const STDERR: &str = "stderr";
const STDOUT: &str = "stdout";

/// The content of each sink.
pub(crate) struct Sinks(BTreeMap<String, Vec<u8>>);

impl Sinks {
    /// Runs a session in a process of its own: the standard variables say where it exports to, and one
    /// process has one log.
    pub(crate) async fn of_session(format: &str, records: bool) -> Self {
        let all = Arc::new(Mutex::new(BTreeMap::<String, Vec<u8>>::new()));
        let sinks = Arc::clone(&all);
        let receiver = Router::new()
            .fallback(move |uri: Uri, body: Bytes| async move {
                let mut sinks = sinks.lock().expect("not poisoned");
                sinks
                    .entry(uri.path().to_owned())
                    .or_default()
                    .extend(&body);
            })
            .layer(DefaultBodyLimit::disable());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let serving = tokio::spawn(async { axum::serve(listener, receiver).await });

        let mut command = Command::new(std::env::current_exe().expect("this test"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OTEL_")) {
            command.env_remove(name);
        }
        let session = command
            .args(["--exact", "session::session", "--ignored", "--nocapture"])
            .env_remove("RUST_LOG")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{address}"))
            // All of it is known before the process ends.
            .env("OTEL_BSP_MAX_QUEUE_SIZE", "100000")
            // A variable that is not as it should be: something to log for this project.
            .env("OTEL_LOGS_EXPORTER", "otlp,pigeon")
            .env(super::session::FORMAT, format)
            .env(super::session::RECORDS, records.to_string())
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let output = tokio::time::timeout(Duration::from_secs(120), session)
            .await
            .expect("the session ends")
            .expect("it starts");
        serving.abort();

        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(
            output.status.success(),
            "{}\n{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        let mut sinks = all.lock().expect("not poisoned").clone();
        sinks.insert(STDOUT.to_owned(), output.stdout);
        sinks.insert(STDERR.to_owned(), output.stderr);
        Self(sinks)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, bytes)| (&**name, &**bytes))
    }

    /// Each sink has what it should have, in a form in which it can be searched.
    pub(crate) fn assert_live(&self) {
        for (sink, expected) in [
            (TRACES, "tools/call of_string"),
            (TRACES, "execute_tool inner"),
            // The older name, which is a switch.
            (TRACES, "mcp.tool.name"),
            (METRICS, "mcp.tool.invocation.duration"),
            (METRICS, "of_string"),
            (LOGS, "a line of the tool's"),
            (STDERR, "a line of the tool's"),
            (STDERR, "names \"pigeon\""),
            (PROMETHEUS, "mcp_tool_calls_total"),
            (METRICS_ROUTE, "mcp_tool_calls_total"),
            (OWN_EVENTS, "pigeon"),
            (SECURITY_LOG, "\"mcp.tool.name\":\"of_string\""),
            (SECURITY_LOG, "mcp.unknown.hash"),
            (LOGS, "mcp.unknown.hash"),
        ] {
            let bytes = self.0.get(sink).map(Vec::as_slice).unwrap_or_default();
            // In a line of JSON, quotes are escaped.
            let escaped = expected.replace('"', "\\\"");
            let found = occurrences(bytes, expected.as_bytes()).len()
                + occurrences(bytes, escaped.as_bytes()).len();
            assert!(found > 0, "no {expected:?} in {sink}");
        }
        super::tools::assert_reached(&String::from_utf8_lossy(&self.0[PROMETHEUS]));
    }

    /// Takes `text` out of the values that spans have for `attribute`; returns how often.
    pub(crate) fn take_out(&mut self, attribute: &str, text: &str) -> usize {
        self.take_out_of(TRACES, attribute, text)
    }

    /// Takes `text` out of what the security log has for `key`, as lines and as OTLP logs; returns how
    /// often it was in the one that has it less.
    pub(crate) fn take_out_of_events(&mut self, key: &str, text: &str) -> usize {
        let taken = [SECURITY_LOG, LOGS].map(|sink| self.take_out_of_lines(sink, key, text));
        let [in_lines, in_bodies] = taken;
        in_lines
            .min(in_bodies)
            .min(self.take_out_of(LOGS, key, text))
    }

    fn take_out_of_lines(&mut self, sink: &str, key: &str, text: &str) -> usize {
        let bytes = self.0.get_mut(sink).expect("there are events");
        let start = format!("\"{key}\":\"");
        let mut taken = 0;
        for at in occurrences(bytes, start.as_bytes()) {
            let value = at + start.len();
            let length = occurrences(&bytes[value..], b"\",\"")[0];
            taken += blank(&mut bytes[value..value + length], text);
        }
        taken
    }

    fn take_out_of(&mut self, sink: &str, attribute: &str, text: &str) -> usize {
        let bytes = self.0.get_mut(sink).expect("it was exported");
        // As protobuf has it: field 1, the key; field 2, the value, whose field 1 is a string.
        let length = u8::try_from(attribute.len()).expect("a short name");
        let start = [&[0x0A, length], attribute.as_bytes(), &[0x12]].concat();
        let mut taken = 0;
        for at in occurrences(bytes, &start) {
            let (length, value) = read_length(bytes, at + start.len());
            taken += blank(&mut bytes[value..value + length], text);
        }
        taken
    }

    /// Takes the secret out of the caller's `tracestate`, of spans that handed it on.
    pub(crate) fn take_out_trace_state(&mut self, text: &str) {
        let bytes = self.0.get_mut(TRACES).expect("there are traces");
        let state = trace_state(text);
        let length = u8::try_from(state.len()).expect("a short one");
        // Field 3 of a span.
        let field = [&[0x1A, length], state.as_bytes()].concat();
        let found = occurrences(bytes, &field);
        assert!(!found.is_empty(), "it is handed on");
        for at in found {
            blank(&mut bytes[at..at + field.len()], text);
        }
    }
}

/// A `tracestate` with a secret.
pub(crate) fn trace_state(text: &str) -> String {
    format!("vendor={text}")
}

/// A length as protobuf writes it, and where it ends.
fn read_length(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let mut length = 0;
    for shift in (0..).step_by(7) {
        let byte = usize::from(bytes[at]);
        length |= (byte & 0x7F) << shift;
        at += 1;
        if byte < 0x80 {
            break;
        }
    }
    (length, at)
}

fn blank(bytes: &mut [u8], text: &str) -> usize {
    let found = occurrences(bytes, text.as_bytes());
    for at in &found {
        bytes[*at..*at + text.len()].fill(b'x');
    }
    found.len()
}
