use mcp_observe::mcp_tool;

#[mcp_tool(labels(fast: bool))]
fn weather(fast: bool) {}

fn main() {}
