//! A server whose tool says all that a tool can say: labels, buckets, classes of errors, tokens; and
//! which tells its client something while it is called.

use mcp_observe::rmcp::ObservedPeer;
use mcp_observe::{ErrorType, LabelValue, Usage, mcp_tool, record_usage};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{
    ContentBlock, IntoContents, NumberOrString, ProgressNotificationParam, ProgressToken,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler, tool, tool_handler, tool_router};

#[derive(LabelValue, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Unit {
    Celsius,
    Fahrenheit,
}

/// Of which two have series of their own.
#[derive(LabelValue)]
#[label(max = 2)]
struct Owner(String);

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Query {
    city: String,
    owner: String,
    unit: Unit,
}

#[derive(Debug, ErrorType)]
enum WeatherError {
    UnknownCity,
}

impl IntoContents for WeatherError {
    fn into_contents(self) -> Vec<ContentBlock> {
        "there is no city of that name".to_owned().into_contents()
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Weather {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Weather {
    pub(crate) fn new() -> Self {
        Self {
            tool_router: Self::tool_router(),
        }
    }

    #[mcp_tool(
        tokens,
        buckets = [0.001, 0.01],
        labels(unit = query.unit, owner: Owner = Owner(query.owner.clone()))
    )]
    #[tool]
    async fn forecast(
        &self,
        Parameters(query): Parameters<Query>,
        context: RequestContext<RoleServer>,
    ) -> Result<String, WeatherError> {
        let progress =
            ProgressNotificationParam::new(ProgressToken(NumberOrString::Number(1)), 0.5);
        // Whether the client listens is no matter.
        let _ = ObservedPeer::of(&context).notify_progress(progress).await;
        record_usage(Usage::new(100, 20).cache_read(40).reasoning(5));
        match &*query.city {
            "Atlantis" => Err(WeatherError::UnknownCity),
            city => Ok(format!("rain in {city}")),
        }
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Weather {}
