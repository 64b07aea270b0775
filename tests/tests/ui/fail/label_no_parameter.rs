use mcp_observe::mcp_tool;

#[mcp_tool(labels(fats))]
fn weather(fast: bool) {}

fn main() {}
