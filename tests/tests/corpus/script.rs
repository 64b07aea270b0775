//! What happens in one file of the corpus: callers do things at given times, each of which is one
//! event, and of some it is said that an alert is due.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, StatusCode};
use mcp_observe::{HashKey, Telemetry};
use mcp_observe_tests::security::Lines;
use mcp_observe_tests::session::VERSION;
use mcp_observe_tests::wire::request;
use opentelemetry_sdk::trace::SdkTracerProvider;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::runtime::{self, Runtime};
use tower_service::Service as _;

use crate::caller::Caller;
use crate::office::{self, EXPIRED, FORBIDDEN};

/// Midnight of Monday, 2 November 2026, UTC: the first day of every file.
const MONDAY: Duration = Duration::from_secs(1_793_577_600);

/// Key of the hashes of unknown names, in every file.
const HASH_KEY: HashKey = HashKey::new(*b"the corpus's key");

/// A file in the making.
pub(crate) struct Script {
    runtime: Runtime,
    router: Router,
    telemetry: Telemetry,
    log: Lines,
    /// What the security log's clock says: microseconds since the epoch.
    clock: Arc<AtomicU64>,
    events: usize,
    scenes: Vec<Scene>,
    alerts: Vec<Alert>,
}

/// What came of it.
pub(crate) struct Outcome {
    /// As the emitter wrote them.
    pub(crate) lines: String,
    pub(crate) scenes: Vec<Scene>,
    pub(crate) alerts: Vec<Alert>,
}

/// A part of a file, up to the next one.
pub(crate) struct Scene {
    /// Its first line, counted from 1.
    pub(crate) line: usize,
    pub(crate) shows: &'static str,
}

/// An alert that is due as soon as this line is read, and not before.
#[derive(Serialize)]
pub(crate) struct Alert {
    /// Counted from 1.
    pub(crate) line: usize,
    /// Whom or what it is about, under the keys of events.
    pub(crate) key: BTreeMap<&'static str, String>,
}

impl Script {
    /// Plays a script: on a server of its own, in the one thread, at the times that it says.
    pub(crate) fn play(script: fn(&mut Self)) -> Outcome {
        let mut it = Self::new();
        script(&mut it);
        let lines = it.log.text(&it.telemetry);
        assert_eq!(lines.lines().count(), it.events, "one event each");
        Outcome {
            lines,
            scenes: it.scenes,
            alerts: it.alerts,
        }
    }

    fn new() -> Self {
        let clock = Arc::new(AtomicU64::new(0));
        let log = Lines::default();
        let now = Arc::clone(&clock);
        let telemetry = Telemetry::builder()
            .tracer_provider(&SdkTracerProvider::builder().build())
            .security_log(
                log.builder()
                    .hash_key(HASH_KEY)
                    .clock(move || UNIX_EPOCH + Duration::from_micros(now.load(Ordering::SeqCst))),
            )
            .build()
            .expect("the instance can be made");
        let mut script = Self {
            runtime: runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime"),
            router: office::router(&telemetry),
            telemetry,
            log,
            clock,
            events: 0,
            scenes: Vec::new(),
            alerts: Vec::new(),
        };
        script.at(0, "00:00:00");
        script
    }

    /// A new scene begins.
    pub(crate) fn scene(&mut self, shows: &'static str) {
        let line = self.events + 1;
        self.scenes.push(Scene { line, shows });
    }

    /// It is that time of day, `days` after Monday.
    pub(crate) fn at(&mut self, days: u32, time: &str) {
        let parts: Vec<u64> = time
            .split(':')
            .map(|part| part.parse().expect("a number"))
            .collect();
        let [hours, minutes, seconds] = parts[..] else {
            panic!("{time} is no time of day");
        };
        let seconds = u64::from(days) * 86_400 + hours * 3_600 + minutes * 60 + seconds;
        let micros = (MONDAY + Duration::from_secs(seconds)).as_micros();
        let micros = u64::try_from(micros).expect("it fits");
        let before = self.clock.swap(micros, Ordering::SeqCst);
        assert!(before <= micros, "{time} is over");
    }

