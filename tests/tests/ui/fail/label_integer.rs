use mcp_observe::mcp_tool;

#[mcp_tool(labels(days: u32 = days))]
fn weather(days: u32) {}

fn main() {}
