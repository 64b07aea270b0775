use mcp_observe::mcp_tool;

#[mcp_tool(name = "weather", buckets = [1], name = "weather")]
async fn weather() {}

fn main() {}
