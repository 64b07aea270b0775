//! Tools that ask the client for something while they run, as protocols up to 2025-11-25 let them.

use mcp_observe::mcp_tool;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CreateMessageRequestParams, ElicitRequestParams, SamplingMessage};
use rmcp::{tool, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Context, Server};

#[derive(Deserialize, JsonSchema)]
struct Prompt {
    prompt: String,
}

#[derive(Deserialize, JsonSchema)]
struct Message {
    message: String,
}

#[tool_router(router = asking_tools, vis = "pub(super)")]
impl Server {
    /// Has the client's model answer.
    #[mcp_tool]
    #[tool]
    async fn test_sampling(
        &self,
        Parameters(Prompt { prompt }): Parameters<Prompt>,
        context: Context,
    ) -> Result<String, String> {
        let message = SamplingMessage::user_text(prompt);
        let request = CreateMessageRequestParams::new(vec![message], 100);
        let answer = context.peer.create_message(request).await;
        let answer = answer.map_err(|error| error.to_string())?;
        let text = answer.message.content.first().and_then(|it| it.as_text());
        let text = text.map_or("nothing", |text| &text.text);
        Ok(format!("LLM response: {text}"))
    }

    /// Asks the client's user.
    #[mcp_tool]
    #[tool]
    async fn test_elicitation(
        &self,
        Parameters(Message { message }): Parameters<Message>,
        context: Context,
    ) -> Result<String, String> {
        let schema = json!({
            "type": "object",
            "properties": {
                "username": { "type": "string", "description": "User's response" },
                "email": { "type": "string", "description": "User's email address" },
            },
            "required": ["username", "email"],
        });
        let answer = elicit(&context, message, schema).await?;
        Ok(format!("User response: {answer}"))
    }

    /// Asks for values of each type, and has a default for each.
    #[mcp_tool]
    #[tool]
    async fn test_elicitation_sep1034_defaults(&self, context: Context) -> Result<String, String> {
        let schema = json!({
            "type": "object",
            "properties": {
                "name": { "type": "string", "default": "John Doe" },
                "age": { "type": "integer", "default": 30 },
                "score": { "type": "number", "default": 95.5 },
                "status": {
                    "type": "string",
                    "enum": ["active", "inactive", "pending"],
                    "default": "active",
                },
                "verified": { "type": "boolean", "default": true },
            },
        });
        let answer = elicit(&context, "Are these right?", schema).await?;
        Ok(format!("Elicitation completed: {answer}"))
    }

    /// Asks for choices in each form that a schema has for them.
    #[mcp_tool]
    #[tool]
    async fn test_elicitation_sep1330_enums(&self, context: Context) -> Result<String, String> {
        let titled = |which: &str| {
            json!([
                { "const": "value1", "title": format!("First {which}") },
                { "const": "value2", "title": format!("Second {which}") },
                { "const": "value3", "title": format!("Third {which}") },
            ])
        };
        let options = json!(["option1", "option2", "option3"]);
        let schema = json!({
            "type": "object",
            "properties": {
                "untitledSingle": { "type": "string", "enum": options },
                "titledSingle": { "type": "string", "oneOf": titled("Option") },
                "legacyEnum": {
                    "type": "string",
                    "enum": ["opt1", "opt2", "opt3"],
                    "enumNames": ["Option One", "Option Two", "Option Three"],
                },
                "untitledMulti": {
                    "type": "array",
                    "items": { "type": "string", "enum": options },
                },
                "titledMulti": { "type": "array", "items": { "anyOf": titled("Choice") } },
            },
        });
        let answer = elicit(&context, "Which?", schema).await?;
        Ok(format!("Elicitation completed: {answer}"))
    }
}

/// What the user did, as the suite wants to read it.
async fn elicit(
    context: &Context,
    message: impl Into<String>,
    schema: Value,
) -> Result<String, String> {
    let request = ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: message.into(),
        requested_schema: serde_json::from_value(schema).expect("a valid schema"),
    };
    let answer = context.peer.create_elicitation(request).await;
    let answer = answer.map_err(|error| error.to_string())?;
    let action = json!(answer.action);
    let action = action.as_str().unwrap_or_default();
    Ok(format!(
        "action={action}, content={}",
        json!(answer.content)
    ))
}
