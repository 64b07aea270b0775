//! Someone who sends requests: with a token, from an address, in a session or without.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use http::request::Builder;
use mcp_observe_tests::session::VERSION;
use mcp_observe_tests::wire::modern_meta;
use serde_json::{Value, json};

use crate::office::EXPIRED;

/// Where a message says what its client is, since protocol 2026-07-28.
const CLIENT_INFO: &str = "io.modelcontextprotocol/clientInfo";

/// See the module.
#[derive(Clone)]
pub(crate) struct Caller {
    /// The bearer token: the user's name, or one of [`office`](crate::office)'s.
    token: &'static str,
    address: IpAddr,
    belongs: Belongs,
}

/// What its requests have in common.
#[derive(Clone)]
enum Belongs {
    /// A session, by the id that the server gave it.
    Session(String),
    /// What the client calls itself in each message, as there is no session.
    Client(String),
    Nothing,
}

impl Caller {
    /// A user who has not begun anything yet.
    pub(crate) fn new(user: &'static str, address: &str) -> Self {
        Self {
            token: user,
            address: address.parse().expect("an address"),
            belongs: Belongs::Nothing,
        }
    }

    /// Someone who has no session, and no token that is valid.
    pub(crate) fn stranger(address: &str) -> Self {
        Self::new(EXPIRED, address)
    }

    /// A user without a session, whose client calls itself `client`.
    pub(crate) fn without_session(user: &'static str, address: &str, client: &str) -> Self {
        Self {
            belongs: Belongs::Client(client.to_owned()),
            ..Self::new(user, address)
        }
    }

    /// The same in a session that the server opened.
    pub(crate) fn in_session(self, id: String) -> Self {
        Self {
            belongs: Belongs::Session(id),
            ..self
        }
    }

    /// Another user who has got hold of the session.
    pub(crate) fn taken_over_by(&self, user: &'static str, address: &str) -> Self {
        Self {
            belongs: self.belongs.clone(),
            ..Self::new(user, address)
        }
    }

    /// The same with another token.
    pub(crate) fn with_token(&self, token: &'static str) -> Self {
        Self {
            token,
            ..self.clone()
        }
    }

    /// The id of its session.
    pub(crate) fn session(&self) -> &str {
        let Belongs::Session(id) = &self.belongs else {
            panic!("it has no session");
        };
        id
    }

    /// The request for the stream of its session.
    pub(crate) fn get(&self) -> Request<Body> {
        self.request(Request::get("/mcp"), Body::empty())
    }

    /// The request with a message.
    pub(crate) fn post(&self, message: &Value) -> Request<Body> {
        let mut message = message.clone();
        let mut request = Request::post("/mcp")
            .header("accept", "application/json, text/event-stream")
            .header("content-type", "application/json");
        if let Belongs::Client(name) = &self.belongs {
            let client = json!({ "name": name, "version": "1" });
            message["params"]["_meta"] = modern_meta(&json!({ CLIENT_INFO: client }));
            for (header, value) in [
                ("mcp-protocol-version", Some("2026-07-28")),
                ("mcp-method", message["method"].as_str()),
                ("mcp-name", message["params"]["name"].as_str()),
            ] {
                request = request.header(header, value.expect("a string"));
            }
        }
        self.request(request, Body::from(message.to_string()))
    }

    fn request(&self, mut request: Builder, body: Body) -> Request<Body> {
        if let Belongs::Session(id) = &self.belongs {
            request = request
                .header("mcp-session-id", id)
                .header("mcp-protocol-version", VERSION);
        }
        request
            .header("host", "localhost")
            .header("authorization", format!("Bearer {}", self.token))
            .extension(ConnectInfo(SocketAddr::new(self.address, 40_000)))
            .body(body)
            .expect("a request")
    }
}
