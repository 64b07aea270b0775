//! A client that costs little.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, ChildStdout};
use std::time::Instant;

use mcp_observe_tests::wire::initialize;

use super::Transport;
use super::tools::Load;
use crate::child::Running;
use crate::connection::Connection;
use crate::latency::Latencies;

/// Requests under way at once.
pub(super) const WINDOW: u64 = 8;

/// The client of one server.
pub(super) enum Client {
    /// Through the pipes of the process.
    Stdio {
        /// As many requests as there are at once.
        window: String,
        stdin: ChildStdin,
        stdout: BufReader<ChildStdout>,
    },
    /// As many connections as there are requests at once.
    Http(Vec<Connection>),
}

impl Client {
    pub(super) fn of(running: &mut Running, transport: Transport, load: Load) -> Self {
        if transport == Transport::Http {
            let address = running.line();
            let connect = |id| Connection::to(&address, &load.message(id)).expect("it listens");
            return Self::Http((1..=WINDOW).map(connect).collect());
        }
        let (mut stdin, mut stdout) = running.pipes();
        let hello = initialize("2025-11-25");
        let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        writeln!(stdin, "{hello}\n{initialized}").expect("it listens");
        stdout.read_line(&mut String::new()).expect("it answers");
        // No two with the same id are under way.
        let window = (1..=WINDOW).map(|id| load.message(id) + "\n").collect();
        Self::Stdio {
            window,
            stdin,
            stdout,
        }
    }

    /// Asks so many times.
    pub(super) fn ask(&mut self, requests: u64, latencies: &mut Latencies) {
        match self {
            Self::Stdio {
                window,
                stdin,
                stdout,
            } => {
                let mut answer = String::new();
                for _ in 0..requests / WINDOW {
                    let sent = Instant::now();
                    stdin.write_all(window.as_bytes()).expect("it listens");
                    for _ in 0..WINDOW {
                        answer.clear();
                        stdout.read_line(&mut answer).expect("it answers");
                        latencies.add(sent.elapsed());
                        assert!(answer.contains("1 m"), "{answer}");
                    }
                }
            }
            Self::Http(connections) => {
                for _ in 0..requests / WINDOW {
                    let sent = Instant::now();
                    for connection in &mut *connections {
                        connection.send().expect("it listens");
                    }
                    for connection in &mut *connections {
                        let answer = connection.receive().expect("it answers");
                        latencies.add(sent.elapsed());
                        assert!(answer.contains("1 m"), "{answer}");
                    }
                }
            }
        }
    }
}
