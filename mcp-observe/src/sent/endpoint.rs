//! The server that a client sends its messages to, as far as the client knows it.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use opentelemetry::{KeyValue, StringValue};

use crate::closed::Transport;
use crate::semconv::attribute;

/// Longest host name there is, in bytes (RFC 1035).
const MAX_HOST: usize = 253;

/// Where a client's messages go: `network.transport`, `server.address` and `server.port` of its
/// operations.
///
/// # Example
/// ```
/// use mcp_observe::rmcp::Endpoint;
///
/// let endpoint = Endpoint::http("https://weather.example.com/mcp")?;
/// # Ok::<(), mcp_observe::rmcp::EndpointError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Endpoint {
    pub(crate) transport: Transport,
    address: Option<Arc<str>>,
    port: Option<u16>,
}

/// The URL of a server cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error(
    "not the URL of an MCP server: {reason}; give it as in `https://weather.example.com:8443/mcp`"
)]
pub struct EndpointError {
    reason: &'static str,
}

impl Endpoint {
    /// A server that is reached through a pipe: a child process over stdio, or one in memory.
    #[must_use]
    pub fn pipe() -> Self {
        Self {
            transport: Transport::Pipe,
            address: None,
            port: None,
        }
    }

    /// A server that is reached over HTTP, by its URL. Of that only host and port are kept; where it
    /// names no port, it is that of the scheme.
    ///
    /// # Errors
    /// If it is no `http` or `https` URL with a host.
    pub fn http(url: &str) -> Result<Self, EndpointError> {
        let error = |reason| EndpointError { reason };
        let (scheme, rest) = url
            .split_once("://")
            .ok_or_else(|| error("it has no scheme"))?;
        let default_port = if scheme.eq_ignore_ascii_case("https") {
            443
        } else if scheme.eq_ignore_ascii_case("http") {
            80
        } else {
            return Err(error("its scheme is neither http nor https"));
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // What stands before an `@` is a user's name and password.
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let (host, port) = match authority.rsplit_once(':') {
            // A colon inside brackets is part of an IPv6 address.
            Some((host, port)) if !port.contains(']') => {
                let port = port.parse().map_err(|_| error("its port is no number"))?;
                (host, port)
            }
            _ => (authority, default_port),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || host.len() > MAX_HOST {
            return Err(error("it has no host"));
        }
        Ok(Self {
            transport: Transport::Http,
            address: Some(host.to_ascii_lowercase().into()),
            port: Some(port),
        })
    }

    /// A peer of which nothing but the way to it is known.
    #[cfg(feature = "rmcp")]
    pub(crate) fn through(transport: Transport) -> Self {
        Self {
            transport,
            address: None,
            port: None,
        }
    }

    /// Adds `server.address` and `server.port`.
    pub(crate) fn attributes(&self, attributes: &mut Vec<KeyValue>) {
        if let Some(address) = &self.address {
            let address = StringValue::from(Arc::clone(address));
            attributes.push(KeyValue::new(attribute::SERVER_ADDRESS, address));
            if let Some(port) = self.port {
                attributes.push(KeyValue::new(attribute::SERVER_PORT, i64::from(port)));
            }
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("address", &self.address)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// Endpoints that have time series of their own; all others have series without an address.
#[derive(Debug, Default)]
pub(crate) struct Endpoints(RwLock<Vec<Endpoint>>);

impl Endpoints {
    const MAX: usize = 32;

    /// A number from 1 that no other endpoint of the instance has; 0 for those without series of
    /// their own.
    pub(crate) fn index(&self, endpoint: &Endpoint) -> u8 {
        if endpoint.address.is_none() {
            return 0;
        }
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = position(&known, endpoint) {
            return index;
        }
        drop(known);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if position(&known, endpoint).is_none() && known.len() < Self::MAX {
            known.push(endpoint.clone());
        }
        position(&known, endpoint).unwrap_or_default()
    }
}

fn position(known: &[Endpoint], endpoint: &Endpoint) -> Option<u8> {
    let index = known.iter().position(|it| it == endpoint)?;
    u8::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_port_are_what_is_kept() {
        for (url, address, port) in [
            ("http://127.0.0.1:8000/mcp", "127.0.0.1", 8000),
            ("https://Weather.Example.com", "weather.example.com", 443),
            ("http://[::1]:9000/mcp", "::1", 9000),
            ("http://[::1]/mcp", "::1", 80),
            ("https://me:secret@h.example/a@b:1?c=d", "h.example", 443),
        ] {
            let endpoint = Endpoint::http(url).unwrap();
            assert_eq!(endpoint.address.as_deref(), Some(address), "{url}");
            assert_eq!(endpoint.port, Some(port), "{url}");
        }
    }

    #[test]
    fn what_is_no_url_is_refused_without_being_quoted() {
        for url in [
            "localhost:8000",
            "ftp://h/",
            "http://:80/",
            "http://h:port/",
        ] {
            let error = Endpoint::http(url).unwrap_err().to_string();
            assert!(!error.contains(url), "{error}");
        }
    }

    #[test]
    fn endpoints_are_told_apart_up_to_a_bound() {
        let endpoints = Endpoints::default();
        let at = |port| Endpoint::http(&format!("http://h:{port}/")).unwrap();
        assert_eq!(endpoints.index(&Endpoint::pipe()), 0);
        assert_eq!(endpoints.index(&at(1)), 1);
        for port in 2..=200 {
            endpoints.index(&at(port));
        }
        assert_eq!(endpoints.index(&at(1)), 1);
        assert_eq!(endpoints.index(&at(32)), 32);
        assert_eq!(endpoints.index(&at(33)), 0);
    }
}
