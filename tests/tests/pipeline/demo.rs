//! The demo, as `cargo run` starts it.

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use mcp_observe_tests::{Series, series};
use regex::Regex;
use serde_json::Value;

use crate::api::Api;
use crate::directory::Directory;
use crate::program::Program;
use crate::tools::checkout;

/// What it calls itself: `service.name`, and the job that Prometheus scrapes.
pub(crate) const NAME: &str = "weather-demo";

/// A running demo.
#[derive(Debug)]
pub(crate) struct Demo {
    program: Program,
    /// Where it is called.
    pub(crate) url: String,
    /// Where it is scraped, as host and port.
    pub(crate) scraped: String,
    /// The trace of its agent's session.
    pub(crate) trace: String,
    /// What was scraped before anybody else called it.
    pub(crate) before: Vec<Series>,
}

impl Demo {
    /// Starts it on free ports, and waits until its agent is done; it exports to
    /// the port, if there is one.
    pub(crate) async fn start(directory: &Directory, otlp: Option<u16>) -> Self {
        let mut command = Command::new(&*PATH);
        command
            .args(["--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0"])
            // What is called is to be stored soon.
            .envs([
                ("OTEL_BSP_SCHEDULE_DELAY", "200"),
                ("OTEL_BLRP_SCHEDULE_DELAY", "200"),
                ("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
            ]);
        if let Some(port) = otlp {
            let endpoint = format!("http://127.0.0.1:{port}");
            command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
        }
        let mut program = Program::start("demo", command, directory.path());
        program.prints("Serving until Ctrl-C.").await;
        let printed = program.printed();
        let first = |pattern: &str| {
            let found = Regex::new(pattern).expect("a pattern").find(&printed);
            let found = found.unwrap_or_else(|| panic!("{pattern}:\n{printed}"));
            found.as_str().to_owned()
        };
        let metrics = first("http://[^ ]*/metrics");
        let text = Api::at(metrics.clone()).get("", &[]).await;
        Self {
            url: first("http://[^ ]*/mcp"),
            scraped: metrics["http://".len()..metrics.len() - "/metrics".len()].to_owned(),
            trace: first("[0-9a-f]{32}"),
            before: series(&text.expect("it can be scraped")),
            program,
        }
    }

    /// The sum over all series of a name that have these labels, now.
    pub(crate) async fn scrape(&self, name: &str, labels: &[(&str, &str)]) -> Result<f64, String> {
        let text = Api::at(format!("http://{}", self.scraped))
            .get("/metrics", &[])
            .await?;
        Ok(sum(&series(&text), name, labels))
    }

    /// Presses Ctrl-C, and waits until it has exported what is left.
    pub(crate) async fn end(self) {
        self.program.end("INT").await;
    }
}

/// The sum over all series of a name that have these labels.
pub(crate) fn sum(all: &[Series], name: &str, labels: &[(&str, &str)]) -> f64 {
    let has = |series: &&Series| {
        let mut wanted = labels.iter();
        series.name == name
            && wanted.all(|(key, value)| series.labels.iter().any(|(k, v)| k == key && v == value))
    };
    all.iter().filter(has).map(|series| series.value).sum()
}

/// The program, built with what this test was built with: where `cargo test` runs, it is there already.
static PATH: LazyLock<PathBuf> = LazyLock::new(|| {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["test", "--workspace", "--no-run", "--test", "programs"])
        .args(["--quiet", "--message-format", "json"])
        .current_dir(checkout());
    let output = cargo.output().expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let messages = String::from_utf8(output.stdout).expect("cargo prints text");
    let mut messages = messages
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("cargo prints JSON"));
    let built = messages.find(|it| it["target"]["name"] == "demo" && it["executable"].is_string());
    let built = built.expect("cargo builds the demo");
    built["executable"].as_str().expect("a path").into()
});
