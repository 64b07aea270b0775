//! Tells at compile time that `#[mcp_tool]` stands on the wrong side of rmcp's `#[tool]`.

/// Stands in where rmcp generated no `{function}_tool_attr`: the function is not below `#[tool]`.
#[derive(Debug)]
pub struct NotATool;

/// The type that `{function}_tool_attr` returns, where that is not rmcp's description of a tool.
#[diagnostic::on_unimplemented(
    message = "`#[mcp_tool]` must stand above `#[tool]`",
    label = "move `#[mcp_tool]` above the `#[tool]` attribute",
    note = "below it rmcp no longer finds the tool's description, and `#[mcp_tool]` cannot see its name"
)]
pub trait AboveTool {}

impl AboveTool for NotATool {}

/// Compiles only if the function is not below `#[tool]`.
pub fn assert_above_tool<R: AboveTool>(_: fn() -> R) {}
