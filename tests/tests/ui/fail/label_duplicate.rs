use mcp_observe::mcp_tool;

#[mcp_tool(labels(fast, fast: bool = !fast))]
fn weather(fast: bool) {}

fn main() {}
