//! The weather server over stdio.

mod clients;
#[cfg(unix)]
mod ending;
mod flags;
mod security_log;
mod stdout;

use serde_json::{Value, json};

use crate::process::Program;
use crate::session::{self, ask, call, request, tell};

pub(crate) const SERVER: &str = env!("CARGO_BIN_EXE_stdio");

/// Starts the server.
fn start(environment: &[(&str, &str)]) -> Program {
    Program::start(SERVER, &[], environment)
}

/// A session with everything in it that a client may do to this server, right and wrong, one message
/// at a time. Its answers are in the order of its requests.
fn whole_session(server: &mut Program) -> Vec<Value> {
    let mut answers = vec![session::open(server)];
    tell(
        server,
        &json!({ "jsonrpc": "2.0", "method": "notifications/none_of_this_name" }),
    );
    let requests = [
        request(1, "ping", json!({})),
        request(2, "tools/list", json!({})),
        call(3, "get_weather", json!({ "city": "Porto" })),
        call(4, "query_database", json!({ "city": "Porto", "days": 3 })),
        call(
            5,
            "send_report",
            json!({ "to": "a@example.net", "text": "" }),
        ),
        call(
            6,
            "query_database",
            json!({ "city": "Porto", "days": "three" }),
        ),
        call(7, "no_such_tool", json!({})),
        request(8, "no/such/method", json!({})),
        request(9, "prompts/list", json!({})),
        request(10, "tools/call", json!({ "nameless": true })),
    ];
    answers.extend(requests.iter().map(|request| ask(server, request)));
    answers
}
