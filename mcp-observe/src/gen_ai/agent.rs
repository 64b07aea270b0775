//! The work of an agent.

use opentelemetry::trace::SpanKind;

use super::span::{Span, of_result};
use crate::semconv::{INVOKE_AGENT, attribute};
use crate::telemetry::Telemetry;

/// An agent's work that is about to begin; see [`invoke_agent`].
#[derive(Debug)]
#[must_use = "no work is done until `run`"]
pub struct InvokeAgent(Span);

/// Observes the work of the agent of that name: an `INTERNAL` span `invoke_agent {name}`.
///
/// # Example
/// ```
/// # async fn answer(question: &str) -> Result<String, std::io::Error> { Ok(question.to_owned()) }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), std::io::Error> {
/// let agent = mcp_observe::gen_ai::invoke_agent("weather-assistant");
/// let answer = agent.run(answer("Do I need an umbrella in Lisbon?")).await?;
/// # Ok(())
/// # }
/// ```
pub fn invoke_agent(name: impl Into<String>) -> InvokeAgent {
    InvokeAgent(Span::new(
        INVOKE_AGENT,
        SpanKind::Internal,
        attribute::GEN_AI_AGENT_NAME,
        name.into(),
    ))
}

impl InvokeAgent {
    /// Sets `gen_ai.agent.id`.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.0.set(attribute::GEN_AI_AGENT_ID, id.into());
        self
    }

    /// Sets `gen_ai.conversation.id`: that of the session or thread that the work belongs to.
    pub fn conversation_id(mut self, id: impl Into<String>) -> Self {
        self.0.set(attribute::GEN_AI_CONVERSATION_ID, id.into());
        self
    }

    /// Sets `gen_ai.provider.name`, such as `openai` or `aws.bedrock`.
    pub fn provider(mut self, provider: impl Into<String>) -> Self {
        self.0.set(attribute::GEN_AI_PROVIDER_NAME, provider.into());
        self
    }

    /// Sets `gen_ai.request.model`: the model that the agent works with.
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.0.set(attribute::GEN_AI_REQUEST_MODEL, model.into());
        self
    }

    /// Observes by this instance. Default: that of the work around it, else the process's default;
    /// without either, the work is done and not observed.
    pub fn telemetry(mut self, telemetry: &Telemetry) -> Self {
        self.0.observe_by(telemetry);
        self
    }

    /// Does the work. An `Err` is an error, and `error.type` is the name of its type; `_OTHER` where
    /// the name has more to it than letters, digits and `_-./: @`, as that of a `Box<dyn Error>`.
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

    /// Does the work, of which `error_type` tells the class of its failure, if it failed: one of a few
    /// names, never text that depends on the error's.
    ///
    /// # Panics
    /// If `body` or `error_type` does.
    ///
    /// # Example
    /// ```
    /// # async fn answer_until_told_to_stop() {}
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// // Work that cannot fail.
    /// mcp_observe::gen_ai::invoke_agent("weather-assistant")
    ///     .run_with(answer_until_told_to_stop(), |()| None)
    ///     .await;
    /// # }
    /// ```
    pub fn run_with<R>(
        self,
        body: impl Future<Output = R>,
        error_type: impl FnOnce(&R) -> Option<&'static str>,
    ) -> impl Future<Output = R> {
        self.0.run(body, error_type)
    }

    /// Does work that is not asynchronous; see [`run`](Self::run).
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
