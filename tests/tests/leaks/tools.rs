//! A server whose tools are given secrets, and have some themselves.

#![expect(clippy::unused_self, reason = "tools are methods")]

use std::collections::BTreeMap;

use mcp_observe::{ErrorType, LabelValue, Record, mcp_tool};
use mcp_observe_tests::series;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::{Json, Parameters};
use rmcp::model::{
    CallToolResult, ContentBlock, InputRequiredResult, IntoContents, ServerCapabilities,
    ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;

use super::canary::{canary, hostile};

#[derive(Debug, Deserialize, JsonSchema, Record)]
#[expect(dead_code, reason = "what is not declared is not read")]
pub(crate) struct Declared {
    #[record]
    shown: String,
    undeclared: String,
    #[redact]
    redacted: String,
    #[redact]
    redacted_option: Option<String>,
    #[redact(hash)]
    hashed: String,
    #[redact(hash)]
    hashed_list: Vec<String>,
    #[redact(keep_last = 4)]
    kept: String,
    #[record]
    nested: Nested,
    #[record]
    list: Vec<Nested>,
    #[record]
    map: BTreeMap<String, Nested>,
    #[record]
    choices: Vec<Choice>,
    hidden_map: BTreeMap<String, Vec<String>>,
    hidden_choice: Choice,
}

#[derive(Debug, Deserialize, JsonSchema, Record)]
#[expect(dead_code, reason = "what is not declared is not read")]
struct Nested {
    #[record]
    shown: String,
    secret: String,
}

#[derive(Debug, Deserialize, JsonSchema, Record)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "what is not declared is not read")]
enum Choice {
    Fields {
        #[record]
        shown: String,
        secret: String,
    },
    Tuple(String),
    Both(#[redact] String, String),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "nobody reads what is refused")]
#[serde(deny_unknown_fields)]
pub(crate) struct Strict {
    count: u32,
    unit: Unit,
    #[serde(default, deserialize_with = "refuse")]
    refused: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Unit {
    Celsius,
}

/// A check of the user's own, whose error says more than it should.
fn refuse<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let value = String::deserialize(deserializer)?;
    let secret = hostile("deserialisation-own-error");
    Err(serde::de::Error::custom(format!("{value} {secret}")))
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct Given {
    text: String,
}

#[derive(LabelValue)]
#[label(max = 2)]
struct Team(String);

#[derive(Debug, Serialize, JsonSchema, Record)]
struct Receipt {
    #[record]
    shown: String,
    secret: String,
}

#[derive(Debug, thiserror::Error, ErrorType)]
pub(crate) enum Failure {
    #[error("no such city: {0}")]
    NoSuchCity(String),
    #[error(transparent)]
    #[error_type(transparent)]
    Io(std::io::Error),
}

impl IntoContents for Failure {
    fn into_contents(self) -> Vec<ContentBlock> {
        self.to_string().into_contents()
    }
}

#[derive(Clone)]
pub(crate) struct Tools {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Tools {
    pub(crate) fn new() -> Self {
        Self {
            tool_router: Self::tool_router(),
        }
    }

    #[mcp_tool(result(record))]
    #[tool]
    async fn declares(&self, Parameters(_): Parameters<Declared>) -> Json<Receipt> {
        tracing::info!("a line of the tool's");
        Json(Receipt {
            shown: hostile("declared-result"),
            secret: hostile("result-undeclared"),
        })
    }

    #[mcp_tool]
    #[tool]
    async fn strict(&self, _: Parameters<Strict>) -> String {
        String::new()
    }

    #[mcp_tool(labels(team: Team = Team(given.text.clone())))]
    #[tool]
    async fn labelled(&self, Parameters(given): Parameters<Given>) -> String {
        given.text
    }

    #[mcp_tool]
    #[tool]
    async fn echoes(&self, Parameters(Given { text }): Parameters<Given>) -> CallToolResult {
        let mut result = CallToolResult::structured(json!({ &text: hostile("result-structured") }));
        result.content.push(ContentBlock::text(text));
        result
    }

    #[mcp_tool]
    #[tool]
    async fn of_string(&self, Parameters(Given { text }): Parameters<Given>) -> Result<(), String> {
        Err(format!("{text} {}", hostile("error-string")))
    }

    #[mcp_tool]
    #[tool]
    async fn in_band(&self) -> CallToolResult {
        let text = ContentBlock::text(hostile("error-in-band"));
        let mut result = CallToolResult::error(vec![text]);
        result.structured_content = Some(json!({ "why": hostile("error-structured") }));
        result
    }

    #[mcp_tool]
    #[tool]
    fn of_class(&self) -> Result<String, Failure> {
        Err(Failure::NoSuchCity(hostile("error-class")))
    }

    #[mcp_tool]
    #[tool]
    fn of_source(&self) -> Result<String, Failure> {
        let error = std::io::Error::other(hostile("error-source"));
        Err(Failure::Io(error))
    }

    #[mcp_tool]
    #[tool]
    async fn of_request(&self) -> Result<CallToolResult, ErrorData> {
        let data = json!({ hostile("error-data-key"): hostile("error-data") });
        Err(ErrorData::internal_error(
            hostile("error-message"),
            Some(data),
        ))
    }

    #[mcp_tool]
    #[tool]
    async fn blames(&self) -> Result<CallToolResult, ErrorData> {
        let data = json!({ "why": hostile("blame-data") });
        Err(ErrorData::invalid_params(
            hostile("blame-message"),
            Some(data),
        ))
    }

    #[mcp_tool]
    #[tool]
    async fn panics(&self, Parameters(Given { text }): Parameters<Given>) -> String {
        panic!("{text} {}", hostile("panic-message"))
    }

    #[mcp_tool(error_message = true)]
    #[tool]
    async fn panics_openly(&self) -> Result<String, String> {
        std::panic::panic_any(hostile("panic-payload"))
    }

    #[mcp_tool]
    #[tool]
    async fn waits(&self, _: Parameters<Given>, context: RequestContext<RoleServer>) -> String {
        context.ct.cancelled().await;
        hostile("result-cancelled")
    }

    #[mcp_tool]
    #[tool]
    async fn interim(&self, context: RequestContext<RoleServer>) -> InputRequiredResult {
        drop(context);
        InputRequiredResult::from_request_state(canary("state-server"))
    }

    #[mcp_tool(error_message = true)]
    #[tool]
    async fn scrubbed(&self) -> Result<String, String> {
        Err(secrets("scrubbed"))
    }

    #[mcp_tool(error_message = true)]
    #[tool]
    async fn scrubbed_class(&self) -> Result<String, Failure> {
        Err(Failure::NoSuchCity(secrets("scrubbed-class")))
    }

    #[mcp_tool(error_message = true)]
    #[tool]
    async fn scrubbed_in_band(&self) -> CallToolResult {
        CallToolResult::error(vec![ContentBlock::text(secrets("scrubbed-in-band"))])
    }

    #[mcp_tool(error_message = true)]
    #[tool]
    async fn scrubbed_request(&self) -> Result<CallToolResult, ErrorData> {
        Err(ErrorData::internal_error(secrets("scrubbed-request"), None))
    }

    #[tool]
    async fn without_attribute(&self, Parameters(given): Parameters<Given>) -> Result<(), String> {
        Err(format!("{} {}", given.text, hostile("error-no-attribute")))
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }
}

/// Secrets in the forms that the scrubber knows.
fn secrets(place: &str) -> String {
    let c = |form: &str| canary(&format!("{place}-{form}"));
    [
        format!("password={}", c("password")),
        format!("{{\"api_key\": \"{}\"}}", c("json")),
        format!("{{\\\"client_secret\\\":\\\"{}\\\"}}", c("json-in-json")),
        format!("Authorization: Bearer {}\n", c("header")),
        format!("bearer {}", c("bearer")),
        format!("Cookie: session={}\n", c("cookie")),
        format!("eyJhbGciOiJIUzI1NiJ9.eyJ{0}.{0}", c("jwt")),
        format!("postgres://admin:{}@db/main", c("url")),
        format!("<{}@example.com>", c("e-mail")),
        format!("--token {}", c("flag")),
    ]
    .join(" ")
}

/// The session has gone where it should: each tool was called, and ended as it should.
pub(crate) fn assert_reached(prometheus: &str) {
    let all = series(prometheus);
    let has = |labels: &[(String, String)], (key, value): (&str, &str)| {
        labels.iter().any(|(k, v)| k == key && v == value)
    };
    let count = |name: &str, labels: &[(&str, &str)]| {
        all.iter()
            .filter(|series| series.name == name)
            .filter(|series| labels.iter().all(|label| has(&series.labels, *label)))
            .map(|series| series.value)
            .sum::<f64>()
    };
    for (tool, class) in [
        ("strict", "invalid_arguments"),
        ("of_string", "tool_error"),
        ("in_band", "tool_error"),
        ("of_class", "no_such_city"),
        ("of_source", "tool_error"),
        ("of_request", "-32603"),
        ("blames", "-32602"),
        ("panics", "panic"),
        ("panics_openly", "panic"),
        ("scrubbed", "tool_error"),
        ("scrubbed_class", "no_such_city"),
        ("scrubbed_in_band", "tool_error"),
        ("scrubbed_request", "-32603"),
        ("without_attribute", "tool_error"),
        ("of_box", "tool_error"),
        ("of_anyhow", "tool_error"),
        ("panics_alone", "panic"),
    ] {
        let labels = [("tool_name", tool), ("error_type", class)];
        assert!(count("mcp_tool_errors_total", &labels) > 0.0, "{labels:?}");
    }
    for (tool, status) in [
        ("declares", "success"),
        ("labelled", "success"),
        ("echoes", "success"),
        ("interim", "success"),
        ("waits", "cancelled"),
        ("outer", "success"),
        ("dropped", "cancelled"),
    ] {
        let labels = [("tool_name", tool), ("status", status)];
        let finished = count("mcp_tool_invocation_duration_seconds_count", &labels);
        assert!(finished > 0.0, "{labels:?}");
    }
    for kind in ["tool", "method"] {
        assert!(
            count("mcp_unknown_total", &[("kind", kind)]) > 0.0,
            "{kind}"
        );
    }
}
