//! Where traces are stored: Phoenix, or where that is not there a receiver in the test.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use mock_collector::{MockCollector, MockServer, Protocol, ServerHandle, TestSpan};
use serde_json::Value;
use tokio::sync::RwLock;

use crate::api::Api;
use crate::directory::Directory;
use crate::ports;
use crate::program::Program;

/// A span as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct StoredSpan {
    pub(crate) name: String,
    pub(crate) trace: String,
    pub(crate) id: String,
    pub(crate) parent: Option<String>,
    pub(crate) took: Duration,
    /// All that is stored of it.
    pub(crate) text: String,
}

/// A trace store, which can be stopped and started again.
#[derive(Debug)]
pub(crate) struct TraceStore {
    /// Where spans are sent, by gRPC.
    pub(crate) grpc: u16,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Phoenix {
        path: PathBuf,
        http: u16,
        program: Option<Program>,
    },
    Receiver {
        collected: Arc<RwLock<MockCollector>>,
        server: Option<ServerHandle>,
    },
}

impl TraceStore {
    /// Starts Phoenix if there is a path to it, and the receiver otherwise.
    pub(crate) async fn start(phoenix: Option<&Path>, directory: &Directory) -> Self {
        let kind = match phoenix {
            Some(path) => Kind::Phoenix {
                path: path.to_owned(),
                http: ports::free(),
                program: None,
            },
            None => Kind::Receiver {
                collected: Arc::default(),
                server: None,
            },
        };
        let mut store = Self {
            grpc: ports::free(),
            kind,
        };
        store.start_again(directory).await;
        store
    }

    pub(crate) async fn start_again(&mut self, directory: &Directory) {
        match &mut self.kind {
            Kind::Phoenix {
                path,
                http,
                program,
            } => {
                let mut command = Command::new(path);
                command.arg("serve").envs([
                    ("PHOENIX_WORKING_DIR", "phoenix-data"),
                    ("PHOENIX_HOST", "127.0.0.1"),
                    ("PHOENIX_PORT", &http.to_string()),
                    ("PHOENIX_GRPC_PORT", &self.grpc.to_string()),
                    ("PHOENIX_TELEMETRY_ENABLED", "false"),
                ]);
                let program = program.insert(Program::start("phoenix", command, directory.path()));
                program.ready(&Api::new(*http), "/healthz").await;
            }
            Kind::Receiver { collected, server } => {
                let started = MockServer::builder()
                    .protocol(Protocol::Grpc)
                    .host(IpAddr::V4(Ipv4Addr::LOCALHOST))
                    .port(self.grpc)
                    .collector(Arc::clone(collected))
                    .start()
                    .await;
                *server = Some(started.expect("the port is free"));
            }
        }
    }

    pub(crate) async fn stop(&mut self) {
        match &mut self.kind {
            Kind::Phoenix { program, .. } => {
                let program = program.take().expect("it runs");
                program.end("TERM").await;
            }
            Kind::Receiver { server, .. } => {
                let server = server.take().expect("it runs");
                server.shutdown().await.expect("it ends");
            }
        }
    }

    /// All spans.
    pub(crate) async fn spans(&self) -> Result<Vec<StoredSpan>, String> {
        match &self.kind {
            Kind::Phoenix { http, .. } => phoenix_spans(&Api::new(*http)).await,
            Kind::Receiver { collected, .. } => Ok(collected
                .read()
                .await
                .spans()
                .iter()
                .map(received)
                .collect()),
        }
    }
}

/// Page by page.
async fn phoenix_spans(api: &Api) -> Result<Vec<StoredSpan>, String> {
    let (mut spans, mut cursor) = (Vec::new(), String::new());
    loop {
        let mut parameters = vec![("limit", "1000")];
        if !cursor.is_empty() {
            parameters.push(("cursor", &cursor));
        }
        let page = api.json("/v1/projects/default/spans", &parameters).await?;
        let data = page["data"].as_array().ok_or_else(|| page.to_string())?;
        for span in data {
            spans.push(phoenix_span(span).ok_or_else(|| span.to_string())?);
        }
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return Ok(spans),
        }
    }
}

fn phoenix_span(span: &Value) -> Option<StoredSpan> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let time = |value: &Value| value.as_str()?.parse::<jiff::Timestamp>().ok();
    let took = time(&span["end_time"])?.duration_since(time(&span["start_time"])?);
    Some(StoredSpan {
        name: text(&span["name"])?,
        trace: text(&span["context"]["trace_id"])?,
        id: text(&span["context"]["span_id"])?,
        parent: text(&span["parent_id"]),
        took: took.try_into().ok()?,
        text: span.to_string(),
    })
}

fn received(span: &TestSpan) -> StoredSpan {
    let stored = span.span();
    StoredSpan {
        name: stored.name.clone(),
        trace: hex(&stored.trace_id),
        id: hex(&stored.span_id),
        parent: Some(hex(&stored.parent_span_id)).filter(|id| !id.is_empty()),
        took: Duration::from_nanos(stored.end_time_unix_nano - stored.start_time_unix_nano),
        text: format!("{span:?}"),
    }
}

/// An id as it is written.
fn hex(id: &[u8]) -> String {
    id.iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
