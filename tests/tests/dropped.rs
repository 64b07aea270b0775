//! A request whose runtime goes away: what its handler drops then is dropped inside of its operation.

use std::future::pending;
use std::sync::{Arc, Mutex, OnceLock};

use mcp_observe::rmcp::Observed;
use mcp_observe_tests::wire::{Wire, eventually, request};
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt as _};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::json;

/// Where it is dropped.
type Place = Arc<OnceLock<SpanContext>>;

struct Held(Place);

impl Drop for Held {
    fn drop(&mut self) {
        let span = Context::current().span().span_context().clone();
        self.0.set(span).expect("it is dropped once");
    }
}

struct Waiting {
    /// Until it is asked.
    held: Mutex<Option<Held>>,
}

impl ServerHandler for Waiting {
    async fn ping(&self, _: RequestContext<RoleServer>) -> Result<(), ErrorData> {
        let _held = self.held.lock().expect("nothing panics").take();
        pending().await
    }
}

#[test]
fn what_a_request_holds_is_dropped_inside() {
    let capture = Capture::new();
    let place = Place::default();
    let held = Mutex::new(Some(Held(Arc::clone(&place))));
    let observed = Observed::builder(Waiting { held })
        .telemetry(&capture.telemetry)
        .build();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let wire = runtime.block_on(async {
        let mut wire = Wire::initialized(observed, "2025-11-25").await;
        wire.send(&request(1, "ping", &json!({})).to_string()).await;
        // Once a second one is asked, the first has begun.
        let second = request(2, "tools/list", &json!({}));
        wire.ask(&second).await;
        eventually("it is answered", || {
            !capture.spans_named("tools/list").is_empty()
        })
        .await;
        wire
    });
    drop(runtime);
    drop(wire);
    let ping = capture.span("ping");
    assert_eq!(attribute(&ping, "error.type").as_deref(), Some("cancelled"));
    assert_eq!(place.get(), Some(&ping.span_context));
}
