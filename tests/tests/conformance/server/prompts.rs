//! Prompts.

use rmcp::handler::server::prompt::PromptContext;
use rmcp::handler::server::tool::InputResponses;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{
    ContentBlock, GetPromptRequestParams, GetPromptResponse, GetPromptResult, Prompt,
    PromptMessage, Role,
};
use rmcp::{ErrorData, prompt, prompt_router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::rounds::{ask, given, question};
use super::{Context, IMAGE, Server};

/// The prompt that asks the user first. A router's prompts are not given the answers.
const ASKING: &str = "test_input_required_result_prompt";

#[derive(Deserialize, JsonSchema)]
struct Arguments {
    /// First test argument.
    arg1: String,
    /// Second test argument.
    arg2: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Embedded {
    /// URI of the resource to embed.
    resource_uri: String,
}

fn says(text: impl Into<String>) -> PromptMessage {
    PromptMessage::new_text(Role::User, text)
}

#[prompt_router(vis = "pub(super)")]
impl Server {
    /// Has no arguments.
    #[prompt]
    async fn test_simple_prompt(&self) -> Vec<PromptMessage> {
        vec![says("This is a simple prompt for testing.")]
    }

    /// Has two arguments.
    #[prompt]
    async fn test_prompt_with_arguments(
        &self,
        Parameters(Arguments { arg1, arg2 }): Parameters<Arguments>,
    ) -> Vec<PromptMessage> {
        let text = format!("Prompt with arguments: arg1='{arg1}', arg2='{arg2}'");
        vec![says(text)]
    }

    /// Has a resource in it.
    #[prompt]
    async fn test_prompt_with_embedded_resource(
        &self,
        Parameters(Embedded { resource_uri }): Parameters<Embedded>,
    ) -> Vec<PromptMessage> {
        let text = "Embedded resource content for testing.";
        let resource = ContentBlock::embedded_text(resource_uri, text);
        vec![
            PromptMessage::new(Role::User, resource),
            says("Please process the embedded resource above."),
        ]
    }

    /// Has an image in it.
    #[prompt]
    async fn test_prompt_with_image(&self) -> Vec<PromptMessage> {
        let image = ContentBlock::image(IMAGE, "image/png");
        vec![
            PromptMessage::new(Role::User, image),
            says("Please analyze the image above."),
        ]
    }
}

impl Server {
    pub(super) fn prompts(&self) -> Vec<Prompt> {
        let mut prompts = self.shared.prompts.list_all();
        prompts.push(Prompt::new(ASKING, Some("Asks the user first."), None));
        prompts
    }

    pub(super) async fn prompt(
        &self,
        request: GetPromptRequestParams,
        context: Context,
    ) -> Result<GetPromptResponse, ErrorData> {
        if request.name == ASKING {
            return Ok(asking(request));
        }
        let prompt = PromptContext::new(self, request.name, request.arguments, context);
        self.shared.prompts.get_prompt(prompt).await
    }
}

fn asking(request: GetPromptRequestParams) -> GetPromptResponse {
    let responses = InputResponses(request.input_responses);
    let Some(context) = given(&responses, "user_context", "context") else {
        let question = question("What context should the prompt use?", "context", "string");
        return ask(json!({ "user_context": question }), None).into();
    };
    GetPromptResult::new(vec![says(context)]).into()
}
