//! Tools that are there for the schema of their arguments.

use std::sync::Arc;

use mcp_observe::mcp_tool;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::JsonObject;
use rmcp::{tool, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::Server;

#[derive(Deserialize, JsonSchema)]
struct Place {
    /// Sent in a header as well, for what routes requests.
    #[schemars(extend("x-mcp-header" = "Region"))]
    region: String,
}

#[tool_router(router = schema_tools, vis = "pub(super)")]
impl Server {
    /// Has an argument that is in a header, too.
    #[mcp_tool]
    #[tool]
    fn test_header_argument(&self, Parameters(Place { region }): Parameters<Place>) -> String {
        region
    }

    /// Tool with JSON Schema 2020-12 features.
    #[mcp_tool]
    #[tool(input_schema = json_schema_2020_12())]
    fn json_schema_2020_12_tool(&self, arguments: JsonObject) -> String {
        json!(arguments).to_string()
    }
}

/// Keywords that a list of tools has to hand on as they are.
fn json_schema_2020_12() -> Arc<JsonObject> {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {
            "address": {
                "$anchor": "addressDef",
                "type": "object",
                "properties": { "street": { "type": "string" }, "city": { "type": "string" } },
            },
        },
        "properties": {
            "name": { "type": "string" },
            "address": { "$ref": "#/$defs/address" },
            "contactMethod": { "type": "string", "enum": ["phone", "email"] },
            "phone": { "type": "string" },
            "email": { "type": "string" },
        },
        "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
        "if": {
            "properties": { "contactMethod": { "const": "phone" } },
            "required": ["contactMethod"],
        },
        "then": { "required": ["phone"] },
        "else": { "required": ["email"] },
        "additionalProperties": false,
    });
    serde_json::from_value(schema).expect("an object")
}
