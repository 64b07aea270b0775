use mcp_observe::mcp_tool;

#[mcp_tool(labels(city))]
fn weather(city: String) {}

fn main() {}
