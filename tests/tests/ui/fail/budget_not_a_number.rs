use mcp_observe::mcp_tool;

#[mcp_tool(budget = "many")]
fn weather() {}

fn main() {}
