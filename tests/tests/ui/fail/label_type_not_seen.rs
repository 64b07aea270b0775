use mcp_observe::mcp_tool;

#[mcp_tool(labels(fast = is_fast(days)))]
fn weather(days: u32) {}

fn main() {}
