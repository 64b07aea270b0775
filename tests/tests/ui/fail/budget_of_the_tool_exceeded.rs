use mcp_observe::mcp_tool;

#[mcp_tool(budget = 100)]
fn weather() {}

fn main() {}
