use mcp_observe::mcp_tool;

#[mcp_tool]
fn weather(#[record] #[redact] _city: &str) {}

fn main() {}
