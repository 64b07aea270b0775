//! Texts that callers choose, in the security log: one event is one line as its schema has it, which shows
//! what was sent up to a bound, does nothing to who reads it, and reads back as the same.

use std::sync::{LazyLock, Mutex, PoisonError};

use http::{Extensions, HeaderMap, HeaderValue, StatusCode};
use mcp_observe::http::ObserveLayer;
use mcp_observe::rmcp::Observed;
use mcp_observe::security::Subject;
use mcp_observe::{Scrubber, mcp_tool};
use mcp_observe_detect as detect;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolRequestParams, ServerCapabilities, ServerConfig};
use rmcp::{ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::exported::{CANARY, Instance, assert_clean};
use crate::http_layer::{Answer, Exchange, Request};
use crate::request::{context, ready};
use crate::{security_event, texts};

/// Longest line, in bytes: every byte of every text as `\u0000`.
const LONGEST_LINE: usize = 12_000;

/// Texts in bytes.
const LONGEST_SUBJECT: usize = 256;
const LONGEST_SESSION: usize = 128;
const LONGEST_CLIENT_NAME: usize = 128;

/// What a caller says.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// Who it is, as it authenticated.
    pub subject: String,
    /// The session that it claims to be in.
    pub session: Vec<u8>,
    /// What it calls itself.
    pub client: String,
    /// What the error of the tool quotes.
    pub message: String,
    /// What it asks for that there is not.
    pub unknown: String,
}

/// Reads the input as the texts of [`Said`], in that order.
///
/// # Panics
/// If the invariant does not hold.
pub fn hold(input: &[u8]) {
    let [subject, _, client, message, unknown] = texts::read(input);
    let [_, session, ..] = texts::pieces::<5>(input);
    check(&Said {
        subject,
        session: session.to_vec(),
        client,
        message,
        unknown,
    });
}

