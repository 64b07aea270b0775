use mcp_observe::mcp_tool;

#[mcp_tool(tokens = true)]
fn weather() {}

#[mcp_tool(tokens(input, output), name = "forecast")]
fn forecast() {}

#[mcp_tool(tokens, tokens)]
fn climate() {}

fn main() {}
