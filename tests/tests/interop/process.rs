//! Programs that are run to their end, or until they are told to end.

use std::env;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Nothing takes that long, on a machine however busy.
pub(crate) const BOUND: Duration = Duration::from_secs(120);

/// Gives a program these variables, and none of the test's own that telemetry obeys.
fn with_environment(command: std::process::Command, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::from(command);
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("OTEL_") || name == "RUST_LOG" {
            command.env_remove(name);
        }
    }
    command
        .envs(environment.iter().copied())
        .kill_on_drop(true)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

/// Runs a program that ends by itself, and well.
pub(crate) async fn run(command: std::process::Command, environment: &[(&str, &str)]) {
    let mut command = with_environment(command, environment);
    let child = command.stderr(Stdio::piped()).spawn();
    let ended = child.expect("the program starts").wait_with_output();
    let ended = timeout(BOUND, ended).await;
    let ended = ended.expect("the program ends").expect("it can be read");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{}\n{said}", ended.status);
}

/// A server over HTTP, which ends with its stdin.
#[derive(Debug)]
pub(crate) struct Server {
    /// Where it is called, as it says.
    pub(crate) url: String,
    child: Child,
}

impl Server {
    /// Starts it, and waits until it says where it is called.
    pub(crate) async fn start(
        command: std::process::Command,
        environment: &[(&str, &str)],
    ) -> Self {
        let mut child = with_environment(command, environment)
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let url = timeout(BOUND, lines.next_line()).await;
        let url = url.expect("it is quick").expect("it prints text");
        Self {
            url: url.expect("it says where it is called"),
            child,
        }
    }

    /// Ends it, and waits until what it exports has arrived.
    pub(crate) async fn end(mut self) {
        drop(self.child.stdin.take());
        let status = timeout(BOUND, self.child.wait()).await;
        let status = status.expect("the server ends").expect("a status");
        assert!(status.success(), "{status}");
    }
}
