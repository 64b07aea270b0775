//! This program, started again in a role.

use std::env;
use std::fmt::Display;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{self, ChildStdin, ChildStdout, Command, Stdio};

use crate::traffic::Report;

/// The program.
#[derive(Debug, Clone)]
pub struct Program(PathBuf);

impl Program {
    /// The program at this path.
    pub fn at(path: impl AsRef<Path>) -> Self {
        Self(path.as_ref().to_owned())
    }

    /// A command that runs it in this role, without the `OTEL_*` variables of whoever started us.
    #[must_use]
    pub fn command(&self, role: &str) -> Command {
        let mut command = Command::new(&self.0);
        let ours = env::vars_os().map(|(name, _)| name);
        for name in ours.filter(|name| name.to_string_lossy().starts_with("OTEL_")) {
            command.env_remove(name);
        }
        command.arg(role);
        command
    }

    /// A process with server and clients, which exports to this endpoint.
    #[must_use]
    pub fn traffic(&self, endpoint: &str) -> Child {
        self.exporting("traffic", endpoint)
    }

    /// A process in this role, which exports its spans to this endpoint.
    #[must_use]
    pub fn exporting(&self, role: &str, endpoint: &str) -> Child {
        let mut command = self.command(role);
        command
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
            // What is wrong with metrics on their way is wrong with them alone: they are scraped here.
            .env("OTEL_METRICS_EXPORTER", "none")
            .env("OTEL_LOGS_EXPORTER", "none");
        Child(command)
    }
}

/// A process, to be started.
#[derive(Debug)]
pub struct Child(Command);

impl Child {
    /// Adds a flag.
    #[must_use]
    pub fn flag(mut self, name: &str) -> Self {
        self.0.arg(name);
        self
    }

    /// Adds a flag with its value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        self.0.args([name, &value.to_string()]);
        self
    }

    /// Sets a variable.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    /// Starts the process.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn start(mut self) -> Running {
        let mut child = self
            .0
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        Running {
            child,
            stdout: Some(stdout),
        }
    }

    /// Runs the process to its end.
    ///
    /// # Panics
    /// If it does not end with a report; its stderr, which is ours, says why.
    #[must_use]
    pub fn report(self) -> Report {
        self.start().report()
    }

    /// Runs the process to its end.
    ///
    /// # Panics
    /// If it does not end well, or prints more than a line.
    #[must_use]
    pub fn only_line(self) -> String {
        let mut running = self.start();
        let line = running.line();
        running.end();
        line
    }
}

/// The process while it runs. Killed if it is dropped before it has ended.
#[derive(Debug)]
pub struct Running {
    child: process::Child,
    stdout: Option<BufReader<ChildStdout>>,
}

impl Running {
    /// The next line of its stdout.
    ///
    /// # Panics
    /// If it has ended; its stderr, which is ours, says why.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        let stdout = self.stdout.as_mut().expect("it is not taken");
        stdout.read_line(&mut line).expect("it prints text");
        assert!(!line.is_empty(), "the process has ended before its time");
        line.truncate(line.trim_end().len());
        line
    }

    /// Its stdin and stdout, for whoever speaks through them from now on.
    ///
    /// # Panics
    /// If they were taken before.
    pub fn pipes(&mut self) -> (ChildStdin, BufReader<ChildStdout>) {
        let stdin = self.child.stdin.take().expect("it is piped");
        (stdin, self.stdout.take().expect("it is piped"))
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the end of a phase; returns how many security events there must be by then.
    ///
    /// # Panics
    /// If the process says anything else.
    pub fn end_of_phase(&mut self) -> u64 {
        let line = self.line();
        let events = line.strip_prefix("phase ").and_then(|it| it.parse().ok());
        events.unwrap_or_else(|| panic!("a phase ends, and not: {line}"))
    }

    /// Lets the next phase begin.
    ///
    /// # Panics
    /// If the process has ended.
    pub fn go_on(&mut self) {
        let stdin = self.child.stdin.as_mut().expect("it is piped");
        writeln!(stdin).expect("it listens");
    }

    /// Asks it to end, as an operator does (SIGTERM).
    ///
    /// # Panics
    /// If it cannot be asked.
    pub fn terminate(&self) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-TERM", &id]).status();
        assert!(status.expect("there is `kill`").success());
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// If it does not end well.
    pub fn end(&mut self) {
        let status = self.child.wait().expect("it can be waited for");
        assert!(status.success(), "{status}");
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// If it does not end well.
    #[must_use]
    pub fn report(mut self) -> Report {
        let line = self.line();
        let report = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("it ends with a report ({error}): {line}"));
        self.end();
        report
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails if it has ended, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
