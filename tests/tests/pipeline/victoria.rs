//! `VictoriaMetrics` and `VictoriaLogs`, which take OTLP where Prometheus and Loki would.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::api::Api;
use crate::directory::Directory;
use crate::metric_store::MetricStore;
use crate::ports;
use crate::program::Program;

/// A running `VictoriaMetrics`.
#[derive(Debug)]
pub(crate) struct VictoriaMetrics {
    /// Where metrics are sent, without the path of the signal.
    pub(crate) endpoint: String,
    pub(crate) store: MetricStore,
    _program: Program,
}

impl VictoriaMetrics {
    pub(crate) async fn start(path: &Path, directory: &Directory) -> Self {
        let port = ports::free();
        let mut command = Command::new(path);
        command
            .arg(format!("-httpListenAddr=127.0.0.1:{port}"))
            .arg("-storageDataPath=victoria-metrics-data")
            .arg("-opentelemetry.usePrometheusNaming")
            // What has arrived can be asked for.
            .args(["-search.latencyOffset=0s", "-search.disableCache"]);
        let mut program = Program::start("victoria-metrics", command, directory.path());
        let api = Api::new(port);
        program.ready(&api, "/health").await;
        Self {
            endpoint: format!("http://127.0.0.1:{port}/opentelemetry"),
            store: MetricStore {
                api,
                selector: r#"service_name="weather-demo""#,
            },
            _program: program,
        }
    }

    /// All that is stored.
    pub(crate) async fn everything(&self) -> Result<String, String> {
        let all = [("match[]", r#"{__name__=~".+"}"#)];
        self.store.api.get("/api/v1/export", &all).await
    }
}

/// A `VictoriaLogs`, which can be stopped and started again.
#[derive(Debug)]
pub(crate) struct VictoriaLogs {
    /// Where logs are sent, without the path of the signal.
    pub(crate) endpoint: String,
    path: PathBuf,
    port: u16,
    program: Option<Program>,
}

impl VictoriaLogs {
    pub(crate) async fn start(path: PathBuf, directory: &Directory) -> Self {
        let port = ports::free();
        let mut logs = Self {
            endpoint: format!("http://127.0.0.1:{port}/insert/opentelemetry"),
            path,
            port,
            program: None,
        };
        logs.start_again(directory).await;
        logs
    }

    pub(crate) async fn start_again(&mut self, directory: &Directory) {
        let mut command = Command::new(&self.path);
        command
            .arg(format!("-httpListenAddr=127.0.0.1:{}", self.port))
            .arg("-storageDataPath=victoria-logs-data");
        let program = Program::start("victoria-logs", command, directory.path());
        let program = self.program.insert(program);
        program.ready(&Api::new(self.port), "/health").await;
    }

    pub(crate) async fn stop(&mut self) {
        let program = self.program.take().expect("it runs");
        program.end("TERM").await;
    }

    /// All log records, each with all its fields.
    pub(crate) async fn records(&self) -> Result<Vec<Value>, String> {
        self.query("*").await
    }

    /// The log records of a trace.
    pub(crate) async fn of_trace(&self, trace: &str) -> Result<Vec<Value>, String> {
        // This version has ids as the bytes that OTLP has them as, and not as text.
        let bytes = trace.as_bytes().chunks(2).map(String::from_utf8_lossy);
        let escaped = bytes.fold(String::new(), |text, byte| text + r"\x" + &byte);
        self.query(&format!("trace_id:=\"{escaped}\"")).await
    }

    async fn query(&self, query: &str) -> Result<Vec<Value>, String> {
        let parameters = [("query", query), ("limit", "100000")];
        let api = Api::new(self.port);
        let lines = api.get("/select/logsql/query", &parameters).await?;
        let records: Result<_, _> = lines.lines().map(serde_json::from_str).collect();
        records.map_err(|error| format!("{error}: {lines}"))
    }
}
