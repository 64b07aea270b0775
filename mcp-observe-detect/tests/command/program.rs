//! The command as a child process, which is ended with the test whatever becomes of the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// Nothing takes longer, on a machine however busy.
const BOUND: Duration = Duration::from_secs(60);

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mcp-observe-detect"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// How the command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("it is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("it is UTF-8"),
        }
    }
}

/// Runs it to its end.
pub(crate) fn run(arguments: &[&str]) -> Ended {
    command(arguments).output().expect("it starts").into()
}

/// Runs it to its end with this on stdin.
pub(crate) fn run_with_stdin(arguments: &[&str], stdin: &str) -> Ended {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut pipe = child.stdin.take().expect("it is piped");
    let stdin = stdin.to_owned();
    // On a thread of its own: both pipes may be full.
    let writer = thread::spawn(move || {
        // It may have read enough.
        let _ = pipe.write_all(stdin.as_bytes());
    });
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("it does not panic");
    output.into()
}

/// The command while it runs.
#[cfg(unix)]
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

#[cfg(unix)]
impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments).spawn().expect("it starts");
        Self {
            stdout: lines(child.stdout.take().expect("it is piped")),
            stderr: lines(child.stderr.take().expect("it is piped")),
            child,
        }
    }

    /// Nobody reads its stdout, which is closed.
    pub(crate) fn start_unread(arguments: &[&str]) -> Self {
        let mut child = command(arguments).spawn().expect("it starts");
        drop(child.stdout.take());
        Self {
            stdout: mpsc::channel().1,
            stderr: lines(child.stderr.take().expect("it is piped")),
            child,
        }
    }

    /// The next line of its stdout.
    pub(crate) fn stdout(&self) -> String {
        self.stdout.recv_timeout(BOUND).expect("it writes a line")
    }

    /// The next line of its stderr.
    pub(crate) fn stderr(&self) -> String {
        self.stderr.recv_timeout(BOUND).expect("it writes a line")
    }

    /// Sends it a signal by name, and gives what it wrote until it ended.
    pub(crate) fn end(self, signal: &str) -> Ended {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(sent.expect("there is `kill`").success());
        self.ended()
    }

    /// What it wrote until it ended, which it does by itself.
    pub(crate) fn ended(mut self) -> Ended {
        let rest =
            |lines: &Receiver<String>| lines.iter().map(|line| line + "\n").collect::<String>();
        Ended {
            stdout: rest(&self.stdout),
            stderr: rest(&self.stderr),
            code: self.child.wait().expect("it is a child").code(),
        }
    }
}

#[cfg(unix)]
impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}
