//! The weather server: what the author of an observed server writes. All there is to it are the
//! `#[mcp_tool]` lines, and what the types say of themselves: which arguments may be recorded, which
//! values a label has, of which class an error is.

use std::time::Duration;

use mcp_observe::{ErrorType, LabelValue, Record, gen_ai, mcp_tool, record_usage};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{ContentBlock, Implementation, IntoContents, ServerCapabilities, ServerConfig};
use rmcp::{ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::error::Elapsed;
use tracing::{info, warn};

use crate::backends::{self, ModelError};

/// How long the mail relay is waited for.
const RELAY_TIMEOUT: Duration = Duration::from_millis(80);

/// The server.
#[derive(Debug, Clone)]
pub struct Weather {
    tool_router: ToolRouter<Self>,
}

#[derive(Debug, Deserialize, JsonSchema, Record)]
struct City {
    /// The city's name.
    #[record]
    city: String,
}

#[derive(Debug, Deserialize, JsonSchema, Record)]
#[record(all)]
struct Period {
    /// The city's name.
    city: String,
    /// How many days back.
    days: u16,
}

/// How far back a period reaches: a label, so that slow queries can be told from long ones.
#[derive(Debug, LabelValue)]
enum Range {
    Week,
    Month,
    Longer,
}

impl Range {
    fn of(days: u16) -> Self {
        match days {
            0..=7 => Self::Week,
            8..=31 => Self::Month,
            _ => Self::Longer,
        }
    }
}

/// What is not marked is not recorded.
#[derive(Debug, Deserialize, JsonSchema, Record)]
struct Report {
    /// The recipient's mail address.
    #[redact(hash)]
    to: String,
    /// What the report says.
    text: String,
}

/// A report was not sent. Its class is that of the error inside: a timeout.
#[derive(Debug, thiserror::Error, ErrorType)]
#[error("the mail relay did not answer within {RELAY_TIMEOUT:?}")]
#[error_type(transparent)]
struct NotSent {
    #[from]
    source: Elapsed,
}

/// What the model is told.
impl IntoContents for NotSent {
    fn into_contents(self) -> Vec<ContentBlock> {
        vec![ContentBlock::text(self.to_string())]
    }
}

/// Nothing of it is recorded.
#[derive(Debug, Deserialize, JsonSchema)]
struct Summary {
    /// What is to be said in fewer words.
    text: String,
    /// Which model does it.
    model: Model,
}

/// Both an argument and a label, since models differ in price.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema, LabelValue)]
#[serde(rename_all = "snake_case")]
enum Model {
    Small,
    Large,
}

impl Model {
    fn name(self) -> &'static str {
        match self {
            Self::Small => "gpt-5-mini",
            Self::Large => "gpt-5",
        }
    }
}

impl Default for Weather {
    fn default() -> Self {
        Self {
            tool_router: Self::tool_router(),
        }
    }
}

#[tool_router]
impl Weather {
    /// The current weather in a city.
    #[mcp_tool]
    #[tool]
    async fn get_weather(&self, Parameters(City { city }): Parameters<City>) -> String {
        let degrees = backends::temperature(&city).await;
        format!("{city}: {degrees} °C, clear sky")
    }

    /// The mean temperature of a city over the last days, from the archive.
    #[mcp_tool(buckets = [0.05, 0.1, 0.2, 0.5, 1, 5], labels(range: Range = Range::of(*days)))]
    #[tool]
    async fn query_database(
        &self,
        Parameters(Period { city, days }): Parameters<Period>,
    ) -> String {
        info!(days, "asking the archive");
        let readings = backends::archive(&city, days).await;
        let mean = backends::mean(&readings).await;
        format!("{city}: {mean:.1} °C on average over {days} days")
    }

    /// Sends a report by mail.
    #[mcp_tool]
    #[tool]
    async fn send_report(
        &self,
        Parameters(Report { to, text }): Parameters<Report>,
    ) -> Result<String, NotSent> {
        tokio::time::timeout(RELAY_TIMEOUT, backends::deliver(&to, &text))
            .await
            .inspect_err(|_| warn!("the mail relay does not answer"))?;
        Ok(format!("sent to {to}"))
    }

    /// Says a text in fewer words.
    #[mcp_tool(tokens, labels(model = summary.model))]
    #[tool]
    async fn summarise(
        &self,
        Parameters(summary): Parameters<Summary>,
    ) -> Result<String, ModelError> {
        let call = async {
            let answer = backends::complete(&summary.text).await?;
            record_usage(answer.usage);
            Ok(answer.text)
        };
        gen_ai::inference("openai", summary.model.name())
            .run_with(call, |answer| {
                answer.as_ref().err().map(ErrorType::error_type)
            })
            .await
    }
}

// With `router = …` rmcp uses the router that is there; without, it makes one for every request.
#[tool_handler(router = self.tool_router)]
impl ServerHandler for Weather {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("weather", env!("CARGO_PKG_VERSION")))
    }
}
