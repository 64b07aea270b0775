//! Who sent a message, as far as the server knows it: what `usr.id` is read from.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use super::sender::Sender;
use crate::context::carrier::Carrier;

/// The authenticated subject of a request, for `usr.id` of the security log.
///
/// Whoever authenticates a request inserts one into its extensions; no hook is needed then. To have
/// it on the events of requests that are refused as well, insert it with
/// [`insert_into`](Self::insert_into), and, where the request ends there and then, into the
/// extensions of the response.
///
/// # Example
/// ```
/// # #[cfg(feature = "http")]
/// # mod with_http {
/// use axum::extract::Request;
/// use axum::http::StatusCode;
/// use axum::middleware::Next;
/// use axum::response::{IntoResponse, Response};
/// use mcp_observe::security::Subject;
/// # fn authenticated(_: &Request) -> Option<String> { None }
///
/// async fn authenticate(mut request: Request, next: Next) -> Response {
///     let Some(user) = authenticated(&request) else {
///         return StatusCode::UNAUTHORIZED.into_response();
///     };
///     Subject::new(user).insert_into(request.extensions_mut());
///     next.run(request).await
/// }
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Subject(Arc<str>);

impl Subject {
    /// The subject of that name. The log has its first 256 bytes.
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        Self(id.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Inserts it into a request's extensions, and tells it an
    /// [`ObserveLayer`](crate::http::ObserveLayer) that the request came through: so that it is also
    /// known where the request is refused after that, before a handler is asked.
    #[cfg(feature = "http")]
    pub fn insert_into(self, extensions: &mut http::Extensions) {
        crate::http::authenticated(extensions, &self);
        extensions.insert(self);
    }
}

/// Who it is, is not for logs of any kind but one.
impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subject(..)")
    }
}

/// What a server knows of who sent a message; see [`SecurityLogBuilder::subject`].
///
/// [`SecurityLogBuilder::subject`]: crate::security::SecurityLogBuilder::subject
#[derive(Clone, Copy, Default)]
pub struct Caller<'a> {
    #[cfg(any(feature = "rmcp", feature = "http"))]
    headers: Option<&'a http::HeaderMap>,
    #[cfg(any(feature = "rmcp", feature = "http"))]
    http: Option<&'a http::Extensions>,
    #[cfg(feature = "rmcp")]
    message: Option<crate::rmcp::Origin<'a>>,
    meta: Option<&'a dyn Carrier>,
    address: Option<IpAddr>,
}

impl<'a> Caller<'a> {
    /// The headers of the HTTP request that a handler got the message with. None over other
    /// transports, and where the request was refused before: nobody may have verified them.
    ///
    /// A header says who the caller is only if something in front of the server sets it, and takes
    /// away what callers send under that name.
    #[cfg(any(feature = "rmcp", feature = "http"))]
    #[must_use]
    pub fn headers(&self) -> Option<&'a http::HeaderMap> {
        self.headers
    }

    /// What an authentication layer put into the extensions of the HTTP request, or, where the
    /// request was refused, of the response; else into those of the message.
    #[must_use]
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&'a T> {
        #[cfg(any(feature = "rmcp", feature = "http"))]
        if let Some(found) = self.http.and_then(http::Extensions::get) {
            return Some(found);
        }
        #[cfg(feature = "rmcp")]
        if let Some(found) = self.message.and_then(crate::rmcp::Origin::extension) {
            return Some(found);
        }
        None
    }

    /// The peer of the connection: the nearest proxy, if there is one. Known where the server is
    /// served with axum's connect info (feature `http`).
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// What the message says of itself in `_meta` under `key`, if that is a string.
    ///
    /// **The caller writes it, and can write anything.** A subject from here proves nothing, and can
    /// be another one in each message, unless you check it: only a signed token would do.
    #[must_use]
    pub fn unverified_meta(&self, key: &str) -> Option<&'a str> {
        self.meta?.get(key)
    }
}

impl<'a> Caller<'a> {
    /// Who sent a message that a handler got.
    pub(crate) fn of(sender: Sender<'a>, peer: Option<SocketAddr>) -> Self {
        let unknown = Self {
            address: peer.map(|peer| peer.ip()),
            ..Self::default()
        };
        match sender {
            Sender::Unknown => unknown,
            Sender::Meta(meta) => Self {
                meta: Some(meta),
                ..unknown
            },
            #[cfg(feature = "rmcp")]
            Sender::Rmcp(origin) => {
                let parts = origin.parts();
                Self {
                    headers: parts.map(|parts| &parts.headers),
                    http: parts.map(|parts| &parts.extensions),
                    message: Some(origin),
                    meta: Some(origin.meta()),
                    ..unknown
                }
            }
        }
    }

    /// Whose request was refused, with this.
    #[cfg(feature = "http")]
    pub(crate) fn refused(response: &'a http::Extensions, peer: Option<SocketAddr>) -> Self {
        Self {
            http: Some(response),
            ..Self::of(Sender::Unknown, peer)
        }
    }
}

/// What it tells is the caller's, and not for logs.
impl fmt::Debug for Caller<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").finish_non_exhaustive()
    }
}
