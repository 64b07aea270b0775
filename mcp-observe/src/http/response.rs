//! The body of an answer, looked at as it goes by until it is known to be no refusal.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::answer::Answer;

pin_project! {
    /// The body of a response through [`Observe`](super::Observe): the body that the service gave,
    /// unchanged.
    #[derive(Debug)]
    pub struct ResponseBody<B> {
        #[pin]
        inner: B,
        answer: Option<Answer>,
    }

    // The connection may have no use for the rest, nor the client.
    impl<B> PinnedDrop for ResponseBody<B> {
        fn drop(this: Pin<&mut Self>) {
            if let Some(answer) = this.project().answer.take() {
                answer.close();
            }
        }
    }
}

impl<B> ResponseBody<B> {
    pub(super) fn new(inner: B, answer: Option<Answer>) -> Self {
        Self { inner, answer }
    }
}

impl<B: Body> Body for ResponseBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let frame = ready!(this.inner.as_mut().poll_frame(task));
        if let Some(answer) = this.answer {
            let is_last = match &frame {
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        answer.see(data);
                    }
                    this.inner.is_end_stream()
                }
                Some(Err(_)) | None => true,
            };
            if answer.is_settled() {
                *this.answer = None;
            } else if is_last && let Some(answer) = this.answer.take() {
                answer.close();
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
