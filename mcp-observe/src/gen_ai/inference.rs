//! A call of a model.

use opentelemetry::trace::SpanKind;

use super::span::{Span, of_result};
use crate::semconv::{CHAT, attribute};
use crate::telemetry::Telemetry;

/// A call of a model that is about to begin; see [`inference`].
#[derive(Debug)]
#[must_use = "no model is called until `run`"]
pub struct Inference(Span);

/// Observes a call of a model by chat: a `CLIENT` span `chat {model}`.
///
/// `provider` is a name of the conventions, such as `openai`, `anthropic` or `aws.bedrock`, and `model`
/// the one that is asked for. What [`record_usage`](crate::record_usage) records inside of it is on
/// this span, and counted for the tool around it.
///
/// # Example
/// ```
/// use mcp_observe::{ErrorType, Usage, gen_ai, mcp_tool, record_usage};
///
/// #[derive(Debug, thiserror::Error, ErrorType)]
/// enum ModelError {
///     #[error("the model is busy")]
///     Overloaded,
/// }
/// # struct Answer { text: String, prompt_tokens: u64, completion_tokens: u64 }
/// # async fn ask_model(text: &str) -> Result<Answer, ModelError> {
/// #     Ok(Answer { text: text.to_owned(), prompt_tokens: 812, completion_tokens: 64 })
/// # }
///
/// #[mcp_tool(tokens)]
/// async fn summarise(text: &str) -> Result<String, ModelError> {
///     let call = async {
///         let answer = ask_model(text).await?;
///         record_usage(Usage::new(answer.prompt_tokens, answer.completion_tokens));
///         Ok(answer.text)
///     };
///     gen_ai::inference("openai", "gpt-5-mini")
///         .run_with(call, |result| result.as_ref().err().map(ModelError::error_type))
///         .await
/// }
/// ```
pub fn inference(provider: impl Into<String>, model: impl Into<String>) -> Inference {
    let model = model.into();
    let mut span = Span::new(
        CHAT,
        SpanKind::Client,
        attribute::GEN_AI_REQUEST_MODEL,
        model,
    );
    span.set(attribute::GEN_AI_PROVIDER_NAME, provider.into());
    Inference(span)
}

impl Inference {
    /// Sets `gen_ai.conversation.id`: that of the session or thread that the call belongs to.
    pub fn conversation_id(mut self, id: impl Into<String>) -> Self {
        self.0.set(attribute::GEN_AI_CONVERSATION_ID, id.into());
        self
    }

    /// Observes by this instance. Default: that of the work around it, else the process's default;
    /// without either, the model is called and that is not observed. Tokens are counted by the
    /// instance that the tool's call is of.
    pub fn telemetry(mut self, telemetry: &Telemetry) -> Self {
        self.0.observe_by(telemetry);
        self
    }

    /// Calls the model. An `Err` is an error, and `error.type` is the name of its type, as in
    /// [`InvokeAgent::run`](super::InvokeAgent::run).
    ///
    /// # Errors
    /// Those of `body`.
    ///
    /// # Panics
    /// If `body` does.
    // Not an `async fn`, which would keep a second copy of the body.
    pub fn run<T, E>(
        self,
        body: impl Future<Output = Result<T, E>>,
    ) -> impl Future<Output = Result<T, E>> {
        self.0.run(body, of_result)
    }

    /// Calls the model; `error_type` tells the class of the failure, if it failed, as in
    /// [`InvokeAgent::run_with`](super::InvokeAgent::run_with).
    ///
    /// # Panics
    /// If `body` or `error_type` does.
    pub fn run_with<R>(
        self,
        body: impl Future<Output = R>,
        error_type: impl FnOnce(&R) -> Option<&'static str>,
    ) -> impl Future<Output = R> {
        self.0.run(body, error_type)
    }

    /// Calls the model where nothing is asynchronous; see [`run`](Self::run).
    ///
    /// # Errors
    /// Those of `body`.
    ///
    /// # Panics
    /// If `body` does.
    pub fn run_sync<T, E>(self, body: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.0.run_sync(body, of_result)
    }
}
