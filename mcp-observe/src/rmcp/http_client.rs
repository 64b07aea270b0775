//! `ObservedHttpClient`: an HTTP client of rmcp's that tells which session messages went in.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::stream::BoxStream;
use http::{HeaderName, HeaderValue};
use rmcp::model::{ClientJsonRpcMessage, GetExtensions as _, JsonRpcMessage};
use rmcp::transport::streamable_http_client::{
    SseError, StreamableHttpClient, StreamableHttpError, StreamableHttpPostResponse,
    StreamableHttpResponseLimits,
};
use sse_stream::Sse;

use super::sent::Sent;

type Posted<E> = Result<StreamableHttpPostResponse, StreamableHttpError<E>>;
type Stream<E> = Result<BoxStream<'static, Result<Sse, SseError>>, StreamableHttpError<E>>;

/// An HTTP client whose messages know the session that they went in: sets `mcp.session.id` on the spans
/// of [`ObservedPeer`](super::ObservedPeer) and [`ObservedTransport`](super::ObservedTransport), and has
/// no session measured where the server gave out no id. Nothing else changes.
///
/// rmcp keeps the id inside of its transport, and this is the only place that sees it. The peer's lists
/// and reads, whose messages rmcp makes, have theirs where the transport is an `ObservedTransport`. A
/// message that is sent a second time, since its session had expired, keeps the id of the first.
///
/// # Example
/// ```
/// # async fn connect<C: rmcp::transport::streamable_http_client::StreamableHttpClient + Sync>(
/// #     http_client: C,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// use mcp_observe::rmcp::{Endpoint, ObservedHttpClient, ObservedTransport};
/// use rmcp::ServiceExt;
/// use rmcp::transport::StreamableHttpClientTransport;
/// use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
///
/// let url = "https://weather.example.com/mcp";
/// // `http_client` may be a `reqwest::Client`.
/// let transport = StreamableHttpClientTransport::with_client(
///     ObservedHttpClient::new(http_client),
///     StreamableHttpClientTransportConfig::with_uri(url),
/// );
/// let transport = ObservedTransport::builder(transport)
///     .endpoint(Endpoint::http(url)?)
///     .build();
/// let session = ().serve(transport).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct ObservedHttpClient<C> {
    inner: C,
}

impl<C> ObservedHttpClient<C> {
    /// Observes what `client` posts.
    #[must_use]
    pub fn new(client: C) -> Self {
        Self { inner: client }
    }
}

/// A message that is being posted.
struct Posting {
    sent: Option<Sent>,
    is_in_session: bool,
}

impl Posting {
    fn begin(message: &ClientJsonRpcMessage, session: Option<&Arc<str>>) -> Self {
        let extensions = match message {
            JsonRpcMessage::Request(message) => Some(message.request.extensions()),
            JsonRpcMessage::Notification(message) => Some(message.notification.extensions()),
            JsonRpcMessage::Response(_) | JsonRpcMessage::Error(_) => None,
        };
        let sent = extensions.and_then(|it| it.get::<Sent>()).cloned();
        if let (Some(sent), Some(id)) = (&sent, session) {
            sent.tell_session(Some(id));
        }
        Self {
            sent,
            is_in_session: session.is_some(),
        }
    }

    /// A server gives out the id with the answer to what opens a session.
    fn end<E: std::error::Error + Send + Sync + 'static>(self, posted: Posted<E>) -> Posted<E> {
        if let (Some(sent), Ok(response), false) = (&self.sent, &posted, self.is_in_session) {
            sent.tell_session(match response {
                StreamableHttpPostResponse::Json(_, id)
                | StreamableHttpPostResponse::Sse(_, id) => id.as_deref(),
                _ => None,
            });
        }
        posted
    }
}

impl<C: StreamableHttpClient> StreamableHttpClient for ObservedHttpClient<C> {
    type Error = C::Error;

    fn post_message(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session_id: Option<Arc<str>>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> impl Future<Output = Posted<Self::Error>> + Send + '_ {
        let posting = Posting::begin(&message, session_id.as_ref());
        let posted = self
            .inner
            .post_message(uri, message, session_id, auth_header, custom_headers);
        async move { posting.end(posted.await) }
    }

    fn post_message_with_max_sse_event_size(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session_id: Option<Arc<str>>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
        max_sse_event_size: usize,
    ) -> impl Future<Output = Posted<Self::Error>> + Send + '_ {
        let posting = Posting::begin(&message, session_id.as_ref());
        let posted = self.inner.post_message_with_max_sse_event_size(
            uri,
            message,
            session_id,
            auth_header,
            custom_headers,
            max_sse_event_size,
        );
        async move { posting.end(posted.await) }
    }

    fn post_message_with_response_limits(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session_id: Option<Arc<str>>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
        limits: StreamableHttpResponseLimits,
    ) -> impl Future<Output = Posted<Self::Error>> + Send + '_ {
        let posting = Posting::begin(&message, session_id.as_ref());
        let posted = self.inner.post_message_with_response_limits(
            uri,
            message,
            session_id,
            auth_header,
            custom_headers,
            limits,
        );
        async move { posting.end(posted.await) }
    }

    fn delete_session(
        &self,
        uri: Arc<str>,
        session_id: Arc<str>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> impl Future<Output = Result<(), StreamableHttpError<Self::Error>>> + Send + '_ {
        self.inner
            .delete_session(uri, session_id, auth_header, custom_headers)
    }

    fn get_stream(
        &self,
        uri: Arc<str>,
        session_id: Option<Arc<str>>,
        last_event_id: Option<String>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> impl Future<Output = Stream<Self::Error>> + Send + '_ {
        self.inner
            .get_stream(uri, session_id, last_event_id, auth_header, custom_headers)
    }

    fn get_stream_with_max_sse_event_size(
        &self,
        uri: Arc<str>,
        session_id: Option<Arc<str>>,
        last_event_id: Option<String>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
        max_sse_event_size: usize,
    ) -> impl Future<Output = Stream<Self::Error>> + Send + '_ {
        self.inner.get_stream_with_max_sse_event_size(
            uri,
            session_id,
            last_event_id,
            auth_header,
            custom_headers,
            max_sse_event_size,
        )
    }
}