/// # Panics
/// If it does not hold for what is said.
pub fn check(said: &Said) {
    static SERVER: LazyLock<Mutex<Server>> = LazyLock::new(Mutex::default);
    let server = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
    server.fails(said);
    server.lacks_the_tool(said);
    server.refuses(said);
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Quoted {
    text: String,
}

#[derive(Debug, Clone)]
struct Tools {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Tools {
    #[mcp_tool(error_message = true)]
    #[tool]
    #[expect(clippy::unused_self, reason = "tools are methods")]
    fn quotes(&self, Parameters(Quoted { text }): Parameters<Quoted>) -> Result<String, String> {
        Err(text)
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }
}

struct Server {
    instance: Instance,
    observed: Observed<Tools>,
    layer: ObserveLayer,
}

impl Default for Server {
    fn default() -> Self {
        let instance = Instance::logged(|it| it);
        let tools = Tools {
            tool_router: Tools::tool_router(),
        };
        let observed = Observed::builder(tools).telemetry(&instance.telemetry);
        Self {
            observed: observed.build(),
            layer: ObserveLayer::new().telemetry(&instance.telemetry),
            instance,
        }
    }
}

impl Server {
    /// A call of a tool whose error quotes.
    fn fails(&self, said: &Said) {
        let event = self.call(said, "quotes", &said.message);
        assert_eq!(text(&event, "mcp.tool.name"), Some("quotes"));
        assert_cut(&event, "usr.id", &said.subject, LONGEST_SUBJECT);
        assert_cut(&event, "mcp.client.name", &said.client, LONGEST_CLIENT_NAME);
        let scrubbed = Scrubber::default().scrub(&said.message).into_owned();
        assert_eq!(text(&event, "error.message").unwrap_or_default(), scrubbed);
    }

    /// A call of a tool that there is not, twice.
    fn lacks_the_tool(&self, said: &Said) {
        let name = format!("{CANARY}{}", said.unknown);
        let events = [(); 2].map(|()| self.call(said, &name, &said.message));
        let [first, second] = events
            .each_ref()
            .map(|event| text(event, "mcp.unknown.hash").expect("it is unknown"));
        assert_eq!(first, second);
        assert_eq!(text(&events[0], "mcp.tool.name"), Some("_OTHER"));
        assert_eq!(text(&events[0], "error.message"), None);
        assert_cut(&events[0], "usr.id", &said.subject, LONGEST_SUBJECT);
    }

    fn call(&self, said: &Said, tool: &str, quoted: &str) -> Map<String, Value> {
        let mut context = context();
        let client = json!({ "name": said.client, "version": "1" });
        let info = "io.modelcontextprotocol/clientInfo".to_owned();
        context.meta.insert(info, client);
        let (mut parts, ()) = http::Request::new(()).into_parts();
        parts.extensions.insert(Subject::new(&*said.subject));
        context.extensions.insert(parts);
        let arguments = Map::from_iter([("text".to_owned(), Value::from(quoted))]);
        let request = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        // What it answers is the tool's affair.
        let _ = ready(self.observed.call_tool(request, context));
        self.event()
    }

    /// A request that authentication does not let in.
    fn refuses(&self, said: &Said) {
        let mut request = Request::default();
        let name = format!("{CANARY}{}", said.unknown);
        let session = HeaderValue::from_bytes(&said.session).ok();
        let method = HeaderValue::from_bytes(name.as_bytes()).ok();
        let headers = [("mcp-session-id", &session), ("mcp-method", &method)];
        request.headers = headers
            .into_iter()
            .filter_map(|(name, value)| Some((name.parse().ok()?, value.clone()?)))
            .collect();
        let mut extensions = Extensions::new();
        extensions.insert(Subject::new(&*said.subject));
        let answer = Answer {
            status: StatusCode::UNAUTHORIZED,
            headers: HeaderMap::new(),
            extensions,
            ..Answer::default()
        };
        Exchange::through(&self.layer, request, answer).assert_unchanged();
        let event = self.event();
        assert_cut(&event, "usr.id", &said.subject, LONGEST_SUBJECT);
        let is_session = (1..=LONGEST_SESSION).contains(&said.session.len())
            && said.session.iter().all(u8::is_ascii_graphic);
        let session = std::str::from_utf8(&said.session).ok();
        assert_eq!(
            text(&event, "mcp.session.id"),
            session.filter(|_| is_session)
        );
        // What is no text in a header is no name.
        let is_named = method.is_some_and(|name| name.to_str().is_ok());
        assert_eq!(event.contains_key("mcp.unknown.hash"), is_named);
    }

    /// The one event since the last time.
    fn event(&self) -> Map<String, Value> {
        let lines = self.instance.lines();
        let [line] = &lines[..] else {
            panic!("one event, one line: {lines:?}");
        };
        let scraped = self.instance.telemetry.prometheus_text();
        assert_clean(&format!("{:?}\n{line}\n{scraped}", self.instance.spans()));
        assert!(line.len() < LONGEST_LINE, "{} bytes", line.len());
        assert!(!line.contains(is_dangerous), "{line:?}");
        let event = security_event::event(line);
        assert_read(line, &event);
        event
    }
}

fn text<'a>(event: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    event.get(key)?.as_str()
}

/// Asserts that the text is there, whole, or if it is too long as much as fits.
#[track_caller]
fn assert_cut(event: &Map<String, Value>, key: &str, sent: &str, longest: usize) {
    let logged = text(event, key).expect("it is there");
    assert!(sent.starts_with(logged), "{key}: {logged:?} of {sent:?}");
    let fits = (0..=sent.len().min(longest)).rfind(|at| sent.is_char_boundary(*at));
    assert_eq!(Some(logged.len()), fits, "{key}");
}

/// What could be taken for something else than a character of a text.
fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
        )
}

/// Asserts that detection reads the same.
#[track_caller]
fn assert_read(line: &str, event: &Map<String, Value>) {
    let read = detect::Event::parse(line.as_bytes()).expect("detection reads it");
    for (key, read) in [
        ("mcp.method.name", &read.method),
        ("mcp.tool.name", &read.tool),
        ("usr.id", &read.user),
        ("mcp.session.id", &read.session),
        ("mcp.client.name", &read.client_name),
        ("error.kind", &read.error_kind),
    ] {
        assert_eq!(read.as_deref(), text(event, key), "{key}");
    }
    let hash = read.unknown_hash.map(|hash| format!("{hash:016x}"));
    assert_eq!(hash.as_deref(), text(event, "mcp.unknown.hash"));
}
