use mcp_observe::mcp_tool;

#[mcp_tool(record_all)]
fn weather(#[record] _city: &str) {}

fn main() {}
