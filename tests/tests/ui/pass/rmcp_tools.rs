//! With rmcp's own macros: descriptions, schemas and names are what they are without ours.

use mcp_observe::mcp_tool;
use rmcp::handler::server::wrapper::{Json, Parameters};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, tool, tool_handler, tool_router};

#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct City {
    city: String,
}

struct Server<T>(T);

#[tool_router]
impl<T: Send + Sync + 'static> Server<T> {
    /// First line.
    ///
    /// Last line.
    #[mcp_tool(name = "get.weather")]
    #[tool(name = "get.weather", annotations(read_only_hint = true))]
    async fn weather(
        &self,
        Parameters(City { city }): Parameters<City>,
    ) -> Result<Json<City>, ErrorData> {
        let _ = &self.0;
        Ok(Json(City { city }))
    }

    #[mcp_tool]
    /// Docs between the attributes.
    #[rmcp::tool]
    async fn between(&self, context: RequestContext<RoleServer>) -> String {
        drop(context);
        "x".to_owned()
    }

    #[mcp_tool]
    #[tool(description = "Given.")]
    fn sync(&self, context: RequestContext<RoleServer>, _p: Parameters<City>) -> String {
        context.id.to_string()
    }

    /// Not sent between threads.
    #[mcp_tool]
    #[tool]
    fn lifetime<'a>(&'a self) -> String {
        "x".to_owned()
    }

    /// No receiver.
    #[mcp_tool]
    #[tool]
    async fn no_receiver(_p: Parameters<City>) -> String {
        "x".to_owned()
    }

    /// No tool at all.
    #[mcp_tool]
    async fn no_tool(&self) {}
}

#[tool_handler(router = Self::tool_router())]
impl<T: Send + Sync + 'static> ServerHandler for Server<T> {}

fn main() {
    let tools = Server::<u8>::tool_router().list_all();
    let described: Vec<_> = tools
        .iter()
        .map(|tool| (&*tool.name, tool.description.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        described,
        [
            ("between", "Docs between the attributes."),
            ("get.weather", "First line.\nLast line."),
            ("lifetime", "Not sent between threads."),
            ("no_receiver", "No receiver."),
            ("sync", "Given."),
        ]
    );
    let weather = tools
        .iter()
        .find(|tool| tool.name == "get.weather")
        .unwrap();
    assert!(weather.input_schema["properties"].get("city").is_some());
    assert!(weather.output_schema.is_some());
    drop(Server(1).no_tool());
}
