//! A tool whose arguments have every kind of declaration, and what of them may be seen.

use mcp_observe::{Record, mcp_tool};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{ServerCapabilities, ServerConfig};
use rmcp::{ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::exported::CANARY;
use crate::http_layer::plant;

/// Each with a value of any kind that serde takes for it.
#[derive(Debug, Deserialize, JsonSchema, Record)]
#[expect(dead_code, reason = "what is not declared is not read")]
struct Booking {
    #[record]
    city: String,
    #[record]
    nights: Option<i64>,
    /// As it was sent.
    #[record(serde)]
    options: Option<Value>,
    #[record]
    guests: Option<Vec<Guest>>,
    #[redact]
    api_key: Option<Value>,
    #[redact(hash)]
    customer: Option<String>,
    #[redact(keep_last = 4)]
    card: Option<String>,
    comment: Option<Value>,
}

#[derive(Debug, Deserialize, JsonSchema, Record)]
#[expect(dead_code, reason = "what is not declared is not read")]
struct Guest {
    #[record]
    name: String,
    passport: Option<Value>,
}

/// The server of the tool.
#[derive(Debug, Clone)]
pub(super) struct Tools {
    tool_router: ToolRouter<Self>,
}

impl Default for Tools {
    fn default() -> Self {
        Self {
            tool_router: Self::tool_router(),
        }
    }
}

#[tool_router]
impl Tools {
    #[mcp_tool]
    #[tool]
    #[expect(clippy::unused_self, reason = "tools are methods")]
    fn book(&self, Parameters(booking): Parameters<Booking>) -> Result<String, String> {
        match booking.nights {
            Some(0) => Err(format!("no nights of {}", booking.city)),
            _ => Ok(format!("{} is booked", booking.city)),
        }
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }
}

/// The arguments with a canary in front of each string that may not be seen.
pub(super) fn planted(mut arguments: Map<String, Value>) -> Map<String, Value> {
    for (key, value) in &mut arguments {
        match (&**key, value) {
            // Whole, or nothing of it, if it is none.
            ("city", Value::String(_)) | ("options", _) => {}
            ("guests", Value::Array(guests)) => guests.iter_mut().for_each(plant_guest),
            (_, value) => plant(value),
        }
    }
    arguments
}

fn plant_guest(guest: &mut Value) {
    match guest {
        // serde reads arrays as structs, too.
        Value::Array(fields) => fields.iter_mut().skip(1).for_each(plant),
        Value::Object(fields) => {
            let hidden = fields.iter_mut().filter(|(key, _)| *key != "name");
            hidden.for_each(|(_, value)| plant(value));
        }
        other => plant(other),
    }
}

/// What is to be seen of planted arguments, with each hash blanked; none if the tool refuses them.
pub(super) fn recorded(planted: &Map<String, Value>) -> Option<Value> {
    let booking: Booking = serde_json::from_value(planted.clone().into()).ok()?;
    let guest = |guest: &Guest| json!({ "name": guest.name });
    Some(json!({
        "city": booking.city,
        "nights": booking.nights,
        "options": booking.options,
        "guests": booking.guests.map(|it| it.iter().map(guest).collect::<Vec<_>>()),
        "api_key": booking.api_key.map(|_| "[redacted]"),
        "customer": booking.customer.map(|_| HASH),
        "card": booking.card.map(|card| kept(&card)),
    }))
}

/// The last four characters of a text that has twice as many.
fn kept(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let from = characters.len().saturating_sub(4);
    let last = if characters.len() < 8 {
        &[]
    } else {
        &characters[from..]
    };
    format!("[redacted]{}", String::from_iter(last))
}

/// As long as a hash is.
const HASH: &str = "[hash:................................]";

/// The value with the customer's hash as [`recorded`] has it, which cannot compute it.
pub(super) fn hashes_blanked(mut value: Value) -> Value {
    if let Some(Value::String(customer)) = value.get_mut("customer") {
        let digits = customer
            .strip_prefix("[hash:")
            .and_then(|rest| rest.strip_suffix(']'));
        let digits = digits.expect("a hash");
        assert!(digits.len() == 32 && digits.bytes().all(|it| it.is_ascii_hexdigit()));
        HASH.clone_into(customer);
    }
    value
}

/// How deep arrays and objects nest.
pub(super) fn depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

// The canary is longer than what is kept of a card.
const _: () = assert!(CANARY.len() > 4);
