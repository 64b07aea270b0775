use mcp_observe::mcp_tool;

#[mcp_tool(buckets = 0.1)]
async fn weather() {}

fn main() {}
