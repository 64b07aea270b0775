//! A client over a pipe in memory that keeps many messages under way at once, and compares every answer
//! with the one that the bare handler gives.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use mcp_observe_tests::wire::initialize;
use rmcp::{ServerHandler, ServiceExt};
use serde_json::Value;
use tokio::io::{
    AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf,
};

use crate::kind::{Kind, Revision};
use crate::latency::Latencies;
use crate::server::Server;

/// An answer that does not come within this time will not come, on a machine however busy.
const PATIENCE: Duration = Duration::from_secs(60);
/// Where the id stands in a message made by `serde_json`.
const ID: &str = r#""id":0"#;
const CAUGHT: &str = r#"{"jsonrpc":"2.0","id":0,"error":{"code":-32603,"message":"the handler of this request panicked"}}"#;

/// What is sent, and what has to be answered: taken from the handler without any telemetry around it.
#[derive(Debug, Clone)]
pub struct Script {
    messages: BTreeMap<Kind, (String, Option<String>)>,
    revision: Revision,
}

impl Script {
    /// Asks the bare handler everything once.
    pub async fn of_bare_server(revision: Revision) -> Self {
        let mut bare = Pipe::open(Server::default(), revision).await;
        Self::of(&mut bare, revision, &Kind::ALL).await
    }

    /// Asks the server at the other end of the pipe each of these once.
    pub async fn of(pipe: &mut Pipe, revision: Revision, kinds: &[Kind]) -> Self {
        let mut messages = BTreeMap::new();
        for kind in kinds {
            let message = kind.message(revision, 0);
            let answer = match kind {
                // The bare handler does not answer; this is `catch_panics`.
                Kind::Panicked => Some(CAUGHT.to_owned()),
                kind if kind.is_answered() => {
                    pipe.send(&message).await;
                    Some(pipe.line().await)
                }
                _ => None,
            };
            messages.insert(*kind, (message, answer));
        }
        Self { messages, revision }
    }
}

/// One end of the pipe, with a server at the other.
#[derive(Debug)]
pub struct Pipe {
    output: Lines<BufReader<ReadHalf<DuplexStream>>>,
    input: WriteHalf<DuplexStream>,
    next_id: u64,
}

impl Pipe {
    /// Serves the handler to a client that has initialised, if its revision has that, with request id 0.
    pub async fn open(handler: impl ServerHandler, revision: Revision) -> Self {
        let (server, client) = tokio::io::duplex(1 << 16);
        tokio::spawn(async move {
            if let Ok(running) = handler.serve(server).await {
                let _ = running.waiting().await;
            }
        });
        let (output, input) = tokio::io::split(client);
        let mut pipe = Self {
            output: BufReader::new(output).lines(),
            input,
            next_id: 1,
        };
        if revision == Revision::Legacy {
            pipe.send(&initialize("2025-11-25").to_string()).await;
            pipe.line().await;
            pipe.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
                .await;
        }
        pipe
    }

    /// Sends a line.
    ///
    /// # Panics
    /// If the server has gone.
    pub async fn send(&mut self, message: &str) {
        self.write(&format!("{message}\n")).await;
    }

    async fn write(&mut self, lines: &str) {
        let written = self.input.write_all(lines.as_bytes()).await;
        written.expect("the server listens");
    }

    /// The next line.
    ///
    /// # Panics
    /// If none comes.
    pub async fn line(&mut self) -> String {
        let line = tokio::time::timeout(PATIENCE, self.output.next_line()).await;
        let line = line.expect("the server answers").expect("the pipe holds");
        line.expect("the server is still there")
    }

    /// Sends these requests at once, and waits for as many answers, whatever they say.
    pub async fn flood(&mut self, requests: impl Iterator<Item = String>) {
        let mut lines = String::new();
        let mut awaited = 0;
        for request in requests {
            lines.push_str(&request);
            lines.push('\n');
            awaited += 1;
        }
        self.write(&lines).await;
        for _ in 0..awaited {
            self.line().await;
        }
    }

    /// Sends these messages at once, and waits for all answers, each of which must be the bare handler's.
    /// Adds how long each took.
    ///
    /// # Panics
    /// If an answer is another one, or does not come.
    pub async fn exchange(&mut self, script: &Script, kinds: &[Kind], latencies: &mut Latencies) {
        let mut lines = String::new();
        let mut awaited = HashMap::new();
        for kind in kinds {
            let (message, answer) = &script.messages[kind];
            let id = self.next_id;
            self.next_id += 1;
            lines.push_str(&message.replacen(ID, &format!(r#""id":{id}"#), 1));
            lines.push('\n');
            if let Some(answer) = answer {
                awaited.insert(id, answer);
            }
            if *kind == Kind::Cancelled {
                lines.push_str(&cancel(script.revision, id));
                lines.push('\n');
            }
        }
        let sent = Instant::now();
        self.write(&lines).await;
        while !awaited.is_empty() {
            let line = self.line().await;
            latencies.add(sent.elapsed());
            let id = id_of(&line);
            let expected = awaited.remove(&id).expect("it was asked for");
            let found = line.replacen(&format!(r#""id":{id}"#), ID, 1);
            assert_eq!(found, *expected, "the answer is the bare handler's");
        }
    }
}

/// Cancels a request.
fn cancel(revision: Revision, id: u64) -> String {
    let meta = match revision {
        Revision::Legacy => "",
        Revision::Modern => {
            r#","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"wire","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}"#
        }
    };
    format!(
        r#"{{"jsonrpc":"2.0","method":"notifications/cancelled","params":{{"requestId":{id}{meta}}}}}"#
    )
}

fn id_of(line: &str) -> u64 {
    let value: Value = serde_json::from_str(line).expect("an answer in JSON");
    value["id"]
        .as_u64()
        .unwrap_or_else(|| panic!("no answer: {line}"))
}
