//! The process that exports, started with the variables under test.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

/// The process under test. Killed if the test ends before it.
pub(crate) struct Exporting {
    child: Child,
    stdout: BufReader<ChildStdout>,
    pub(crate) seen: Vec<Value>,
    pub(crate) metrics: String,
}

/// How it ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stderr: String,
    /// The metrics when stdin ended.
    pub(crate) metrics: String,
}

impl Exporting {
    /// Starts it with these variables and no other `OTEL_*` one, and waits until the calls are made.
    pub(crate) fn start(calls: usize, variables: &[(&str, &str)]) -> Self {
        Self::with(&[&calls.to_string()], variables)
    }

    /// The same with these arguments.
    pub(crate) fn with(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_exporting"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OTEL_")) {
            command.env_remove(name);
        }
        let mut child = command
            .env_remove("RUST_LOG")
            .env("RUST_BACKTRACE", "0")
            .envs(variables.iter().copied())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut exporting = Self {
            child,
            stdout,
            seen: Vec::new(),
            metrics: String::new(),
        };
        let first = exporting.line();
        if let Some(seen) = first["seen"].as_array() {
            exporting.seen.clone_from(seen);
        }
        first["metrics"]
            .as_str()
            .unwrap_or_default()
            .clone_into(&mut exporting.metrics);
        exporting
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("it prints");
        serde_json::from_str(&line).unwrap_or_default()
    }

    /// Ends its stdin, and waits for it.
    pub(crate) fn end(mut self) -> Ended {
        drop(self.child.stdin.take());
        let metrics = self.line()["metrics"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let mut stderr = String::new();
        let mut pipe = self.child.stderr.take().expect("it is piped");
        pipe.read_to_string(&mut stderr).expect("it is text");
        Ended {
            code: self.child.wait().expect("it ends").code(),
            stderr,
            metrics,
        }
    }
}

impl Drop for Exporting {
    fn drop(&mut self) {
        // Fails if it has ended, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
