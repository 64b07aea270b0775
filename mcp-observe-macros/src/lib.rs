//! The attribute macro of `mcp-observe`. Use it through that crate, which re-exports it and holds
//! everything that the expansion calls.
//!
//! Each macro has a module of its own; what they share is in `case` (serde's rename rules), `errors`
//! and `runtime` (the path to it).

#[expect(dead_code, reason = "the derives come next")]
mod case;
mod errors;
mod runtime;
mod tool;

/// Observes the calls of an MCP tool: one span, one duration, one count per call, however it ends.
///
/// Goes on async and sync functions and methods. In an rmcp `#[tool_router]` impl it stands
/// **above** `#[tool]`:
///
/// ```ignore
/// /// Current weather of a city.
/// #[mcp_tool(buckets = [0.05, 0.5, 5])]
/// #[tool(name = "get_weather")]
/// async fn weather(&self, Parameters(city): Parameters<City>) -> Result<String, Error> { todo!() }
/// ```
///
/// The function keeps its signature, its documentation and its lints: a direct caller or a unit
/// test notices nothing.
///
/// | argument | meaning | default |
/// | --- | --- | --- |
/// | `name = "…"` | the tool's name, 1 to 128 of `A-Z a-z 0-9 _ - . /` | the name in `#[tool(name = "…")]`, else that of the function |
/// | `buckets = [0.1, 1, 5]` | upper bounds of the duration histogram, in seconds, increasing | those of the runtime |
/// | `crate = path::to::mcp_observe` | where the runtime is, for crates that re-export it | `::mcp_observe` |
///
/// The **caller's context** is read from the first parameter of rmcp's type `RequestContext` or
/// `RequestMetaObject`. Outside rmcp, `#[meta]` marks the parameter that carries the request's
/// `_meta`; its type implements the runtime's carrier trait. The parameter is not consumed.
///
/// ```ignore
/// #[mcp_tool]
/// fn add(a: i64, b: i64, #[meta] meta: &serde_json::Map<String, Value>) -> i64 { todo!() }
/// ```
///
/// **Functions that return a future**: `fn … -> impl Future` is observed from the call of the
/// function to the end of its future; `fn … -> Pin<Box<dyn Future>>`, as `#[async_trait]` writes
/// it, when its last expression is `Box::pin(async move { … })`. Behind a type alias neither can be
/// recognised: write `async fn`.
#[proc_macro_attribute]
pub fn mcp_tool(
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    tool::expand(args.into(), &item.into()).into()
}
