//! A client that keeps calls under way for as long as there is a server.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, ChildStdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use mcp_observe_tests::wire::initialize;

use crate::child::Running;
use crate::connection::Connection;
use crate::kind::{Kind, Revision};
use crate::overhead::Transport;

/// Calls that are answered at once, under way at a time.
pub(super) const BUSY: u64 = 8;
/// Calls that are not answered.
pub(super) const HANGING: u64 = 4;

/// The client, and how many answers it has got.
pub(super) struct Client {
    answers: Arc<AtomicU64>,
    threads: Vec<JoinHandle<()>>,
}

impl Client {
    pub(super) fn start(running: &mut Running, transport: Transport) -> Self {
        let answers = Arc::<AtomicU64>::default();
        let threads = if transport == Transport::Stdio {
            let (stdin, stdout) = running.pipes();
            let answers = Arc::clone(&answers);
            vec![thread::spawn(move || {
                through_pipes(stdin, stdout, &answers);
            })]
        } else {
            let address = running.line();
            (0..HANGING + BUSY)
                .map(|number| {
                    let message = kind(number).message(Revision::Legacy, 1);
                    let connection = Connection::to(&address, &message).expect("it listens");
                    let answers = Arc::clone(&answers);
                    thread::spawn(move || through(connection, &answers))
                })
                .collect()
        };
        Self { answers, threads }
    }

    /// The answers that have come.
    pub(super) fn answered(&self) -> u64 {
        self.answers.load(Ordering::Relaxed)
    }

    /// Waits until the server has gone; returns the number of answers that came.
    pub(super) fn wait(mut self) -> u64 {
        for thread in self.threads.drain(..) {
            thread.join().expect("it goes on until the server ends");
        }
        self.answered()
    }
}

/// The first ones are those that are not answered.
fn kind(number: u64) -> Kind {
    if number < HANGING {
        Kind::Cancelled
    } else {
        Kind::Small
    }
}

/// One call after the other.
fn through(mut connection: Connection, answers: &AtomicU64) {
    while let Ok(answer) = connection.send().and_then(|()| connection.receive()) {
        count(&answer, answers);
    }
}

/// All calls, each answer making room for the next.
fn through_pipes(mut stdin: ChildStdin, stdout: BufReader<ChildStdout>, answers: &AtomicU64) {
    let mut id = 0;
    let mut call = |kind: Kind| {
        id += 1;
        kind.message(Revision::Legacy, id) + "\n"
    };
    let mut lines = format!("{}\n", initialize("2025-11-25"));
    lines += "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n";
    for number in 0..HANGING + BUSY {
        lines += &call(kind(number));
    }
    stdin.write_all(lines.as_bytes()).expect("it listens");
    for line in stdout.lines() {
        let line = line.expect("it prints text");
        if count(&line, answers) {
            // Fails once the server does not read any more; what it still writes is read all the same.
            let _ = stdin.write_all(call(Kind::Small).as_bytes());
        }
    }
}

/// Whether it is the answer to a call that is answered at once.
fn count(answer: &str, answers: &AtomicU64) -> bool {
    let is_answer = answer.contains("1 m");
    answers.fetch_add(u64::from(is_answer), Ordering::Relaxed);
    is_answer
}
