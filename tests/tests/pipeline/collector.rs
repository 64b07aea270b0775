//! A collector between the demo and the stores: OpenTelemetry's, of core components, or else Rotel.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mcp_observe_tests::series;

use crate::api::Api;
use crate::derived::derive;
use crate::directory::Directory;
use crate::ports;
use crate::program::Program;
use crate::tools;

/// The shipped configuration of core components alone.
pub(crate) const SHIPPED: &str = "deploy/collector/core.yaml";

/// Where a collector sends what it gets.
#[derive(Debug)]
pub(crate) struct Destinations {
    /// Port of the trace store, by gRPC.
    pub(crate) traces: u16,
    /// URL of the log store, without the path of the signal.
    pub(crate) logs: String,
    /// URL of the metrics store, without the path of the signal.
    pub(crate) metrics: String,
}

/// A collector that can be had.
#[derive(Debug)]
pub(crate) enum Kind {
    Core(PathBuf),
    Rotel(PathBuf),
}

/// A running collector.
#[derive(Debug)]
pub(crate) struct Collector {
    /// Where it is sent to over HTTP.
    pub(crate) http: u16,
    /// What it says of itself; Rotel says nothing.
    own: Option<Api>,
    _program: Program,
}

impl Kind {
    /// The one that is like what is shipped, if there is one.
    pub(crate) fn find() -> Option<Self> {
        let core = tools::find("otelcol-core").map(Self::Core);
        core.or_else(|| tools::find("rotel").map(Self::Rotel))
    }

    /// Starts it.
    pub(crate) async fn start(&self, to: &Destinations, directory: &Directory) -> Collector {
        match self {
            Self::Core(path) => core(path, to, directory).await,
            Self::Rotel(path) => rotel(path, to, directory).await,
        }
    }
}

async fn core(path: &Path, to: &Destinations, directory: &Directory) -> Collector {
    let (grpc, http, own) = (ports::free(), ports::free(), ports::free());
    let shipped = fs::read_to_string(tools::checkout().join(SHIPPED)).expect("it is shipped");
    let addresses = [
        ("0.0.0.0:4317", format!("127.0.0.1:{grpc}")),
        ("0.0.0.0:4318", format!("127.0.0.1:{http}")),
        ("tempo:4317", format!("127.0.0.1:{}", to.traces)),
        ("http://loki:3100/otlp", to.logs.clone()),
        ("http://prometheus:9090/api/v1/otlp", to.metrics.clone()),
    ];
    let configuration = derive(&shipped, &addresses, own);
    let configuration = directory.write("collector.yaml", &configuration);
    let mut command = Command::new(path);
    command.arg("--config").arg(configuration);
    let mut program = Program::start("collector", command, directory.path());
    let own = Api::new(own);
    program.ready(&own, "/metrics").await;
    program.prints("Everything is ready").await;
    Collector {
        http,
        own: Some(own),
        _program: program,
    }
}

async fn rotel(path: &Path, to: &Destinations, directory: &Directory) -> Collector {
    let (grpc, http) = (ports::free(), ports::free());
    let mut command = Command::new(path);
    command.arg("start").args([
        &format!("--otlp-grpc-endpoint=127.0.0.1:{grpc}"),
        &format!("--otlp-http-endpoint=127.0.0.1:{http}"),
        "--batch-timeout=1s",
        "--exporter=otlp",
        &format!(
            "--otlp-exporter-traces-endpoint=http://127.0.0.1:{}",
            to.traces
        ),
        "--otlp-exporter-traces-protocol=grpc",
        &format!("--otlp-exporter-logs-endpoint={}/v1/logs", to.logs),
        "--otlp-exporter-logs-protocol=http",
        &format!("--otlp-exporter-metrics-endpoint={}/v1/metrics", to.metrics),
        "--otlp-exporter-metrics-protocol=http",
        // As long as a store may be away, and soon when it is back.
        "--otlp-exporter-retry-max-elapsed-time=300s",
        "--otlp-exporter-retry-max-backoff=5s",
    ]);
    let mut program = Program::start("collector", command, directory.path());
    program.listens(http).await;
    Collector {
        http,
        own: None,
        _program: program,
    }
}

impl Collector {
    /// What it has lost, by its own counters: those of refused and of failed, where they are not zero.
    /// `None` if it does not count.
    pub(crate) async fn lost(&self) -> Option<Vec<String>> {
        let text = self.own.as_ref()?.get("/metrics", &[]).await;
        let lost = |name: &str| {
            ["refused", "failed", "dropped"]
                .iter()
                .any(|word| name.contains(word))
        };
        let all = series(&text.expect("it answers")).into_iter();
        let lost = all.filter(|series| lost(&series.name) && series.value > 0.0);
        Some(lost.map(|series| format!("{series:?}")).collect())
    }
}
