//! Alertmanager, and who it notifies: a receiver in the test.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::api::Api;
use crate::directory::Directory;
use crate::ports;
use crate::program::Program;

/// A running Alertmanager, and what it has notified of.
#[derive(Debug)]
pub(crate) struct Alertmanager {
    /// Where it is told of alerts.
    pub(crate) port: u16,
    received: Received,
    server: JoinHandle<()>,
    _program: Program,
}

/// The bodies of the notifications.
type Received = Arc<Mutex<Vec<Value>>>;

impl Alertmanager {
    /// Starts both.
    pub(crate) async fn start(path: &Path, directory: &Directory) -> Self {
        let received = Received::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new()
            .route("/", post(receive))
            .with_state(Arc::clone(&received));
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });

        let configuration = json!({
            "route": { "receiver": "test", "group_by": ["..."], "group_wait": "0s", "group_interval": "1s" },
            "receivers": [{ "name": "test", "webhook_configs": [{ "url": format!("http://{address}/") }] }],
        });
        let configuration = directory.write("alertmanager.yml", &configuration.to_string());
        // Absolute: it is run in a directory of its own.
        let data = directory.path().join("alertmanager-data");
        let port = ports::free();
        let mut command = Command::new(path);
        command
            .arg(format!("--config.file={}", configuration.display()))
            .arg(format!("--storage.path={}", data.display()))
            // It is alone.
            .arg("--cluster.listen-address=")
            .arg(format!("--web.listen-address=127.0.0.1:{port}"));
        let mut program = Program::start("alertmanager", command, directory.path());
        program.ready(&Api::new(port), "/-/ready").await;
        Self {
            port,
            received,
            server,
            _program: program,
        }
    }

    /// All notifications so far.
    pub(crate) fn notifications(&self) -> Vec<Value> {
        let received = self.received.lock();
        received.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn receive(State(received): State<Received>, Json(notification): Json<Value>) {
    let mut received = received.lock().unwrap_or_else(PoisonError::into_inner);
    received.push(notification);
}
