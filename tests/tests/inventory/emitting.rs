//! The process that emits everything, what was scraped of it, and what it pushed.

use std::process::Stdio;

use mock_collector::{MockServer, Protocol};
use opentelemetry_proto::tonic::metrics::v1::Metric;
use serde_json::Value;
use tokio::process::Command;
use tokio::sync::OnceCell;

/// What it emitted.
pub(crate) struct Emitted {
    /// As Prometheus scrapes it.
    pub(crate) text: String,
    /// As it came by OTLP, each as often as it was exported.
    pub(crate) pushed: Vec<Metric>,
    /// The tools of the binary.
    pub(crate) tools: Vec<Tool>,
}

/// A tool as it is declared.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) labels: Vec<Label>,
    pub(crate) error_types: Vec<String>,
}

/// A label that a tool declares.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Label {
    pub(crate) name: String,
    /// Those that have occurred.
    pub(crate) values: Vec<String>,
}

/// Runs it, once for all tests.
pub(crate) async fn emitted() -> &'static Emitted {
    static EMITTED: OnceCell<Emitted> = OnceCell::const_new();
    EMITTED.get_or_init(run).await
}

async fn run() -> Emitted {
    let collector = MockServer::builder()
        .protocol(Protocol::HttpBinary)
        .start()
        .await
        .expect("a port is free");
    let mut command = Command::new(env!("CARGO_BIN_EXE_emitting"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OTEL_")) {
        command.env_remove(name);
    }
    let endpoint = format!("http://{}", collector.addr());
    let ended = command
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        .env_remove("RUST_LOG")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("it starts");
    let stderr = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{stderr}");
    let mut printed: Value = serde_json::from_slice(&ended.stdout).expect("JSON");
    let pushed = collector
        .with_collector(|collected| {
            let metrics = collected.metrics().iter();
            metrics.map(|it| it.metric().clone()).collect()
        })
        .await;
    Emitted {
        text: printed["metrics"].as_str().expect("a text").to_owned(),
        pushed,
        tools: serde_json::from_value(printed["tools"].take()).expect("tools"),
    }
}
