use mcp_observe::mcp_tool;

#[mcp_tool(name = "get weather")]
async fn weather() {}

fn main() {}
