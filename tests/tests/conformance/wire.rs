//! What the suite sends to a server, as it goes by.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use serde_json::Value;

/// A JSON-RPC message from the suite.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) method: String,
    /// As text; `None` for a notification.
    pub(crate) id: Option<String>,
    /// The tool or the prompt that it asks for.
    pub(crate) target: Option<String>,
    /// Whether it was answered, or accepted, with a status of success.
    pub(crate) accepted: bool,
}

/// The messages so far. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Messages(Arc<Mutex<Vec<Message>>>);

impl Messages {
    /// All of them, in the order in which their answers began.
    pub(crate) fn all(&self) -> Vec<Message> {
        self.0.lock().expect("not poisoned").clone()
    }

    /// Has those to `router` recorded.
    pub(crate) fn record(&self, router: Router) -> Router {
        let messages = self.clone();
        router.layer(from_fn(move |request: Request, next: Next| {
            let messages = messages.clone();
            async move {
                let (head, body) = request.into_parts();
                let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
                let message = serde_json::from_slice(&body).ok();
                let request = Request::from_parts(head, Body::from(body));
                let response = next.run(request).await;
                if let Some(message) = message.and_then(|it| read(&it, &response)) {
                    messages.0.lock().expect("not poisoned").push(message);
                }
                response
            }
        }))
    }
}

/// `None` if it is the client's answer to a request of the server's.
fn read(message: &Value, response: &axum::response::Response) -> Option<Message> {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let method = message["method"].as_str()?.to_owned();
    let of_target = matches!(&*method, "tools/call" | "prompts/get");
    Some(Message {
        id: text(&message["id"]),
        target: of_target
            .then(|| text(&message["params"]["name"]))
            .flatten(),
        accepted: response.status().is_success(),
        method,
    })
}
