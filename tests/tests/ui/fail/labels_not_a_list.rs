use mcp_observe::mcp_tool;

#[mcp_tool(labels = fast)]
fn weather(fast: bool) {}

fn main() {}
