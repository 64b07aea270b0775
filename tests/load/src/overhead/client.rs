//! A client that costs little: it writes what it made before, and looks at answers no more than to find
//! their ends.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use mcp_observe_tests::wire::initialize;

use super::Transport;
use crate::child::Running;
use crate::kind::{Kind, Revision};
use crate::latency::Latencies;

/// Requests under way at once.
const WINDOW: u64 = 8;

/// The client of one server.
pub(super) enum Client {
    /// Through the pipes of the process.
    Stdio {
        stdin: std::process::ChildStdin,
        stdout: BufReader<std::process::ChildStdout>,
    },
    /// As many connections as there are requests at once.
    Http(Vec<Connection>),
}

impl Client {
    pub(super) fn of(running: &mut Running, transport: Transport) -> Self {
        if transport == Transport::Http {
            let address = running.line();
            return Self::Http((0..WINDOW).map(|_| Connection::to(&address)).collect());
        }
        let (mut stdin, mut stdout) = running.pipes();
        let hello = initialize("2025-11-25");
        let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        writeln!(stdin, "{hello}\n{initialized}").expect("it listens");
        stdout.read_line(&mut String::new()).expect("it answers");
        Self::Stdio { stdin, stdout }
    }

    /// Asks so many times.
    pub(super) fn ask(&mut self, requests: u64, latencies: &mut Latencies) {
        match self {
            Self::Stdio { stdin, stdout } => {
                // No two with the same id are under way.
                let message = |id| Kind::Small.message(Revision::Legacy, id) + "\n";
                let window: String = (1..=WINDOW).map(message).collect();
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
                        connection.send();
                    }
                    for connection in &mut *connections {
                        connection.receive();
                        latencies.add(sent.elapsed());
                    }
                }
            }
        }
    }
}

pub(super) struct Connection {
    stream: BufReader<TcpStream>,
    request: Vec<u8>,
    line: String,
}

impl Connection {
    fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_nodelay(true).expect("a TCP socket");
        let message = Kind::Small.message(Revision::Legacy, 1);
        let request = format!(
            "POST /mcp HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-11-25\r\n\
             Content-Length: {}\r\n\r\n{message}",
            message.len()
        );
        Self {
            stream: BufReader::new(stream),
            request: request.into_bytes(),
            line: String::new(),
        }
    }

    fn send(&mut self) {
        let written = self.stream.get_mut().write_all(&self.request);
        written.expect("it listens");
    }

    fn line(&mut self) -> &str {
        self.line.clear();
        let read = self.stream.read_line(&mut self.line).expect("it answers");
        assert!(read > 0, "it answers");
        self.line.trim_end()
    }

    /// Reads a response to its end: of a known length, or in chunks.
    fn receive(&mut self) {
        assert_eq!(self.line(), "HTTP/1.1 200 OK");
        let mut length = None;
        loop {
            let line = self.line().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().ok();
            }
        }
        let mut body = String::new();
        if let Some(length) = length {
            self.read(length, &mut body);
        } else {
            loop {
                let size = usize::from_str_radix(self.line(), 16).expect("a chunk's size");
                self.read(size, &mut body);
                self.line();
                if size == 0 {
                    break;
                }
            }
        }
        assert!(body.contains("1 m"), "{body}");
    }

    fn read(&mut self, length: usize, body: &mut String) {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).expect("it answers");
        body.push_str(&String::from_utf8_lossy(&bytes));
    }
}
