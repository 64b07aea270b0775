//! Spans around the work of agents and the calls of models, by OpenTelemetry's GenAI conventions.
//!
//! * [`invoke_agent`]: an agent's work, so that the tool calls below it are one trace and no orphans.
//! * [`inference`]: a call of a model, where [`record_usage`](crate::record_usage) puts its tokens.
//!
//! A span starts when its work does, below the context that is current there, and is itself current
//! while the work is done, across `.await` as well. It ends with the work, however that ends: with
//! `error.type` and an error status if it is an `Err`, `cancelled` if its future was dropped, `panic` if
//! it panicked. What an error says is never recorded.
//!
//! A tool's function that an agent's work calls directly is a message of its own, as anywhere outside
//! of a tool.
//!
//! # Example
//! An agent that asks a model, and calls what the model wants.
//! ```
//! use mcp_observe::{Usage, gen_ai, record_usage};
//! # struct Answer { prompt_tokens: u64, completion_tokens: u64 }
//! # async fn ask(question: &str) -> Result<Answer, std::io::Error> {
//! #     Ok(Answer { prompt_tokens: 812, completion_tokens: 64 })
//! # }
//! # async fn call_tools(answer: &Answer) -> Result<(), std::io::Error> { Ok(()) }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), std::io::Error> {
//! gen_ai::invoke_agent("weather-assistant")
//!     .conversation_id("conv_5j66UpCpwteGg4YSxUnt7lPY")
//!     .run(async {
//!         let answer = gen_ai::inference("openai", "gpt-5-mini")
//!             .run(async {
//!                 let answer = ask("Do I need an umbrella in Lisbon?").await?;
//!                 record_usage(Usage::new(answer.prompt_tokens, answer.completion_tokens));
//!                 Ok::<_, std::io::Error>(answer)
//!             })
//!             .await?;
//!         call_tools(&answer).await
//!     })
//!     .await
//! # }
//! ```

mod agent;
mod inference;
mod span;

pub use agent::{InvokeAgent, invoke_agent};
pub use inference::{Inference, inference};
