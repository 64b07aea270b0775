//! Bodies pass frame by frame: what the layer sees of them, it sees as they go by.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use axum::body::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::{Body, Frame, SizeHint};
use mcp_observe::http::{ObserveLayer, RequestBody, ResponseBody};
use mcp_observe_tests::{Capture, attribute};
use tower_layer::Layer;
use tower_service::Service;

/// What a body does the next time that it is polled.
#[derive(Debug)]
enum Step {
    Data(Bytes),
    Trailers(HeaderMap),
    Wait,
    Fail(&'static str),
}

#[derive(Debug)]
struct Script(VecDeque<Step>);

impl Body for Script {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        match self.0.pop_front() {
            Some(Step::Data(data)) => Poll::Ready(Some(Ok(Frame::data(data)))),
            Some(Step::Trailers(trailers)) => Poll::Ready(Some(Ok(Frame::trailers(trailers)))),
            Some(Step::Fail(error)) => Poll::Ready(Some(Err(error))),
            Some(Step::Wait) => Poll::Pending,
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len() as u64)
    }
}

/// Refuses a message, with its own body for an answer; ready every second time that it is asked.
#[derive(Debug)]
struct Mirror {
    content_type: &'static str,
    is_ready: bool,
}

impl Service<Request<RequestBody<Script>>> for Mirror {
    type Response = Response<RequestBody<Script>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.is_ready = !self.is_ready;
        if self.is_ready {
            Poll::Ready(Ok(()))
        } else {
            Poll::Pending
        }
    }

    fn call(&mut self, request: Request<RequestBody<Script>>) -> Self::Future {
        let response = Response::builder()
            .status(400)
            .header("content-type", self.content_type)
            .body(request.into_body());
        ready(Ok(response.expect("a response")))
    }
}

type Passing = ResponseBody<RequestBody<Script>>;

/// A body that passes through the layer twice: as the request's, and as the response's.
fn through(
    capture: &Capture,
    content_type: &'static str,
    steps: impl IntoIterator<Item = Step>,
) -> Passing {
    let layer = ObserveLayer::new().telemetry(&capture.telemetry);
    let mut service = layer.layer(Mirror {
        content_type,
        is_ready: true,
    });
    let mut task = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut task).is_pending());
    assert!(service.poll_ready(&mut task).is_ready());
    let body = Script(steps.into_iter().collect());
    let request = Request::post("/").body(body).expect("a request");
    match pin!(service.call(request)).poll(&mut task) {
        Poll::Ready(Ok(response)) => response.into_body(),
        Poll::Pending => panic!("it never waits"),
    }
}

fn poll(body: &mut Passing) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
    Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop()))
}

const REFUSAL: &[u8] = br#"{"jsonrpc":"2.0","id":5,"method":"ping","error":{"code":-32600}}"#;

#[test]
fn frames_pass_as_they_come_and_unchanged() {
    for content_type in [
        "application/json",
        "text/event-stream; charset=utf-8",
        "text/plain",
    ] {
        let capture = Capture::new();
        let frames = [Bytes::from_static(b"one"), Bytes::from(vec![b'x'; 200_000])];
        let mut trailers = HeaderMap::new();
        trailers.insert("checksum", HeaderValue::from_static("7"));
        let [first, second] = frames.each_ref().map(|frame| Step::Data(frame.clone()));
        let last = Step::Trailers(trailers.clone());
        let mut body = through(&capture, content_type, [first, Step::Wait, second, last]);
        assert_eq!(body.size_hint().exact(), Some(4));
        assert!(!body.is_end_stream());
        for (frame, left) in frames.iter().zip([2, 1]) {
            let Poll::Ready(Some(Ok(passed))) = poll(&mut body) else {
                panic!("the frame was there");
            };
            let passed = passed.into_data().expect("data");
            // Not even copied.
            assert_eq!(
                (passed.as_ptr(), passed.len()),
                (frame.as_ptr(), frame.len())
            );
            if left == 2 {
                assert!(poll(&mut body).is_pending(), "nothing else is there yet");
            }
            assert_eq!(body.size_hint().exact(), Some(left));
        }
        let Poll::Ready(Some(Ok(passed))) = poll(&mut body) else {
            panic!("the trailers were there");
        };
        assert_eq!(passed.into_trailers().expect("trailers"), trailers);
        assert!(body.is_end_stream());
        assert!(matches!(poll(&mut body), Poll::Ready(None)));
        drop(body);
        assert_eq!(capture.span("_OTHER").name, "_OTHER");
    }
}

#[test]
fn a_body_that_fails_fails() {
    let capture = Capture::new();
    let steps = [Step::Data(Bytes::from_static(REFUSAL)), Step::Fail("torn")];
    let mut body = through(&capture, "application/json", steps);
    assert!(matches!(poll(&mut body), Poll::Ready(Some(Ok(_)))));
    assert!(matches!(poll(&mut body), Poll::Ready(Some(Err("torn")))));
    drop(body);
    assert_eq!(capture.spans().len(), 1);
}

/// The operation lasts until the answer has gone through, or was given up.
#[test]
fn an_operation_ends_with_its_answer() {
    let event = [b"data:", REFUSAL, b"\n\n"].concat();
    for (content_type, data) in [
        ("application/json", Bytes::from_static(REFUSAL)),
        ("text/event-stream", Bytes::from(event)),
    ] {
        for is_read in [true, false] {
            let capture = Capture::new();
            let parts = [data.slice(..30), data.slice(30..)].map(Step::Data);
            let mut body = through(&capture, content_type, parts);
            assert!(matches!(poll(&mut body), Poll::Ready(Some(Ok(_)))));
            assert_eq!(capture.spans().len(), 0);
            if is_read {
                assert!(matches!(poll(&mut body), Poll::Ready(Some(Ok(_)))));
                assert_eq!(capture.spans().len(), 1, "that was the last of it");
            }
            drop(body);
            let spans = capture.spans();
            assert_eq!(spans.len(), 1);
            // What was seen of the answer, else what HTTP says.
            let (key, value) = if is_read {
                ("rpc.response.status_code", "-32600")
            } else {
                ("http.response.status_code", "400")
            };
            assert_eq!(attribute(&spans[0], key).as_deref(), Some(value));
        }
    }
}
