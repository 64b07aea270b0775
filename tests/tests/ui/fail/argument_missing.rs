use mcp_observe::mcp_tool;

#[mcp_tool("weather")]
async fn weather() {}

fn main() {}
