//! A program of the pipeline: a child process that ends with the test, whatever becomes of the test.

use std::env;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::process::Child;
use tokio::time::timeout;

use crate::api::Api;
use crate::polling::until;

/// Nothing takes longer to end, on a machine however busy.
const END_BOUND: Duration = Duration::from_secs(60);

/// A running program.
#[derive(Debug)]
pub(crate) struct Program {
    name: &'static str,
    child: Child,
    output: PathBuf,
}

impl Program {
    /// Starts it; what it prints is in `{name}.log` of the directory. The test's own variables that
    /// telemetry obeys do not reach it.
    pub(crate) fn start(name: &'static str, mut command: Command, directory: &Path) -> Self {
        for (variable, _) in env::vars_os() {
            let variable = variable.to_string_lossy();
            let set = command.get_envs().any(|(it, _)| it == &*variable);
            if !set && (variable.starts_with("OTEL_") || variable == "RUST_LOG") {
                command.env_remove(&*variable);
            }
        }
        let output = directory.join(format!("{name}.log"));
        // A program that is started anew goes on where it was.
        let file = OpenOptions::new().create(true).append(true).open(&output);
        let file = file.expect("a file can be written");
        let also = file.try_clone().expect("a file can be shared");
        command
            .current_dir(directory)
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(also);
        let mut command = tokio::process::Command::from(command);
        let child = command.kill_on_drop(true).spawn();
        let child = child.unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        Self {
            name,
            child,
            output,
        }
    }

    /// What it has printed.
    pub(crate) fn printed(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.output).unwrap_or_default()).into_owned()
    }

    /// Waits until it answers at this path.
    ///
    /// # Panics
    /// If it ends instead.
    pub(crate) async fn ready(&mut self, api: &Api, path: &str) {
        let what = format!("{} is ready", self.name);
        until(&what, async || {
            self.assert_running();
            api.get(path, &[]).await
        })
        .await;
    }

    /// Waits until it takes connections at this port.
    ///
    /// # Panics
    /// If it ends instead.
    pub(crate) async fn listens(&mut self, port: u16) {
        let what = format!("{} listens", self.name);
        until(&what, async || {
            self.assert_running();
            let connected = TcpStream::connect(("127.0.0.1", port)).await;
            connected.map_err(|error| error.to_string())
        })
        .await;
    }

    /// Waits until it has printed this.
    ///
    /// # Panics
    /// If it ends instead.
    pub(crate) async fn prints(&mut self, text: &str) {
        until(text, async || {
            self.assert_running();
            let printed = self.printed();
            printed.contains(text).then_some(()).ok_or(printed)
        })
        .await;
    }

    fn assert_running(&mut self) {
        if let Some(status) = self.child.try_wait().expect("it can be asked") {
            panic!("{} has ended: {status}\n{}", self.name, self.printed());
        }
    }

    /// Sends it a signal, such as `TERM`, and waits until it has ended.
    pub(crate) async fn end(mut self, signal: &str) {
        let id = self.child.id().expect("it runs").to_string();
        let sent = Command::new("kill")
            .args([&format!("-{signal}"), &id])
            .status();
        assert!(sent.expect("`kill` is there").success());
        let ended = timeout(END_BOUND, self.child.wait()).await;
        ended
            .unwrap_or_else(|_| panic!("{} does not end:\n{}", self.name, self.printed()))
            .expect("a status");
    }
}
