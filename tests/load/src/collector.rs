//! A collector of spans that behaves as it is told, and counts the spans that it said it has.

use std::future::pending;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use prost::Message;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::ledger::Ledger;

/// How the collector answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// At once.
    Accept,
    /// After this time.
    Slow(Duration),
    /// With this status, and takes nothing.
    Refuse(StatusCode),
    /// Never.
    Hang,
    /// At once, and without a look at what it is.
    Ignore,
    /// Once it behaves otherwise, and then as if nothing had been.
    Hold,
}

#[derive(Debug)]
struct Shared {
    behaviour: watch::Sender<Behaviour>,
    state: Mutex<Known>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Known {
    spans: Ledger,
    number: u64,
    /// Requests with spans that were left without an answer.
    hanging: u64,
}

impl Shared {
    /// Whether to take what came, or to answer otherwise. Returns only when it is time to.
    async fn time(&self) -> Result<(), StatusCode> {
        let mut behaviour = self.behaviour.subscribe();
        let held = behaviour.wait_for(|it| *it != Behaviour::Hold).await;
        let behaviour = held.map_or(Behaviour::Accept, |it| *it);
        match behaviour {
            Behaviour::Accept | Behaviour::Hold => Ok(()),
            Behaviour::Slow(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
            Behaviour::Refuse(status) => Err(status),
            Behaviour::Ignore => Err(StatusCode::OK),
            Behaviour::Hang => {
                self.lock().hanging += 1;
                self.changed.notify_all();
                pending().await
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The collector.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    shared: Arc<Shared>,
    runtime: Option<Runtime>,
}

impl Collector {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn start(behaviour: Behaviour) -> Self {
        let shared = Arc::new(Shared {
            behaviour: watch::Sender::new(behaviour),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let (runtime, address) = serve(SocketAddr::from(([127, 0, 0, 1], 0)), &shared);
        Self {
            address,
            shared,
            runtime: Some(runtime),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Behaves otherwise from now on.
    pub fn behave(&self, behaviour: Behaviour) {
        self.shared.behaviour.send_replace(behaviour);
    }

    /// Waits until a request with spans hangs. As spans are exported one batch after the other, whatever
    /// was said before has been heard by then.
    ///
    /// # Panics
    /// If none comes within a minute.
    pub fn wait_until_it_hangs(&self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        let mut known = self.shared.lock();
        while known.hanging == 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "nothing is exported");
            let woken = self.shared.changed.wait_timeout(known, left);
            known = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Goes away: connections break, and new ones are refused.
    pub fn stop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }

    /// Comes back, where it was, and takes everything.
    ///
    /// # Panics
    /// If the port was taken meanwhile.
    pub fn come_back(&mut self) {
        self.behave(Behaviour::Accept);
        self.runtime = Some(serve(self.address, &self.shared).0);
    }

    /// How many spans it said it has.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.shared.lock().number
    }

    /// The spans that it said it has.
    #[must_use]
    pub fn spans(&self) -> Ledger {
        self.shared.lock().spans.clone()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn serve(address: SocketAddr, shared: &Arc<Shared>) -> (Runtime, SocketAddr) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let listener = runtime
        .block_on(TcpListener::bind(address))
        .expect("the port is free");
    let address = listener.local_addr().expect("it is bound");
    let router = Router::new()
        .route("/v1/traces", post(traces))
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::clone(shared));
    runtime.spawn(async { axum::serve(listener, router).await });
    (runtime, address)
}

async fn traces(State(shared): State<Arc<Shared>>, body: Bytes) -> StatusCode {
    if let Err(status) = shared.time().await {
        return status;
    }
    let Ok(request) = ExportTraceServiceRequest::decode(body) else {
        return StatusCode::BAD_REQUEST;
    };
    let mut known = shared.lock();
    let spans = request.resource_spans.iter();
    let spans = spans.flat_map(|resource| &resource.scope_spans);
    for span in spans.flat_map(|scope| &scope.spans) {
        let attribute = |key| text(&span.attributes, key);
        known.number += 1;
        let error_type = attribute("error.type");
        let code = attribute("rpc.response.status_code");
        known.spans.span(&span.name, error_type, code);
    }
    StatusCode::OK
}

fn text<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    let attribute = attributes.iter().find(|it| it.key == key)?;
    match attribute.value.as_ref()?.value.as_ref()? {
        any_value::Value::StringValue(text) => Some(text),
        _ => None,
    }
}
