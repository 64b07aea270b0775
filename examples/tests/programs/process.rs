//! A program as a child process, which is ended with the test whatever becomes of the test.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Nothing that the programs do takes longer, on a machine however busy.
pub(crate) const BOUND: Duration = Duration::from_secs(60);

/// A running program.
#[derive(Debug)]
pub(crate) struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    printed: String,
}

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The test's own variables that a program must not see.
pub(crate) fn hidden_variables() -> impl Iterator<Item = OsString> {
    env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        name.starts_with("OTEL_") || name == "RUST_LOG"
    })
}

impl Program {
    /// Starts the program. The test's own `OTEL_*` variables do not reach it.
    pub(crate) fn start(path: &str, flags: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(path);
        hidden_variables().for_each(|name| {
            command.env_remove(name);
        });
        let mut child = command
            .args(flags)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdout = lines(child.stdout.take().expect("it is piped"));
        let stderr = lines(child.stderr.take().expect("it is piped"));
        Self {
            stdin: child.stdin.take(),
            child,
            stdout,
            stderr,
            printed: String::new(),
        }
    }

    /// Waits for the next line on stdout.
    pub(crate) fn line(&mut self) -> &str {
        let start = self.printed.len();
        match self.stdout.recv_timeout(BOUND) {
            Ok(line) => self.printed.push_str(&line),
            Err(error) => {
                let complaint: String = self.stderr.try_iter().collect();
                panic!("nothing is printed ({error}):\n{}{complaint}", self.printed)
            }
        }
        &self.printed[start..]
    }

    /// What was read from its stdout so far.
    pub(crate) fn printed(&self) -> &str {
        &self.printed
    }

    /// Waits for the next line on stderr.
    pub(crate) fn complaint(&self) -> String {
        self.stderr.recv_timeout(BOUND).expect("it is said")
    }

    /// Writes to its stdin.
    pub(crate) fn write(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().expect("it is not closed");
        stdin.write_all(text.as_bytes()).expect("it is read");
    }

    /// Closes its stdin.
    pub(crate) fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Sends it a signal, such as `INT`.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status()
            .expect("`kill` is there");
        assert!(status.success());
    }

    /// Waits until it ends by itself.
    pub(crate) fn wait(mut self) -> Ended {
        let deadline = Instant::now() + BOUND;
        let mut stdout = std::mem::take(&mut self.printed);
        stdout.push_str(&rest(&self.stdout, deadline));
        let stderr = rest(&self.stderr, deadline);
        // Both pipes are closed: it has ended, or is about to.
        let status = self.child.wait().expect("it can be waited for");
        Ended {
            code: status.code(),
            stdout,
            stderr,
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Fails if it has ended, and then `wait` returns at once.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a pipe with their ends, read by a thread that ends with the pipe.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    let mut pipe = BufReader::new(pipe);
    thread::spawn(move || {
        let mut line = String::new();
        while pipe.read_line(&mut line).expect("UTF-8 is printed") > 0 {
            if sender.send(std::mem::take(&mut line)).is_err() {
                break;
            }
        }
    });
    lines
}

fn rest(lines: &Receiver<String>, deadline: Instant) -> String {
    let mut text = String::new();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match lines.recv_timeout(left) {
            Ok(line) => text.push_str(&line),
            Err(RecvTimeoutError::Disconnected) => return text,
            Err(RecvTimeoutError::Timeout) => panic!("the program does not end:\n{text}"),
        }
    }
}
