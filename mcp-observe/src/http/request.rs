//! The body of a request, whose first bytes are kept as they go by.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::exchange::Exchange;

/// What is kept of a message, in bytes. Callers may send megabytes; method, id and `_meta` are read of
/// as much as is kept.
const KEPT: usize = 64 * 1_024;

pin_project! {
    /// The body of a request through [`Observe`](super::Observe): the body that it was given, unchanged.
    #[derive(Debug)]
    pub struct RequestBody<B> {
        #[pin]
        inner: B,
        kept: Option<Kept>,
    }

    // Whoever reads it need not read it to its end.
    impl<B> PinnedDrop for RequestBody<B> {
        fn drop(this: Pin<&mut Self>) {
            if let Some(kept) = this.project().kept.take() {
                kept.hand_over();
            }
        }
    }
}

struct Kept {
    exchange: Exchange,
    head: Head,
}

impl Kept {
    fn hand_over(self) {
        self.exchange.keep(self.head.bytes);
    }
}

/// What a message says is not for logs.
impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}

/// The first bytes of a body.
#[derive(Default)]
pub(super) struct Head {
    pub(super) bytes: Vec<u8>,
    /// What comes now does not follow what is kept.
    is_cut: bool,
}

impl Head {
    /// Copies what there is room for, and consumes nothing.
    pub(super) fn see(&mut self, data: &impl Buf) {
        let chunk = data.chunk();
        let room = KEPT - self.bytes.len();
        if !self.is_cut {
            self.bytes
                .extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
        // What is not contiguous cannot be seen beyond its first part without consuming it.
        self.is_cut |= data.remaining() > chunk.len() || chunk.len() > room;
    }
}

impl<B> RequestBody<B> {
    pub(super) fn passing(inner: B) -> Self {
        Self { inner, kept: None }
    }

    pub(super) fn kept_for(exchange: Exchange, inner: B) -> Self {
        let head = Head::default();
        Self {
            inner,
            kept: Some(Kept { exchange, head }),
        }
    }
}

impl<B: Body> Body for RequestBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        let frame = ready!(this.inner.poll_frame(task));
        match &frame {
            Some(Ok(frame)) => {
                if let (Some(kept), Some(data)) = (&mut *this.kept, frame.data_ref()) {
                    kept.head.see(data);
                }
            }
            Some(Err(_)) | None => {
                if let Some(kept) = this.kept.take() {
                    kept.hand_over();
                }
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
