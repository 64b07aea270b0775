use mcp_observe::mcp_tool;

#[mcp_tool(nmae = "weather")]
async fn weather() {}

fn main() {}
