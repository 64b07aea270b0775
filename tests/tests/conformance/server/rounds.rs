//! Tools that answer with what they need to know first, as protocol 2026-07-28 has it: the client
//! calls them again with its answers.

use mcp_observe::mcp_tool;
use rmcp::handler::server::tool::{InputResponses, RequestState};
use rmcp::model::{CallToolResponse, ClientCapabilities, InputRequiredResult};
use rmcp::{ErrorData, tool, tool_router};
use serde_json::{Value, json};

use super::{Context, Server, text};

/// Asks for `requests`; `state` comes back with the answers.
pub(super) fn ask(requests: Value, state: Option<&str>) -> InputRequiredResult {
    let requests = serde_json::from_value(requests).expect("requests that a server may make");
    InputRequiredResult::new(Some(requests), state.map(str::to_owned))
}

/// A request for one value of the user's.
pub(super) fn question(message: &str, value: &str, of_type: &str) -> Value {
    json!({
        "method": "elicitation/create",
        "params": {
            "mode": "form",
            "message": message,
            "requestedSchema": {
                "type": "object",
                "properties": { value: { "type": of_type } },
                "required": [value],
            },
        },
    })
}

fn sampling(question: &str, max_tokens: u32) -> Value {
    let message = json!({ "role": "user", "content": { "type": "text", "text": question } });
    json!({
        "method": "sampling/createMessage",
        "params": { "messages": [message], "maxTokens": max_tokens },
    })
}

fn roots() -> Value {
    json!({ "method": "roots/list", "params": {} })
}

/// The answer to the request `key`; `None` if it is not there, or not at all like one.
fn answer<'a>(responses: &'a InputResponses, key: &str) -> Option<&'a Value> {
    let answer = responses.0.as_ref()?.get(key)?;
    answer.is_object().then_some(answer)
}

/// What the user gave as `value` when asked as `key`.
pub(super) fn given<'a>(responses: &'a InputResponses, key: &str, value: &str) -> Option<&'a str> {
    answer(responses, key)?.get("content")?.get(value)?.as_str()
}

/// State comes back from a client that may have made it up: it is one of those that this server gives
/// out, letter by letter, or it is refused.
fn is_state(state: &RequestState, given_out: &str) -> Result<bool, ErrorData> {
    match state.0.as_deref() {
        None => Ok(false),
        Some(state) if state == given_out => Ok(true),
        Some(_) => Err(ErrorData::invalid_params("not a state of this call", None)),
    }
}

fn confirmation(state: &RequestState) -> Result<CallToolResponse, ErrorData> {
    const CONFIRMING: &str = "confirming";
    if is_state(state, CONFIRMING)? {
        return Ok(text("state-ok").into());
    }
    let requests = json!({ "confirm": question("Please confirm", "ok", "boolean") });
    Ok(ask(requests, Some(CONFIRMING)).into())
}

#[tool_router(router = round_tools, vis = "pub(super)")]
impl Server {
    /// Asks the user for a name.
    #[mcp_tool]
    #[tool]
    fn test_input_required_result_elicitation(
        &self,
        responses: InputResponses,
    ) -> CallToolResponse {
        let Some(name) = given(&responses, "user_name", "name") else {
            let question = question("What is your name?", "name", "string");
            return ask(json!({ "user_name": question }), None).into();
        };
        text(format!("Hello, {name}!")).into()
    }

    /// Asks the client's model.
    #[mcp_tool]
    #[tool]
    fn test_input_required_result_sampling(&self, responses: InputResponses) -> CallToolResponse {
        let Some(answer) = answer(&responses, "capital_question") else {
            let question = sampling("What is the capital of France?", 100);
            return ask(json!({ "capital_question": question }), None).into();
        };
        text(answer["content"]["text"].to_string()).into()
    }

    /// Asks for the client's roots.
    #[mcp_tool]
    #[tool]
    fn test_input_required_result_list_roots(&self, responses: InputResponses) -> CallToolResponse {
        let Some(answer) = answer(&responses, "client_roots") else {
            return ask(json!({ "client_roots": roots() }), None).into();
        };
        text(answer["roots"].to_string()).into()
    }

    /// Gives out a state, and wants it back.
    #[mcp_tool]
    #[tool]
    fn test_input_required_result_request_state(
        &self,
        state: RequestState,
    ) -> Result<CallToolResponse, ErrorData> {
        confirmation(&state)
    }

    /// Gives out a state, and refuses another.
    #[mcp_tool]
    #[tool]
    fn test_input_required_result_tampered_state(
        &self,
        state: RequestState,
    ) -> Result<CallToolResponse, ErrorData> {
        confirmation(&state)
    }

    /// Asks for three things at once.
    #[mcp_tool]
    #[tool]
    fn test_input_required_result_multiple_inputs(
        &self,
        state: RequestState,
        responses: InputResponses,
    ) -> Result<CallToolResponse, ErrorData> {
        const ALL_THREE: &str = "all three";
        let known = is_state(&state, ALL_THREE)?;
        let answered = ["user_name", "greeting", "client_roots"].map(|key| answer(&responses, key));
        if known && answered.iter().all(Option::is_some) {
            return Ok(text("all three are there").into());
        }
        let requests = json!({
            "user_name": question("What is your name?", "name", "string"),
            "greeting": sampling("Generate a greeting", 50),
            "client_roots": roots(),
        });
        Ok(ask(requests, Some(ALL_THREE)).into())
    }

    /// Asks twice.
    #[mcp_tool]
    #[tool]
    fn test_input_required_result_multi_round(
        &self,
        state: RequestState,
        responses: InputResponses,
    ) -> Result<CallToolResponse, ErrorData> {
        let name = given(&responses, "step1", "name");
        let color = given(&responses, "step2", "color");
        match (state.0.as_deref(), name, color) {
            (None, ..) => {
                let question = question("Step 1: What is your name?", "name", "string");
                Ok(ask(json!({ "step1": question }), Some("first")).into())
            }
            (Some("first"), Some(_name), _) => {
                let question = question("Step 2: What is your favorite color?", "color", "string");
                Ok(ask(json!({ "step2": question }), Some("second")).into())
            }
            (Some("second"), _, Some(color)) => Ok(text(color).into()),
            _ => Err(ErrorData::invalid_params("not a state of this call", None)),
        }
    }

    /// Asks only for what the client can do.
    #[mcp_tool]
    #[tool]
    fn test_input_required_result_capabilities(&self, context: Context) -> CallToolResponse {
        let able = context.client_capabilities().unwrap_or_default();
        let mut requests = serde_json::Map::new();
        if able.sampling.is_some() {
            requests.insert("model".to_owned(), sampling("Which?", 50));
        }
        if able.elicitation.is_some() {
            requests.insert("user".to_owned(), question("Which?", "name", "string"));
        }
        ask(requests.into(), None).into()
    }

    /// Asks the user, on a stream on which a server must not ask by a request of its own.
    #[mcp_tool]
    #[tool]
    fn test_streaming_elicitation(&self) -> InputRequiredResult {
        let question = question("What is your name?", "name", "string");
        ask(json!({ "user_name": question }), None)
    }

    /// Needs the client's model.
    #[mcp_tool]
    #[tool]
    fn test_missing_capability(&self, context: Context) -> Result<String, ErrorData> {
        let able = context.client_capabilities().unwrap_or_default();
        if able.sampling.is_some() {
            return Ok("the client has a model".to_owned());
        }
        let required = ClientCapabilities::builder().enable_sampling().build();
        Err(ErrorData::missing_required_client_capability(required))
    }
}
