//! Tokens that a tool used, as its code tells.

mod tally;
mod token_type;

use crate::telemetry::Telemetry;
use crate::work::scope;
pub(crate) use tally::Tally;
pub(crate) use token_type::{TokenType, Tokens};

/// Tokens that a call of a model used, counted as the GenAI conventions count them: `input` are all
/// input tokens, cached ones included, and `output` are all output tokens, reasoning included.
///
/// Some providers leave tokens out of the total that others include. Anthropic's `input_tokens` are
/// those that no cache had a part in: there `input` is the sum of the three. A part that is larger than
/// its total is believed, and is then all of it.
///
/// # Example
/// ```
/// use mcp_observe::Usage;
///
/// // Of 1,200 input tokens, 1,000 came from the cache.
/// let usage = Usage::new(1_200, 80).cache_read(1_000);
/// # let _ = usage;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "usage is counted when it is recorded: `record_usage(usage)`"]
pub struct Usage {
    input: u64,
    output: u64,
    cache_read: u64,
    cache_creation: u64,
    reasoning: u64,
}

impl Usage {
    /// All tokens that went in, and all that came out. An embedding has no output: 0.
    pub const fn new(input: u64, output: u64) -> Self {
        Self {
            input,
            output,
            cache_read: 0,
            cache_creation: 0,
            reasoning: 0,
        }
    }

    /// How many of the input tokens were read from the provider's cache. Default: 0.
    pub const fn cache_read(mut self, tokens: u64) -> Self {
        self.cache_read = tokens;
        self
    }

    /// How many of the input tokens were written to the provider's cache. Default: 0.
    pub const fn cache_creation(mut self, tokens: u64) -> Self {
        self.cache_creation = tokens;
        self
    }

    /// How many of the output tokens were the model's reasoning. Default: 0.
    pub const fn reasoning(mut self, tokens: u64) -> Self {
        self.reasoning = tokens;
        self
    }

    fn by_type(&self) -> Tokens {
        Tokens::of(self)
    }
}

/// Records tokens that the tool used which runs here.
///
/// **Counted** on `mcp_tool_tokens_total`, at once, with the tool's name, the labels that it declares,
/// and `token_type`: `input`, `input_cache_read`, `input_cache_creation`, `output` or
/// `output_reasoning`. Each token is of one type only: `input` are those that no cache had a part in,
/// `output` those that are not reasoning. So a sum over `token_type` counts none twice, and each type
/// can be multiplied by a price of its own; `token_type=~"input.*"` are all input tokens.
///
/// **On a span** as `gen_ai.usage.*`, once, when it ends, with the sums: on that of the innermost
/// [`gen_ai::inference`](crate::gen_ai::inference) or
/// [`gen_ai::invoke_agent`](crate::gen_ai::invoke_agent) around it in the tool, else on the tool's own
/// unless [`usage_on_tool_spans`](crate::TelemetryBuilder::usage_on_tool_spans) is off. There the
/// conventions' totals stand: `gen_ai.usage.input_tokens` includes the cached ones.
///
/// A tool that does this declares it, `#[mcp_tool(tokens)]`: then its series are there at zero from
/// the start, and in its budget. Without, they begin to exist when they are first needed, at most five
/// for each combination of its labels, and the log says so once.
///
/// * A tool that another tool's body calls is part of that call: the tokens are counted for the tool
///   that was called by the client, whose labels are known, and stand on the inner one's span.
/// * In a task of its own, made with [`carry`](crate::carry), it is the tool's as well. What is
///   recorded after the call ended is counted, and is on no span.
/// * Outside of any tool nothing is counted. An agent's own calls of models have their spans.
///
/// # Example
/// ```
/// use mcp_observe::{Usage, mcp_tool, record_usage};
/// # struct Answer { text: String, prompt_tokens: u64, completion_tokens: u64 }
/// # async fn ask_model(text: &str) -> Answer {
/// #     Answer { text: text.to_owned(), prompt_tokens: 812, completion_tokens: 64 }
/// # }
///
/// #[mcp_tool(tokens)]
/// async fn summarise(text: &str) -> String {
///     let answer = ask_model(text).await;
///     record_usage(Usage::new(answer.prompt_tokens, answer.completion_tokens));
///     answer.text
/// }
/// ```
pub fn record_usage(usage: Usage) {
    let tokens = usage.by_type();
    // A copy of the frame: what follows may run others' code, which may look at the frame.
    let Some(frame) = scope::snapshot() else {
        if Telemetry::installed().is_some() {
            tracing::debug!(
                target: "mcp_observe",
                "token usage was recorded outside of any tool, and is counted nowhere; \
                 in a task of its own, spawn `mcp_observe::carry(future)`"
            );
        }
        return;
    };
    if let Some(tally) = &frame.tally {
        tally.add(&tokens);
    }
    frame.account.charge(&frame.telemetry, &tokens);
}

#[cfg(test)]
mod tests {
    use super::{TokenType, Usage};

    #[test]
    fn parts_add_up_to_the_totals() {
        let tokens = Usage::new(100, 50)
            .cache_read(60)
            .cache_creation(30)
            .reasoning(20)
            .by_type();
        let parts = TokenType::ALL.map(|kind| tokens.get(kind));
        assert_eq!(parts, [10, 60, 30, 30, 20]);
        assert_eq!((tokens.all_input(), tokens.all_output()), (100, 50));
    }

    #[test]
    fn a_part_beyond_its_total_is_not_lost() {
        let tokens = Usage::new(10, 0).cache_read(60).reasoning(5).by_type();
        assert_eq!(
            TokenType::ALL.map(|kind| tokens.get(kind)),
            [0, 60, 0, 0, 5]
        );
    }
}
