use mcp_observe::mcp_tool;

#[mcp_tool(name = "weather" buckets = [1], unknown = 1)]
async fn weather() {}

fn main() {}
