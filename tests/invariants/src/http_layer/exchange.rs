//! One HTTP request through the layer, without a network.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::poll_fn;
use std::mem;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Extensions, HeaderMap, Method, StatusCode};
use http_body::{Body, Frame};
use mcp_observe::Telemetry;
use mcp_observe::http::{ObserveLayer, RequestBody};
use mcp_observe::rmcp::Observed;
use rmcp::ServerHandler;
use rmcp::model::CallToolRequestParams;
use tower_layer::Layer;
use tower_service::Service;

use crate::request::{context, ready};

/// What a client sends.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// Bytes of the body that come at once.
    pub(crate) piece: usize,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            method: Method::POST,
            headers: HeaderMap::new(),
            body: Vec::new(),
            piece: usize::MAX,
        }
    }
}

/// What the service answers.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) extensions: Extensions,
    pub(crate) body: Vec<u8>,
    /// Pieces of the request's body that it reads before.
    pub(crate) reads: usize,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            extensions: Extensions::new(),
            body: Vec::new(),
            reads: usize::MAX,
        }
    }
}

/// A request that was answered.
#[derive(Debug)]
pub(crate) struct Exchange {
    sent: Request,
    answer: Answer,
    /// What the service got, and what the client got.
    received: Request,
    answered: Answer,
}

impl Exchange {
    /// Sends the request to a service that answers so.
    pub(crate) fn through(layer: &ObserveLayer, sent: Request, answer: Answer) -> Self {
        let received = Arc::new(Mutex::new(Request::default()));
        let mut service = layer.layer(Answering {
            answer: answer.clone(),
            received: Arc::clone(&received),
            piece: sent.piece,
        });
        let mut request = http::Request::new(Pieces::of(&sent.body, sent.piece));
        *request.method_mut() = sent.method.clone();
        *request.headers_mut() = sent.headers.clone();
        let Ok(response) = ready(service.call(request));
        let (head, body) = response.into_parts();
        let answered = Answer {
            status: head.status,
            headers: head.headers,
            extensions: Extensions::new(),
            body: ready(read(body, usize::MAX)),
            reads: answer.reads,
        };
        let received = mem::take(&mut *received.lock().expect("not poisoned"));
        Self {
            sent,
            answer,
            received,
            answered,
        }
    }

    /// Asserts that both sides got what the other one sent.
    #[track_caller]
    pub(crate) fn assert_unchanged(&self) {
        let (sent, received) = (&self.sent, &self.received);
        assert_eq!(received.method, sent.method);
        assert_eq!(received.headers, sent.headers);
        let read = sent.piece.saturating_mul(self.answer.reads);
        let read = &sent.body[..sent.body.len().min(read)];
        assert_eq!(received.body, read);
        assert_eq!(self.answered.status, self.answer.status);
        assert_eq!(self.answered.headers, self.answer.headers);
        assert_eq!(self.answered.body, self.answer.body);
    }
}

/// Lets the layer know that an observed handler is inside.
pub(super) fn observed(layer: &ObserveLayer, telemetry: &Telemetry) {
    /// Has nothing to call.
    #[derive(Clone)]
    struct Nothing;

    impl ServerHandler for Nothing {}

    /// Hands the request to the handler.
    struct Handling(Observed<Nothing>);

    impl Service<http::Request<RequestBody<Pieces>>> for Handling {
        type Response = http::Response<Pieces>;
        type Error = Infallible;
        type Future = std::future::Ready<Result<Self::Response, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: http::Request<RequestBody<Pieces>>) -> Self::Future {
            let mut context = context();
            context.extensions.insert(request.into_parts().0);
            let refused = ready(self.0.call_tool(CallToolRequestParams::new("any"), context));
            assert!(refused.is_err(), "it has no tools");
            std::future::ready(Ok(http::Response::new(Pieces::of(&[], 1))))
        }
    }

    let handler = Observed::builder(Nothing).telemetry(telemetry).build();
    let request = http::Request::post("/mcp").body(Pieces::of(&[], 1));
    let Ok(_) = ready(
        layer
            .layer(Handling(handler))
            .call(request.expect("a request")),
    );
}

/// A body, piece by piece.
#[derive(Debug)]
pub(super) struct Pieces(VecDeque<Bytes>);

impl Pieces {
    fn of(body: &[u8], piece: usize) -> Self {
        Self(body.chunks(piece).map(Bytes::copy_from_slice).collect())
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

async fn read<B: Body<Data = Bytes, Error = Infallible>>(body: B, pieces: usize) -> Vec<u8> {
    let mut body = pin!(body);
    let mut read = Vec::new();
    for _ in 0..pieces {
        let Some(Ok(frame)) = poll_fn(|task| body.as_mut().poll_frame(task)).await else {
            break;
        };
        read.extend(frame.into_data().expect("nothing but data"));
    }
    read
}

/// Answers so, and keeps what it got.
struct Answering {
    answer: Answer,
    received: Arc<Mutex<Request>>,
    piece: usize,
}

impl Service<http::Request<RequestBody<Pieces>>> for Answering {
    type Response = http::Response<Pieces>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<RequestBody<Pieces>>) -> Self::Future {
        let (answer, received) = (self.answer.clone(), Arc::clone(&self.received));
        let piece = self.piece;
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = read(body, answer.reads).await;
            *received.lock().expect("not poisoned") = Request {
                method: head.method,
                headers: head.headers,
                body,
                piece,
            };
            let mut response = http::Response::new(Pieces::of(&answer.body, piece));
            *response.status_mut() = answer.status;
            *response.headers_mut() = answer.headers;
            *response.extensions_mut() = answer.extensions;
            Ok(response)
        })
    }
}
