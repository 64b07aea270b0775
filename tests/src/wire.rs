//! A client that sends the very bytes that a test wants, over a pipe as stdio is one.

use std::time::Duration;

use rmcp::{ServerHandler, ServiceExt};
use serde_json::{Value, json};
use tokio::io::{
    AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf,
};
use tokio::task::JoinHandle;

/// What should happen at once may take this long on a busy machine before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until `holds` does.
///
/// # Panics
/// If it does not within a minute.
pub async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .unwrap_or_else(|_elapsed| panic!("waited in vain: {what}"));
}

/// One end of the pipe, with a server at the other.
#[derive(Debug)]
pub struct Wire {
    output: Lines<BufReader<ReadHalf<DuplexStream>>>,
    input: WriteHalf<DuplexStream>,
    server: JoinHandle<()>,
}

impl Wire {
    /// Serves `handler`, and sends nothing yet.
    #[must_use]
    pub fn serve(handler: impl ServerHandler) -> Self {
        let (server, client) = tokio::io::duplex(1 << 16);
        let (output, input) = tokio::io::split(client);
        Self {
            output: BufReader::new(output).lines(),
            input,
            server: tokio::spawn(async move {
                if let Ok(running) = handler.serve(server).await {
                    let _ = running.waiting().await;
                }
            }),
        }
    }

    /// Serves `handler` to a client of protocol revision `version` that has initialised, with
    /// request id 0.
    pub async fn initialized(handler: impl ServerHandler, version: &str) -> Self {
        let mut wire = Self::serve(handler);
        wire.ask(&initialize(version)).await;
        wire.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
            .await;
        wire
    }

    /// Sends a line.
    ///
    /// # Panics
    /// If the server has gone.
    pub async fn send(&mut self, line: &str) {
        let line = format!("{line}\n");
        self.input
            .write_all(line.as_bytes())
            .await
            .expect("the server listens");
    }

    /// The next line from the server.
    ///
    /// # Panics
    /// If none comes.
    pub async fn line(&mut self) -> String {
        tokio::time::timeout(PATIENCE, self.output.next_line())
            .await
            .expect("the server answers")
            .expect("the pipe holds")
            .expect("the server is still there")
    }

    /// Sends a request and returns the next line, which is its answer if nothing else is under way.
    ///
    /// # Panics
    /// If the answer is not JSON.
    pub async fn ask(&mut self, request: &Value) -> Value {
        self.send(&request.to_string()).await;
        serde_json::from_str(&self.line().await).expect("an answer in JSON")
    }

    /// Goes away, and waits until the server has too; returns the lines that it still sent.
    ///
    /// # Panics
    /// If the server does not go.
    pub async fn close(mut self) -> Vec<String> {
        self.input.shutdown().await.expect("the pipe closes");
        let mut rest = Vec::new();
        let leaving = async {
            while let Ok(Some(line)) = self.output.next_line().await {
                rest.push(line);
            }
            self.server.await.expect("the server does not panic");
        };
        tokio::time::timeout(PATIENCE, leaving)
            .await
            .expect("the server goes");
        rest
    }
}

/// A request.
#[must_use]
pub fn request(id: impl Into<Value>, method: &str, params: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id.into(), "method": method, "params": params })
}

/// The request to initialise, with id 0, of a client that can do with tasks.
#[must_use]
pub fn initialize(version: &str) -> Value {
    let params = json!({
        "protocolVersion": version,
        "capabilities": { "extensions": { "io.modelcontextprotocol/tasks": {} } },
        "clientInfo": { "name": "wire", "version": "1" },
    });
    request(0, "initialize", &params)
}

/// The `_meta` that protocol 2026-07-28 wants in every request, and `more`.
#[must_use]
pub fn modern_meta(more: &Value) -> Value {
    let mut meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "wire", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    if let (Some(meta), Some(more)) = (meta.as_object_mut(), more.as_object()) {
        meta.extend(more.clone());
    }
    meta
}