    /// Time passes.
    pub(crate) fn wait(&mut self, seconds: u64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// A user, or someone with one of [`office`]'s tokens, opens a session, which is no event.
    pub(crate) fn connect(&mut self, user: &'static str, address: &str) -> Caller {
        self.connect_with(user, address, "desk/1.0")
    }

    /// The same with a client that calls itself `client`.
    pub(crate) fn connect_with(
        &mut self,
        user: &'static str,
        address: &str,
        client: &str,
    ) -> Caller {
        let caller = Caller::new(user, address);
        let params = json!({
            "protocolVersion": VERSION,
            "capabilities": {},
            "clientInfo": { "name": client, "version": "1" },
        });
        let (status, session, _) = self.post(&caller, &request(0, "initialize", &params));
        assert_eq!(status, StatusCode::OK);
        let caller = caller.in_session(session.expect("a session"));
        let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        let (status, ..) = self.post(&caller, &initialized);
        assert_eq!(status, StatusCode::ACCEPTED);
        caller
    }

    /// The tool is called and does what it should.
    pub(crate) fn call(&mut self, caller: &Caller, tool: &str) {
        let answer = self.ask_for(caller, tool, &json!({ "fail": false }));
        assert_eq!(answer["result"]["isError"], false, "{tool}: {answer}");
    }

    /// The tool is called and fails.
    pub(crate) fn fail(&mut self, caller: &Caller, tool: &str) {
        let answer = self.ask_for(caller, tool, &json!({ "fail": true }));
        assert_eq!(answer["result"]["isError"], true, "{tool}: {answer}");
    }

    /// A tool is called that there is not.
    pub(crate) fn guess_tool(&mut self, caller: &Caller, tool: &str) {
        let answer = self.ask_for(caller, tool, &json!({}));
        assert!(answer["error"]["code"].is_i64(), "{tool}: {answer}");
    }

    /// A method is called that there is not.
    pub(crate) fn guess_method(&mut self, caller: &Caller, method: &str) {
        let (_, _, answer) = self.post(caller, &request(1, method, &json!({})));
        assert!(answer["error"]["code"].is_i64(), "{method}: {answer}");
        self.events += 1;
    }

    /// A tool is called, in the caller's session if it has one, with a token that has expired: 401.
    pub(crate) fn expired(&mut self, caller: &Caller) {
        self.shut_out(caller, EXPIRED, StatusCode::UNAUTHORIZED);
    }

    /// The same with a token that does not allow it: 403.
    pub(crate) fn forbidden(&mut self, caller: &Caller) {
        self.shut_out(caller, FORBIDDEN, StatusCode::FORBIDDEN);
    }

    /// The stream of the caller's session is asked for with a token that has expired: 401 as well, but
    /// to no message.
    pub(crate) fn expired_stream(&mut self, caller: &Caller) {
        let (status, ..) = self.send(caller.with_token(EXPIRED).get());
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        self.events += 1;
    }

    /// The event that has just been is the one at which an alert is due, for this key.
    pub(crate) fn alert<const N: usize>(&mut self, key: [(&'static str, &str); N]) {
        let key = key.map(|(name, value)| (name, value.to_owned()));
        self.alerts.push(Alert {
            line: self.events,
            key: key.into(),
        });
    }

    fn shut_out(&mut self, caller: &Caller, token: &'static str, expected: StatusCode) {
        let caller = caller.with_token(token);
        let params = json!({ "name": "search", "arguments": { "fail": false } });
        let (status, ..) = self.post(&caller, &request(1, "tools/call", &params));
        assert_eq!(status, expected);
        self.events += 1;
    }

    fn ask_for(&mut self, caller: &Caller, tool: &str, arguments: &Value) -> Value {
        let params = json!({ "name": tool, "arguments": arguments });
        let (status, _, answer) = self.post(caller, &request(1, "tools/call", &params));
        assert_eq!(status, StatusCode::OK, "{tool}: {answer}");
        self.events += 1;
        answer
    }

    /// Posts a message; returns the status, the session that was opened, and the answer.
    fn post(&mut self, caller: &Caller, message: &Value) -> (StatusCode, Option<String>, Value) {
        self.send(caller.post(message))
    }

    fn send(&mut self, request: Request<Body>) -> (StatusCode, Option<String>, Value) {
        self.runtime.block_on(async {
            let Ok(response) = self.router.call(request).await;
            let (head, body) = response.into_parts();
            let session = head.headers.get("mcp-session-id");
            let session = session.map(|id| id.to_str().expect("a readable id").to_owned());
            let body = to_bytes(body, usize::MAX).await.expect("a body");
            let body = String::from_utf8(body.into()).expect("text");
            let answers = body.lines().map(|line| line.trim_start_matches("data:"));
            let mut answers = answers.filter_map(|data| serde_json::from_str(data).ok());
            let answer = answers.next_back().unwrap_or(Value::Null);
            (head.status, session, answer)
        })
    }
}
